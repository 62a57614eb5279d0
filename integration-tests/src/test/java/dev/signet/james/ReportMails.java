// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import dev.signet.dmarc.AuthorHandling;
import dev.signet.dmarc.DmarcChecker;
import dev.signet.dmarc.DmarcDiscovery;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dmarc.LocalPolicy;
import dev.signet.dmarc.Sampler;
import dev.signet.dns.DnsjavaDns;
import dev.signet.inbound.Connection;
import dev.signet.inbound.InboundCheck;
import dev.signet.inbound.InboundOptions;
import dev.signet.report.AggregateReport;
import dev.signet.report.AggregateReportReader;
import dev.signet.report.FailureReport;
import dev.signet.report.MailedReport;
import dev.signet.report.ReadLimits;
import dev.signet.report.ReadReport;
import dev.signet.report.ReportMailReader;
import dev.signet.smtp.ReceivedMail;
import dev.signet.testing.LoopbackDns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** What a server that gets reports makes of them. */
final class ReportMails {

    private ReportMails() {}

    static boolean isReport(ReceivedMail mail) {
        return mail.message().contains("Subject: Report Domain: ");
    }

    static String messageId(ReceivedMail mail) {
        return mail.message().lines().filter(line -> line.startsWith("Message-ID: ")).findFirst().orElseThrow();
    }

    /** The report in it. */
    static AggregateReport read(ReceivedMail mail) throws IOException {
        String text = mail.message();
        String attachment = text.substring(text.indexOf("base64\r\n\r\n") + 10, text.lastIndexOf("\r\n--"));
        ReadReport read = new AggregateReportReader(ReadLimits.DEFAULT).read(new ByteArrayInputStream(Base64.getMimeDecoder().decode(attachment)));
        return switch (read) {
            case ReadReport.Sound(AggregateReport report, List<String> repairs) when repairs.isEmpty() -> report;
            case ReadReport.Sound(AggregateReport report, List<String> repairs) -> throw new AssertionError("needed repair: " + repairs);
            case ReadReport.Unreadable(ReadReport.Reason reason, String detail) -> throw new AssertionError(reason + ": " + detail);
        };
    }

    /** The failure report in it. */
    static FailureReport readFailure(ReceivedMail mail) throws IOException {
        byte[] bytes = mail.message().getBytes(StandardCharsets.ISO_8859_1);
        return switch (new ReportMailReader(ReadLimits.DEFAULT).read(new ByteArrayInputStream(bytes))) {
            case MailedReport.Failure(FailureReport report, List<String> repairs) when repairs.isEmpty() -> report;
            case MailedReport other -> throw new AssertionError("no failure report, or one that needed repair: " + other);
        };
    }

    /** What DMARC says of the mail that brings it, by its signatures alone, at a time. */
    static DmarcResult dmarc(ReceivedMail mail, LoopbackDns dns, Instant now) {
        DmarcChecker dmarc = new DmarcChecker(DmarcDiscovery.treeWalk(), LocalPolicy.NONE, Sampler.withoutLots(), AuthorHandling.STRICTEST);
        InboundCheck check = new InboundCheck(
                DnsjavaDns.onServers(List.of(dns.socketAddress()), Duration.ofSeconds(2), 2),
                InboundOptions.DEFAULT.withDmarc(Optional.of(dmarc)), Thread::startVirtualThread, InstantSource.fixed(now));
        return check.check(Connection.UNKNOWN, new ByteArrayInputStream(mail.message().getBytes(StandardCharsets.ISO_8859_1)))
                .dmarc()
                .orElseThrow();
    }
}
