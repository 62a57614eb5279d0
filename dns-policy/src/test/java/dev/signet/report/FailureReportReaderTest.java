// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import static dev.signet.report.FailureReports.FIELDS;
import static dev.signet.report.FailureReports.ORIGINAL;
import static dev.signet.report.FailureReports.base64;
import static dev.signet.report.FailureReports.mail;
import static dev.signet.report.FailureReports.multipart;
import static dev.signet.report.FailureReports.part;
import static dev.signet.report.FailureReports.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.signet.dns.DomainName;
import dev.signet.report.FailureReport.Mechanism;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The dialects of failure reports; what is beyond them stands in {@link ReportMailReaderTest}. */
class FailureReportReaderTest {

    private static MailedReport.Failure sound(String mail) {
        assertThat(read(mail)).isInstanceOf(MailedReport.Failure.class);
        return (MailedReport.Failure) read(mail);
    }

    @Test
    void aReportOfTheBookIsReadWithoutRepairs() throws Exception {
        MailedReport.Failure failure = sound(mail(FIELDS));

        assertThat(failure.repairs()).isEmpty();
        assertThat(failure.report()).isEqualTo(new FailureReport(
                "dmarc",
                DomainName.of("example.com"),
                Optional.of(InetAddress.getByName("192.0.2.7")),
                Optional.of(Instant.parse("2026-11-23T12:00:00Z")),
                Optional.of(Set.of(Mechanism.DKIM, Mechanism.SPF)),
                "delivered",
                "news.example.com",
                "example.com",
                "s1",
                3,
                "Filter/1.2"));
    }

    /** All tell of the same domain and failure. */
    @TestFactory
    Stream<DynamicTest> aDialectIsUnderstood() {
        Map<String, String> mails = new LinkedHashMap<>();
        mails.put("headers only", mail("message/feedback-report", FIELDS, "text/rfc822-headers", ORIGINAL.substring(0, 40)));
        mails.put("no message", multipart("multipart/report", part("text/plain", "?"), part("message/feedback-report", FIELDS)));
        mails.put("multipart/mixed", mail(FIELDS).replace("multipart/report; report-type=feedback-report", "multipart/mixed"));
        mails.put("base64", multipart("multipart/report", base64("message/feedback-report", FIELDS.getBytes(StandardCharsets.US_ASCII))));
        mails.put("line ends of Unix", mail(FIELDS).replace("\r\n", "\n"));
        mails.put("an empty line in front", mail("\r\n" + FIELDS));
        mails.put("folded", mail(FIELDS.replace("Identity-Alignment: dkim, spf", "Identity-Alignment: dkim,\r\n\tspf")));
        mails.put("upper case", mail(FIELDS.replace("Feedback-Type: auth-failure", "FEEDBACK-TYPE: Auth-Failure").replace("Auth-Failure: dmarc", "auth-failure: DMARC")));
        mails.put("other signs between words", mail(FIELDS.replace("dkim, spf", "spf;dkim")));
        mails.put("no Reported-Domain, told by DMARC's result", mail(FIELDS.replace("Reported-Domain: example.com\r\n", "")));
        mails.put("no Reported-Domain, told by From", mail(FIELDS.replace("Reported-Domain: example.com\r\n", "").replaceAll("Authentication-Results.*\r\n", "")));
        mails.put("no Auth-Failure", mail(FIELDS.replace("Auth-Failure: dmarc\r\n", "")));
        mails.put("the same twice", mail(FIELDS + "Reported-Domain: example.com\r\n"));
        mails.put("unknown fields", mail(FIELDS + "X-Score: 9\r\nno field at all\r\n"));
        mails.put("an address literal", mail(FIELDS.replace("192.0.2.7", "mail.example.net [192.0.2.7]")));
        mails.put("a date with a comment", mail(FIELDS.replace("+0100", "+0100 (CET)").replace("Arrival-Date", "Received-Date")));
        return mails.entrySet().stream().map(entry -> dynamicTest(entry.getKey(), () -> {
            FailureReport report = sound(entry.getValue()).report();
            assertThat(report.failure()).isEqualTo("dmarc");
            assertThat(report.domain()).hasToString("example.com");
            assertThat(report.source()).contains(InetAddress.getByName("192.0.2.7"));
            assertThat(report.arrived()).contains(Instant.parse("2026-11-23T12:00:00Z"));
            assertThat(report.unaligned()).contains(Set.of(Mechanism.DKIM, Mechanism.SPF));
            assertThat(report.incidents()).isEqualTo(3);
        }));
    }

    @Test
    void whatIsRepairedIsSaid() {
        assertThat(sound(mail(FIELDS.replace("192.0.2.7", "unknown"))).repairs()).containsExactly("Source-IP is no address");
        assertThat(sound(mail(FIELDS.replaceAll("Source-IP.*\r\n", ""))).repairs()).containsExactly("no Source-IP");
        assertThat(sound(mail(FIELDS.replace("Mon, 23 Nov", "today"))).repairs()).containsExactly("Arrival-Date is no date");
        assertThat(sound(mail(FIELDS.replace("dkim, spf", "dkim, sender-id"))).repairs()).containsExactly("unknown word in Identity-Alignment: sender-id");
        assertThat(sound(mail(FIELDS.replaceAll("Identity-Alignment.*\r\n", ""))).repairs()).containsExactly("no Identity-Alignment");
        assertThat(sound(mail(FIELDS.replace("Reported-Domain: example.com\r\n", ""))).repairs()).containsExactly("no Reported-Domain");
    }

    @Test
    void whatIsNotToldHasNotPassed() {
        assertThat(sound(mail(FIELDS.replace("dkim, spf", "none"))).report().aligned(Mechanism.SPF)).contains(true);
        assertThat(sound(mail(FIELDS.replace("dkim, spf", "dkim"))).report().aligned(Mechanism.SPF)).contains(true);
        assertThat(sound(mail(FIELDS.replace("dkim, spf", "dkim"))).report().aligned(Mechanism.DKIM)).contains(false);
        for (String untold : List.of("Identity-Alignment: \r\n", "Identity-Alignment: sender-id\r\n", "")) {
            FailureReport report = sound(mail(FIELDS.replaceAll("Identity-Alignment.*\r\n", untold))).report();
            assertThat(report.unaligned()).describedAs(untold).isEmpty();
            assertThat(report.aligned(Mechanism.DKIM)).describedAs(untold).isEmpty();
        }
    }

    @Test
    void ofAnAddressOnlyTheDomainIsKept() {
        MailedReport.Failure failure = sound(mail(FIELDS.replace("<bounces@news.example.com>", "\"bounces of alice\"@news.example.com")));
        assertThat(failure.report().toString()).contains("news.example.com").doesNotContain("alice", "bounces", "bob", "dinner", "hungry");
    }

    @Test
    void strangersTextIsShort() {
        FailureReport report = sound(mail(FIELDS.replace("Filter/1.2", "x".repeat(10_000)).replace("s1", "y".repeat(10_000)))).report();
        assertThat(report.generator()).hasSize(253);
        assertThat(report.dkimSelector()).hasSize(253);
    }
}
