// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportKindTest {

    /** RFC 9990 §3.5.2 has 1*FWS between the words, and gateways put words in front. */
    @ParameterizedTest
    @ValueSource(strings = {
        "Report Domain: example.com Submitter: receiver.example Report-ID: <1>",
        "Report domain: example.com",
        "REPORT DOMAIN:example.com",
        "Report  Domain: example.com",
        "Report\r\n Domain: example.com",
        "Report\r\n\tDomain: example.com",
        " Report Domain: example.com",
        "[Preview] Report Domain: example.com",
        "FW: Report Domain: example.com"
    })
    void hostileCase30AReportIsKnownByItsSubject(String subject) {
        assertThat(ReportKind.isReport(subject, "")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "multipart/report; report-type=feedback-report; boundary=b",
        "Multipart/Report;\r\n boundary=b;\r\n report-type=Feedback-Report",
        "application/gzip; name=\"receiver.example!example.com!1795305600!1795391999.xml.gz\"",
        "application/gzip;\r\n\tname=receiver.example!example.com!1795305600!1795391999!0af9.xml.gz",
        "application/zip; NAME=\"receiver.example!example.com!1795305600!1795391999.ZIP\"",
        "text/xml; charset=UTF-8; name=receiver.example!example.com!1795305600!1795391999.xml"
    })
    void hostileCase30AReportIsKnownByItsContentType(String type) {
        assertThat(ReportKind.isReport("", type)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Report", "Domain: example.com", "Report: Domain", "Reports Domain: x", "a newsreport domain: x", "Report your domain: now"})
    void otherMailIsNone(String subject) {
        assertThat(ReportKind.isReport(subject, "text/plain; name=\"wow!so!2!3\"")).isFalse();
        assertThat(ReportKind.isReport(subject, "multipart/report; report-type=delivery-status")).isFalse();
        assertThat(ReportKind.isReport(subject, "application/gzip; name=\"a!b!c!d.xml.gz\"")).isFalse();
    }

    /** In time that grows with its length alone: the time limit of the build is the only one. */
    @Test
    void aFieldOfAMegabyteIsNoBurden() {
        assertThat(ReportKind.isReport("report ".repeat(150_000), "x; " + "name=".repeat(200_000) + "!")).isFalse();
        assertThat(ReportKind.isReport("report" + " ".repeat(1_000_000), "x; name=" + "a!1!".repeat(250_000))).isFalse();
    }
}
