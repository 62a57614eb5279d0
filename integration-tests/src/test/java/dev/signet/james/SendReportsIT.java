// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.DomainName;
import dev.signet.interop.MailDmarc;
import dev.signet.interop.SignetJar;
import dev.signet.interop.Tools;
import dev.signet.report.AggregateReport;
import dev.signet.report.ReportRow;
import dev.signet.scenario.SigningDomain;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.ReceivedMail;
import dev.signet.smtp.SmtpClient;
import dev.signet.smtp.SmtpSink;
import dev.signet.testing.LoopbackDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Mail for two days on a real James 3.8, whose clock goes on when it is told to, and the reports about them. */
@Timeout(240)
class SendReportsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String USER = "bob@" + JamesInstall.DOMAIN;

    private final SigningDomain home = SigningDomain.create(JamesInstall.DOMAIN);
    private final LocalDate first = LocalDate.now(ZoneOffset.UTC).plusDays(1);

    @TempDir
    private static Path scripts;

    private static Instant noon(LocalDate day) {
        return day.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC);
    }

    @Test
    void eachDayIsReportedOnInMailThatPassesDmarcAndThatOthersRead() throws Exception {
        Tools.assume("libfaketime", FakeTime.missing());
        Tools.assume("Mail::DMARC", MailDmarc.missing());
        try (LoopbackDns dns = LoopbackDns.start(); SmtpSink outside = SmtpSink.start(); MailDmarc perl = MailDmarc.start(scripts)) {
            home.publishIn(dns);
            dns.txt("_dmarc." + JamesInstall.DOMAIN, "v=DMARC1; p=reject; adkim=s")
                    .txt("_dmarc.one.example", "v=DMARC1; p=none; rua=mailto:r@one.example")
                    .txt("_dmarc.two.example", "v=DMARC1; p=quarantine; rua=mailto:two@reader.example.net,mailto:nobody@asked.example.org")
                    .txt("two.example._report._dmarc.reader.example.net", "v=DMARC1")
                    .txt("_dmarc.forged.example", "v=DMARC1; p=reject; rua=mailto:r@forged.example");
            JamesInstall install = ReportingJames.layOut("james-3.8-send-reports", dns, outside, home,
                    // Mail::DMARC knows no namespace, which RFC 9990 wants. KilledNodesIT has reports of that kind.
                    Map.of("reports.format", "rfc7489"));
            FakeTime time = new FakeTime(install.directory().resolve("time"));
            time.set(noon(first));
            try (JamesProcess james = JamesProcess.start(install, "256m", time.environment())) {
                new WebAdmin(install.ports().webAdmin()).addUser(new Account(USER, "secret"));
                send(install, "192.0.2.1", "one.example", 3);
                send(install, "192.0.2.2", "one.example", 1);
                send(install, "192.0.2.3", "two.example", 2);
                send(install, "192.0.2.4", "forged.example", 2);
                ReportingJames.awaitCounted(install, 8, first);

                time.set(noon(first.plusDays(1)));
                ReceivedMail one = await(outside, "r@one.example", first);
                ReceivedMail two = await(outside, "two@reader.example.net", first);
                // Not before: now it is the next day for James, too.
                send(install, "2001:db8::1", "one.example", 1);
                ReportingJames.awaitCounted(install, 1, first.plusDays(1));

                assertThat(rows(one)).containsExactly("192.0.2.1 3 none", "192.0.2.2 1 none");
                assertThat(rows(two)).containsExactly("192.0.2.3 2 quarantine");
                for (ReceivedMail mail : List.of(one, two)) {
                    DmarcResult dmarc = ReportMails.dmarc(mail, dns, noon(first.plusDays(1)));
                    assertThat(dmarc.status()).as(dmarc.reason()).isEqualTo(DmarcResult.Status.PASS);
                    assertThat(dmarc.alignedDkim()).contains(DomainName.of(JamesInstall.DOMAIN));
                    assertThat(mail.envelope().sender()).matches("dmarc\\+[0-9a-f]{20}@home\\.example");
                    assertThat(mail.envelope().recipients()).hasSize(1);
                    assertThat(mail.message()).contains("\r\nFrom: dmarc@home.example\r\n", "\r\nAuto-Submitted: auto-generated\r\n");
                }
                AggregateReport report = ReportMails.read(one);
                assertThat(perl.read(one.message())).isEqualTo(String.join(" ", "aggregate one.example", report.metadata().reportId(),
                        Long.toString(report.metadata().begin().getEpochSecond()), Long.toString(report.metadata().end().getEpochSecond()),
                        "192.0.2.1=3/none/fail/fail/one.example", "192.0.2.2=1/none/fail/fail/one.example"));

                time.set(first.plusDays(2).atTime(0, 5).toInstant(ZoneOffset.UTC));
                String day = first.plusDays(1).toString();
                String database = install.directory().resolve("var/signet/reports").toString();
                String dryRun;
                do {
                    // James sees the new time within a second: libfaketime looks for it no more often.
                    dryRun = SignetJar.run("report", "send", "--database", database, "--day", day, "--dry-run");
                } while (dryRun.startsWith(day + " is not over in UTC"));
                assertThat(dryRun).isEqualTo("one.example (1 messages): to r@one.example, the policy domain itself\n");
                assertThat(SignetJar.run("report", "send", "--database", database, "--day", day))
                        .isEqualTo("one.example: sent to r@one.example (1 messages)\n");
                assertThat(rows(await(outside, "r@one.example", first.plusDays(1)))).containsExactly("2001:db8::1 1 none");

                // Its own window opens: nothing goes out twice, and nothing that was forged, or not asked for.
                time.set(noon(first.plusDays(2)));
                assertThat(SignetJar.run("report", "send", "--database", database, "--day", first.toString()).lines()).containsExactly(
                        "forged.example: none, only mail that was refused, or reports",
                        "one.example: sent to r@one.example (4 messages)",
                        "two.example: sent to two@reader.example.net (2 messages); not to mailto:nobody@asked.example.org, external, and no "
                                + "DMARC record at two.example._report._dmarc.asked.example.org");
                assertThat(outside.received()).hasSize(3);
                assertThat(james.isAlive()).isTrue();
            }
        }
    }

    private static void send(JamesInstall install, String client, String author, int count) throws IOException {
        try (SmtpClient smtp = SmtpClient.connectAs(install.ports().proxiedMx(), client)) {
            smtp.ehlo("sender.example");
            for (int i = 0; i < count; i++) {
                String message = "From: ceo@" + author + "\r\nMessage-ID: <" + i + "@sender.example>\r\n\r\nPay at once.\r\n";
                smtp.send(new Envelope("somebody@sender.example", USER), message);
            }
        }
    }

    private static ReceivedMail await(SmtpSink outside, String to, LocalDate day) throws Exception {
        String begin = "!" + day.atStartOfDay(ZoneOffset.UTC).toEpochSecond() + "!";
        return outside.await(mail -> mail.envelope().recipients().contains(to) && mail.message().contains(begin), PATIENCE);
    }

    private static List<String> rows(ReceivedMail mail) throws IOException {
        return ReportMails.read(mail).rows().stream().map(SendReportsIT::row).sorted().collect(Collectors.toList());
    }

    private static String row(ReportRow row) {
        return InetAddresses.toAddrString(row.observation().source()) + " " + row.count() + " " + row.observation().action().word();
    }
}
