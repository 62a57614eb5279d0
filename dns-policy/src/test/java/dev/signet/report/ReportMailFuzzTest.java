// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import static dev.signet.report.FailureReports.FIELDS;
import static dev.signet.report.FailureReports.ORIGINAL;
import static dev.signet.report.FailureReports.base64;
import static dev.signet.report.FailureReports.mail;
import static dev.signet.report.FailureReports.multipart;
import static dev.signet.report.FailureReports.part;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Drip;
import dev.signet.fuzz.Expect;
import dev.signet.fuzz.Words;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Any bytes as a mail that should bring a report. */
class ReportMailFuzzTest {

    private static final ReportMailReader READER = new ReportMailReader(new ReadLimits(1 << 16, 1 << 16, 200, 20, 50, 200, 8));
    private static final String XML = "<feedback><report_metadata><org_name>o</org_name><report_id>1</report_id><date_range><begin>1</begin><end>2</end></date_range>"
            + "</report_metadata><policy_published><domain>example.com</domain><p>none</p></policy_published><record><row><source_ip>192.0.2.1</source_ip>"
            + "<count>3</count><policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row>"
            + "<identifiers><header_from>example.com</header_from></identifiers></record></feedback>";

    static Stream<byte[]> mails() {
        byte[] xml = XML.getBytes(StandardCharsets.US_ASCII);
        return Corpus.of(
                ReportMailFuzzTest.class, "mails", mail(FIELDS), multipart("multipart/mixed", base64("application/gzip", Archives.gzip(xml))),
                multipart("multipart/mixed", base64("application/octet-stream", Archives.zip(xml, "r.xml"))), multipart("multipart/mixed", part("text/xml", XML)),
                mail("message/feedback-report", FIELDS, "text/rfc822-headers", ORIGINAL), "Content-Type: text/xml\r\n\r\n" + XML,
                multipart("multipart/mixed", part("text/xml\r\nContent-Transfer-Encoding: quoted-printable", XML.replace("=", "=3D"))));
    }

    @Words({
        "--b1", "--b1--", "\r\n", "\r\n\r\n", "Content-Type: multipart/mixed; boundary=b1", "Content-Type: message/feedback-report", "Content-Type: message/rfc822",
        "Content-Type: application/gzip", "Content-Transfer-Encoding: base64", "quoted-printable", "x-uuencode", "=3D", "=\r\n", "; charset=", "boundary*0=", "(", "\""})
    @MethodSource
    @FuzzTest
    void mails(byte[] mail) {
        List<MailedReport> results = Drip.both(mail).map(in -> read(in)).toList();
        Expect.that(results.getFirst().equals(results.getLast()), () -> "it depends on the pieces: " + results);
        switch (results.getFirst()) {
            case MailedReport.Aggregate(AggregateReport report, List<String> repairs) -> assertPresentable(repairs);
            case MailedReport.Failure(FailureReport report, List<String> repairs) -> {
                assertPresentable(repairs);
                FailureReportFuzzTest.assertBounded(report);
            }
            case MailedReport.Unreadable(ReadReport.Reason reason, String detail) -> {
                Expect.that(reason != ReadReport.Reason.SURPRISE, () -> detail);
                Expect.presentable(detail, 2000);
            }
        }
    }

    private static void assertPresentable(List<String> repairs) {
        Expect.that(repairs.size() <= 50, () -> repairs);
        repairs.forEach(repair -> Expect.presentable(repair, 2000));
    }

    private static MailedReport read(InputStream in) {
        try {
            return READER.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
