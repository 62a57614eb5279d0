// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.dkim.DkimFailure;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.DomainName;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Expect;
import dev.signet.fuzz.Words;
import dev.signet.message.HeaderBlock;
import dev.signet.message.MessageLimits;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Failure reports as they are read, and as we write them of messages that a stranger made up. */
class FailureReportFuzzTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final DmarcResult REFUSED =
            FailureReportWriterTest.dmarc(DmarcResult.Status.FAIL, "p=reject; ruf=mailto:ruf@example.com; fo=1", false, false, Disposition.REJECT);
    private static final FailureReportWriter WRITER = new FailureReportWriter(
            new Reporter(DomainName.of("mx.home.example"), "Home", "dmarc@home.example", "", "Signet/1"), new byte[32]);
    private static final String REST_OF_FIRST = "\r\n\r\n";

    static Stream<byte[]> feedback() {
        return Corpus.of(
                FailureReportFuzzTest.class, "feedback", FailureReports.FIELDS + "\r\n" + FailureReports.ORIGINAL,
                "Feedback-Type: auth-failure\n\nFrom: a@x.test\r\n\r\n", "Feedback-Type: auth-failure\r\nSource-IP: x [IPv6:2001:db8::1]\r\nReceived-Date: Mon, 23 Nov 2026 12:00:00 GMT (x)\r\n\r\n");
    }

    /** The fields of the report, an empty line, and the message that it is about. */
    @Words({
        "Feedback-Type: auth-failure", "Auth-Failure: ", "Reported-Domain: ", "Source-IP: ", "[IPv6:", "Arrival-Date: ", "Mon, 23 Nov 2026 12:00:00 +0000", "Identity-Alignment: ", "dkim", "spf",
        "none", "Original-Mail-From: <", "Incidents: ", "Authentication-Results: x.test; dmarc=fail header.from=", "From: ", "\r\n", "\r\n\r\n", "example.com"})
    @MethodSource
    @FuzzTest
    void feedback(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf(REST_OF_FIRST);
        Optional<byte[]> original =
                end < 0 ? Optional.empty() : Optional.of(text.substring(end + REST_OF_FIRST.length()).getBytes(StandardCharsets.ISO_8859_1));
        try {
            MailedReport.Failure read = FailureReportReader.read(text.substring(0, end < 0 ? text.length() : end).getBytes(StandardCharsets.ISO_8859_1), original);
            Expect.that(read.repairs().size() <= 50, () -> read);
            read.repairs().forEach(repair -> Expect.presentable(repair, 2000));
            assertBounded(read.report());
            assertReadTheSame(read.report());
        } catch (Unusable e) {
            Expect.that(e.result().reason() != ReadReport.Reason.SURPRISE, e::result);
            Expect.presentable(e.result().detail(), 2000);
        }
    }

    static void assertBounded(FailureReport report) {
        Expect.that(report.incidents() >= 1 && report.incidents() < 1_000_000_000, () -> report);
        Stream.of(report.failure(), report.deliveryResult(), report.envelopeFrom(), report.dkimDomain(), report.dkimSelector(), report.generator())
                .forEach(value -> Expect.that(value.length() <= 253, () -> report));
    }

    /** What was understood, written down without its disorder, is the same report. */
    private static void assertReadTheSame(FailureReport report) throws Unusable {
        String fields = Stream.of(
                        "Feedback-Type: auth-failure", "Auth-Failure: " + report.failure(), "Reported-Domain: " + report.domain(),
                        "Source-IP: " + report.source().map(InetAddress::getHostAddress).orElse(""),
                        "Arrival-Date: " + report.arrived().map(time -> DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC))).orElse(""),
                        report.unaligned().map(FailureReportFuzzTest::identityAlignment).orElse("X: "),
                        "Delivery-Result: " + report.deliveryResult(), "Original-Mail-From: <x@" + report.envelopeFrom() + ">", "DKIM-Domain: " + report.dkimDomain(),
                        "DKIM-Selector: " + report.dkimSelector(), "Incidents: " + report.incidents(), "User-Agent: " + report.generator())
                .map(field -> field + "\r\n")
                .collect(Collectors.joining());
        boolean strange = Stream.of(report.failure(), report.deliveryResult(), report.dkimDomain(), report.dkimSelector(), report.generator())
                .anyMatch(value -> !value.equals(value.strip()) || value.chars().anyMatch(c -> c < ' '));
        if (!strange && DomainName.parse(report.envelopeFrom()).isPresent()) {
            FailureReport again = FailureReportReader.read(fields.getBytes(StandardCharsets.ISO_8859_1), Optional.empty()).report();
            Expect.that(again.equals(report), () -> again + " after " + report);
        }
    }

    private static String identityAlignment(Set<FailureReport.Mechanism> unaligned) {
        String words = unaligned.stream().map(word -> word.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(","));
        return "Identity-Alignment: " + (words.isEmpty() ? "none" : words);
    }

    static Stream<byte[]> written() {
        return Corpus.of(
                FailureReportFuzzTest.class, "written", "a@example.com|s1|the reason|From: \"x\" <a@news.example.com>\r\nSubject: x\r\nDKIM-Signature: v=1; i=a@b; z=x\r\n",
                "|s\"(|\u00e9\0|Received: from x by y; z\r\nTo: g: a@b, c@d;\r\nReply-To: <\r\n", "\"a b\"@x|||Message-ID: <1@x\r\nDate: x (y)\r\nList-Id: a <b.c>\r\n");
    }

    /** The envelope sender, a selector, a reason, and the header of the message: all a stranger's. */
    @Words({"|", "@example.com", "From: ", "Received: from ", " by ", "DKIM-Signature: v=1; ", "Message-ID: <", "To: ", "Subject: ", "\r\n", "--", "\r\n ", "\"", "(", "<", ">"})
    @MethodSource
    @FuzzTest
    void written(byte[] bytes) throws UnknownHostException {
        String[] parts = (new String(bytes, StandardCharsets.ISO_8859_1) + "||||").split("\\|", 5);
        byte[] block = parts[3].getBytes(StandardCharsets.ISO_8859_1);
        DkimResult signature =
                new DkimResult(DkimState.FAIL, parts[2], DomainName.of("news.example.com"), parts[1], parts[0], "rsa-sha256", 2048, "abc", false, null, DkimFailure.OTHER);
        Delivery delivery = new Delivery(NOW, InetAddress.getByName("192.0.2.66"), parts[0], Optional.empty(), false);
        FailedMessage message = new FailedMessage(
                delivery, parts[2], REFUSED, List.of(signature), Optional.empty(), HeaderBlock.parse(block, block.length, MessageLimits.DEFAULT),
                Optional.of(ActionTaken.REJECT));
        byte[] mail = WRITER.write(message, 7, Optional.empty(), "ruf@example.com", NOW);
        assertThat(FailureReports.read(mail)).isInstanceOfSatisfying(MailedReport.Failure.class, read -> {
            assertThat(read.report().domain()).hasToString("news.example.com");
            assertThat(read.report().incidents()).isEqualTo(7);
            assertThat(read.report().source()).map(InetAddress::getHostAddress).hasValue("192.0.2.66");
        });
        String text = new String(mail, StandardCharsets.ISO_8859_1);
        assertThat(text.lines()).allMatch(line -> line.length() < 998);
        assertThat(text.replace("\r\n", "")).doesNotContain("\r", "\n", "\0");
    }
}
