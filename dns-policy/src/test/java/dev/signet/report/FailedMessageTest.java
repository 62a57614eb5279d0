// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dkim.DkimFailure;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.DomainName;
import dev.signet.message.HeaderBlock;
import dev.signet.message.MessageLimits;
import dev.signet.spf.SpfIdentity;
import dev.signet.spf.SpfResult;
import dev.signet.spf.SpfStep;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Who is told of what (RFC 9989 §4.7, fo), and of which mail nobody is. */
class FailedMessageTest {

    private static boolean isWanted(String record, DmarcResult.Status status, String dkim, String spf) {
        boolean dkimAligned = dkim.equals("aligned");
        boolean spfAligned = spf.equals("aligned");
        List<DkimResult> signatures = dkim.equals("none") || dkimAligned
                ? List.of()
                : List.of(new DkimResult(DkimState.valueOf(dkim), "why", DomainName.of("other.example"), "s", null, null, 0, null, false, null, DkimFailure.OTHER));
        Optional<SpfResult> sender = spfAligned
                ? Optional.empty()
                : Optional.of(new SpfResult(SpfResult.State.valueOf(spf), SpfIdentity.MAIL_FROM, "", DomainName.of("other.example"), null, null, 0, null, "", new SpfStep("", "", 0, List.of())));
        return FailedMessage.isWanted(
                FailureReportWriterTest.dmarc(status, record, dkimAligned, spfAligned, Disposition.NONE), signatures, sender);
    }

    @ParameterizedTest
    @CsvSource({
        // Nothing passed aligned.
        "0, FAIL, none, NONE, true", "1, FAIL, none, NONE, true", "d, FAIL, none, NONE, false", "s, FAIL, none, NONE, false",
        // One of the two did.
        "0, PASS, aligned, NONE, false", "1, PASS, aligned, NONE, true", "1, PASS, none, aligned, true", "0, PASS, none, aligned, false",
        // Both did.
        "1, PASS, aligned, aligned, false", "d:s, PASS, aligned, aligned, false",
        // What failed, aligned or not.
        "d, PASS, FAIL, aligned, true", "d, PASS, PERMERROR, aligned, true", "d, PASS, TEMPERROR, aligned, false", "d, FAIL, PASS, FAIL, false",
        "s, PASS, aligned, SOFTFAIL, true", "s, PASS, aligned, FAIL, true", "s, PASS, aligned, NEUTRAL, false", "d:s, FAIL, none, FAIL, true",
        // A default, and what nobody knows.
        "'', FAIL, none, NONE, true", "x, PASS, aligned, NONE, false",
        // What the DNS left open has not failed, and without a policy nobody asked.
        "1, TEMPERROR, none, NONE, false", "1:d:s, TEMPERROR, FAIL, FAIL, false", "1, PERMERROR, none, NONE, false", "1, NONE, none, NONE, false"
    })
    void foDecides(String fo, DmarcResult.Status status, String dkim, String spf, boolean wanted) {
        assertThat(isWanted("p=reject; ruf=mailto:f@example.com; fo=" + fo, status, dkim, spf)).isEqualTo(wanted);
        assertThat(isWanted("p=reject; rua=mailto:f@example.com; fo=" + fo, status, dkim, spf)).as("without ruf").isFalse();
        assertThat(isWanted("p=reject; psd=y; ruf=mailto:f@example.com; fo=" + fo, status, dkim, spf)).as("of a public suffix").isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Auto-Submitted: auto-replied", "auto-submitted : Auto-Generated (rejected)", "Auto-Submitted:auto-notified; x=y",
        "Content-Type: multipart/report; report-type=delivery-status", "Content-Type: MULTIPART/REPORT;\r\n report-type=feedback-report",
        "Subject: Report Domain: example.com Submitter: r.example Report-ID: <1>", "Precedence: junk", "Precedence: Bulk"
    })
    void mailOfMachinesIsNeverReported(String field) {
        assertThat(AutomaticMail.reason(header(field), "a@example.com")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Subject: dinner", "Auto-Submitted: no", "Auto-Submitted: No (a comment)", "Precedence: list", "Content-Type: multipart/mixed; boundary=multipart/report"})
    void mailOfPeopleMayBe(String field) {
        assertThat(AutomaticMail.reason(header(field), "a@example.com")).isEmpty();
        assertThat(AutomaticMail.reason(header(field), "")).contains("a null sender");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAILER-DAEMON@a.example", "noreply@a.example", "No-Reply+123@a.example", "do_not_reply@a.example", "donotreply@a.example"})
    void hostileCase30NoReportOnMailOfAnUnattendedSender(String mailFrom) {
        assertThat(AutomaticMail.reason(header("Subject: dinner"), mailFrom)).contains("an unattended sender");
        assertThat(AutomaticMail.reason(header("Subject: dinner"), "my" + mailFrom)).isEmpty();
    }

    private static HeaderBlock header(String field) {
        byte[] bytes = ("From: a@example.com\r\n" + field).getBytes(StandardCharsets.ISO_8859_1);
        return HeaderBlock.parse(bytes, bytes.length, MessageLimits.DEFAULT);
    }
}
