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
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.signet.fuzz.Drip;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

class ReportMailReaderTest {

    private static final byte[] XML = xml();
    private static final String HTML = part("text/html", "<html><body>A report.</body></html>\r\n");
    private static final String PICTURE = base64("image/png", new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});

    private static byte[] xml() {
        try {
            return ReportFiles.dialect("rfc7489.xml");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** However the report is attached. */
    @TestFactory
    Stream<DynamicTest> anAggregateReportIsFound() throws IOException {
        byte[] gzip = Archives.gzip(XML);
        byte[] zip = Archives.zip(XML, "r.xml");
        Map<String, String> mails = new LinkedHashMap<>();
        mails.put("gzip, RFC 9990", multipart("multipart/mixed", part("text/plain", "A report."), base64("application/gzip; name=\"a!b!1!2.xml.gz\"", gzip)));
        mails.put("x-gzip", multipart("multipart/mixed", base64("application/x-gzip", gzip)));
        mails.put("zip", multipart("multipart/mixed", part("text/plain", "A report."), base64("application/zip", zip)));
        mails.put("x-zip-compressed", multipart("multipart/mixed", base64("application/x-zip-compressed", zip)));
        mails.put("octet-stream with a name", multipart("multipart/mixed", base64("application/octet-stream; name=report.zip", zip)));
        mails.put("zip that says gzip", multipart("multipart/mixed", base64("application/gzip", zip)));
        mails.put("a type that is none", multipart("multipart/mixed", base64("application-x-gzip", gzip)));
        mails.put("text/xml", multipart("multipart/mixed", part("text/xml; charset=UTF-8", text(XML))));
        mails.put("text/plain", multipart("multipart/mixed", part("text/plain", text(XML))));
        mails.put("quoted-printable", multipart("multipart/mixed", part("application/xml\r\nContent-Transfer-Encoding: quoted-printable", text(XML).replace("=", "=3D"))));
        mails.put("octet-stream, UTF-16", multipart("multipart/mixed", base64("application/octet-stream", ReportFiles.dialect("utf-16.xml"))));
        mails.put("the whole mail", "From: r@receiver.example\r\nContent-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + Base64.getMimeEncoder().encodeToString(gzip) + "\r\n");
        mails.put("no MIME at all", "From: r@receiver.example\r\n\r\n" + text(XML));
        mails.put("nested, behind a picture and HTML", multipart("multipart/mixed",
                "--b1\r\nContent-Type: multipart/related; boundary=b2\r\n\r\n" + (HTML + PICTURE).replace("--b1", "--b2")
                        + base64("application/zip", zip).replace("--b1", "--b2") + "--b2--\r\n",
                part("text/plain", "A footer of a list.\r\n")));
        mails.put("no last boundary", multipart("multipart/mixed", base64("application/gzip", gzip)).replace("--b1--\r\n", ""));
        mails.put("line ends of Unix", multipart("multipart/mixed", base64("application/gzip", gzip)).replace("\r\n", "\n"));
        mails.put("beside a broken one", multipart("multipart/mixed", base64("application/gzip", Arrays.copyOf(gzip, 40)), base64("application/gzip", gzip)));
        return mails.entrySet().stream().map(entry -> dynamicTest(entry.getKey(), () -> {
            assertThat(read(entry.getValue())).isInstanceOf(MailedReport.Aggregate.class);
            AggregateReport report = ((MailedReport.Aggregate) read(entry.getValue())).report();
            assertThat(report.policy().domain()).hasToString("example.com");
            assertThat(report.messages()).isEqualTo(3);
        }));
    }

    /** Each key begins with the reason that is expected; hostile case 28, with the mail around it. */
    @TestFactory
    Stream<DynamicTest> hostileCase28AMalformedReportMailEndsWithItsReason() throws IOException {
        Map<String, byte[]> corpus = corpus();
        System.out.println("Malformed report mails, each with its reason: " + corpus.size());
        assertThat(corpus).hasSizeGreaterThanOrEqualTo(100);
        return corpus.entrySet().stream().map(entry -> dynamicTest(entry.getKey(), () -> {
            assertThat(read(entry.getValue())).isInstanceOf(MailedReport.Unreadable.class);
            MailedReport.Unreadable unreadable = (MailedReport.Unreadable) read(entry.getValue());
            assertThat(unreadable.reason()).describedAs(unreadable.detail()).hasToString(entry.getKey().substring(0, entry.getKey().indexOf('.')));
            assertThat(unreadable.detail()).isNotBlank().matches("[\\x20-\\x7E]{1,500}");
        }));
    }

    @Test
    void everyReasonButASurpriseHasAMalformedMail() throws IOException {
        Set<ReadReport.Reason> reasons = EnumSet.noneOf(ReadReport.Reason.class);
        corpus().keySet().forEach(name -> reasons.add(ReadReport.Reason.valueOf(name.substring(0, name.indexOf('.')))));
        assertThat(reasons).isEqualTo(EnumSet.complementOf(EnumSet.of(ReadReport.Reason.SURPRISE)));
    }

    private static Map<String, byte[]> corpus() throws IOException {
        Map<String, byte[]> corpus = new LinkedHashMap<>();
        ReportFiles.malformed().forEach((name, file) -> corpus.put(
                name + "-in-a-mail", multipart("multipart/mixed", base64("application/gzip", file)).getBytes(StandardCharsets.ISO_8859_1)));
        // A multiple of what may be, in which nothing is found.
        corpus.put("FILE_TOO_LARGE.a-mail-of-40-megabytes", multipart("multipart/mixed", part("text/plain", "A line of text.\r\n".repeat(40 << 16)))
                .getBytes(StandardCharsets.ISO_8859_1));
        mails().forEach((name, mail) -> corpus.put(name, mail.getBytes(StandardCharsets.ISO_8859_1)));
        return corpus;
    }

    private static Map<String, String> mails() throws IOException {
        byte[] gzip = Archives.gzip(XML);
        Map<String, String> mails = new LinkedHashMap<>();
        mails.put("NO_REPORT.an-empty-mail", "");
        mails.put("NO_REPORT.only-a-header", "From: a@b.example\r\nSubject: Report Domain: example.com\r\n\r\n");
        mails.put("NO_REPORT.only-text", multipart("multipart/mixed", part("text/plain", "See the attachment."), HTML, PICTURE));
        mails.put("NO_REPORT.a-report-in-a-forwarded-mail",
                multipart("multipart/mixed", part("message/rfc822", "Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                        + Base64.getMimeEncoder().encodeToString(gzip))));
        mails.put("NOT_XML.base64-that-is-none", multipart("multipart/mixed", part("application/gzip\r\nContent-Transfer-Encoding: base64", "@@@ not base64 @@@")));
        mails.put("BROKEN_ARCHIVE.base64-cut-off", multipart("multipart/mixed", base64("application/gzip", Arrays.copyOf(gzip, gzip.length / 2))));
        mails.put("SEVERAL_REPORTS.two-aggregate-reports", multipart("multipart/mixed", base64("application/gzip", gzip), base64("application/gzip", gzip)));
        mails.put("SEVERAL_REPORTS.two-failure-reports",
                multipart("multipart/report", part("message/feedback-report", FIELDS), part("message/feedback-report", FIELDS)));
        mails.put("SEVERAL_REPORTS.one-of-each", multipart("multipart/report", part("message/feedback-report", FIELDS), base64("application/gzip", gzip)));
        mails.put("TOO_MANY_PARTS.a-hundred", multipart("multipart/mixed", part("text/plain", "A part.\r\n").repeat(100)));
        mails.put("TOO_MANY_PARTS.five-archives", multipart("multipart/mixed", base64("application/gzip", Arrays.copyOf(gzip, 40)).repeat(5)));
        StringBuilder deep = new StringBuilder("From: a@b.example\r\n");
        for (int i = 0; i < 5_000; i++) {
            deep.append("Content-Type: multipart/mixed; boundary=b").append(i).append("\r\n\r\n--b").append(i).append("\r\n");
        }
        mails.put("TOO_DEEP.five-thousand-multiparts", deep.toString());
        mails.put("NOT_MIME.a-header-without-end", "From: a@b.example\r\nX: " + "x".repeat(1 << 20) + "\r\n\r\nText.\r\n");
        mails.put("NOT_MIME.ten-thousand-fields", "X: y\r\n".repeat(10_000) + "\r\nText.\r\n");

        mails.put("MISSING.a-failure-report-of-nothing", mail(""));
        mails.put("MISSING.a-failure-report-of-text", mail("This message failed DMARC.\r\n"));
        mails.put("MISSING.no-feedback-type", mail(FIELDS.replace("Feedback-Type: auth-failure\r\n", "")));
        mails.put("NOT_A_REPORT.an-abuse-report", mail(FIELDS.replace("auth-failure", "abuse")));
        mails.put("NOT_A_REPORT.an-empty-feedback-type", mail(FIELDS.replace("auth-failure", "")));
        mails.put("NOT_A_REPORT.control-bytes", mail(FIELDS.replace("auth-failure", "\u001b[2J\u0007\u0000")));
        mails.put("MISSING.nobody-is-reported", mail("message/feedback-report", "Feedback-Type: auth-failure\r\nAuth-Failure: dmarc\r\n", "text/plain", "?"));
        mails.put("MISSING.an-unclear-author", mail("message/feedback-report", "Feedback-Type: auth-failure\r\n", "text/rfc822-headers",
                "From: a@b.example, c@d.example\r\n"));
        mails.put("BAD_VALUE.reported-domain-is-none", mail(FIELDS.replace("Reported-Domain: example.com", "Reported-Domain: ../../etc")));
        mails.put("BAD_VALUE.reported-domain-of-a-megabyte", mail("Feedback-Type: auth-failure\r\nReported-Domain: " + "a.".repeat(50_000) + "\r\n"));
        mails.put("BAD_VALUE.incidents-in-words", mail(FIELDS.replace("Incidents: 3", "Incidents: many")));
        mails.put("BAD_VALUE.incidents-of-none", mail(FIELDS.replace("Incidents: 3", "Incidents: 0")));
        mails.put("BAD_VALUE.incidents-below-none", mail(FIELDS.replace("Incidents: 3", "Incidents: -3")));
        mails.put("BAD_VALUE.incidents-without-end", mail(FIELDS.replace("Incidents: 3", "Incidents: " + "9".repeat(10_000))));
        mails.put("REPEATED.two-reported-domains", mail(FIELDS + "Reported-Domain: victim.example\r\n"));
        mails.put("REPEATED.two-sources", mail(FIELDS + "Source-IP: 192.0.2.8\r\n"));
        mails.put("REPEATED.two-kinds", mail("Feedback-Type: abuse\r\n" + FIELDS));
        mails.put("REPEATED.two-counts", mail(FIELDS + "Incidents: 4\r\n"));
        mails.put("TOO_MANY_ELEMENTS.ten-thousand-fields", mail(FIELDS + "X: y\r\n".repeat(10_000)));
        return mails;
    }

    @Test
    void aBoundaryIsOneAtTheBeginningOfALineWhateverPiecesTheMailComesIn() throws IOException {
        byte[] mail = mail(FIELDS).replaceFirst("--b1\r\nContent-Type: message/feedback-report", "]$0").getBytes(StandardCharsets.ISO_8859_1);
        for (int piece = 1; piece <= 4096; piece = 2 * piece + 1) {
            assertThat(new ReportMailReader(ReadLimits.DEFAULT).read(new Drip(mail, piece))).as("pieces of %s", piece).isInstanceOfSatisfying(
                    MailedReport.Unreadable.class, unreadable -> assertThat(unreadable.reason()).isEqualTo(ReadReport.Reason.NO_REPORT));
        }
    }

    @Test
    void randomDamageEndsWithAReportOrAReason() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("Damaged report mails: seed " + seed);
        Random random = new Random(seed);
        String[] sound = {mail(FIELDS), multipart("multipart/mixed", base64("application/gzip", Archives.gzip(XML))), multipart("multipart/mixed", part("text/xml", text(XML)))};
        for (int i = 0; i < 3_000; i++) {
            byte[] mail = sound[i % sound.length].getBytes(StandardCharsets.ISO_8859_1);
            for (int damage = 1 + random.nextInt(5); damage > 0; damage--) {
                mail[random.nextInt(mail.length)] = (byte) random.nextInt(256);
            }
            MailedReport report = read(random.nextInt(4) == 0 ? Arrays.copyOf(mail, random.nextInt(mail.length)) : mail);
            assertThat(report instanceof MailedReport.Unreadable unreadable ? unreadable.reason() : null)
                    .describedAs("seed %s, mail %s: %s", seed, i, report)
                    .isNotEqualTo(ReadReport.Reason.SURPRISE);
        }
    }

    @Test
    void whatTheStreamThrowsIsNoMatterOfTheReport() {
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(mail(FIELDS).substring(0, 300).getBytes(StandardCharsets.US_ASCII)), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("disk");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                throw new IOException("disk");
            }
        });
        assertThatThrownBy(() -> new ReportMailReader(ReadLimits.DEFAULT).read(broken)).isInstanceOf(IOException.class).hasMessage("disk");
    }

    @Test
    void theMessageInAFailureReportIsNotOpened() throws IOException {
        String original = ORIGINAL.replace("Are you hungry?", text(XML));
        assertThat(read(mail("message/feedback-report", FIELDS, "message/rfc822", original))).isInstanceOf(MailedReport.Failure.class);
    }
}
