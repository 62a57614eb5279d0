// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Mails that bring reports, in the styles of their senders. */
final class FailureReports {

    static final String FIELDS = """
            Feedback-Type: auth-failure\r
            Version: 1\r
            User-Agent: Filter/1.2\r
            Auth-Failure: dmarc\r
            Authentication-Results: mx.receiver.example; dmarc=fail header.from=example.com\r
            Identity-Alignment: dkim, spf\r
            DKIM-Domain: example.com\r
            DKIM-Identity: @example.com\r
            DKIM-Selector: s1\r
            Delivery-Result: delivered\r
            Original-Mail-From: <bounces@news.example.com>\r
            Source-IP: 192.0.2.7\r
            Arrival-Date: Mon, 23 Nov 2026 13:00:00 +0100\r
            Reported-Domain: example.com\r
            Incidents: 3\r
            """;
    static final String ORIGINAL = "From: Alice <alice@example.com>\r\nTo: bob@receiver.example\r\nSubject: dinner\r\n\r\nAre you hungry?\r\n";

    private static final ReportMailReader READER = new ReportMailReader(ReadLimits.DEFAULT);

    private FailureReports() {}

    static String mail(String fields) {
        return mail("message/feedback-report", fields, "message/rfc822", ORIGINAL);
    }

    static String mail(String type, String fields, String originalType, String original) {
        return multipart("multipart/report; report-type=feedback-report", part("text/plain", "A report.\r\n"), part(type, fields), part(originalType, original));
    }

    static String multipart(String type, String... parts) {
        return "From: reports@receiver.example\r\nSubject: report\r\nMIME-Version: 1.0\r\nContent-Type: " + type + "; boundary=\"b1\"\r\n\r\n"
                + "preamble\r\n" + String.join("", parts) + "--b1--\r\n";
    }

    static String part(String type, String content) {
        return "--b1\r\nContent-Type: " + type + "\r\n\r\n" + content + "\r\n";
    }

    static String base64(String type, byte[] content) {
        return part(type + "\r\nContent-Transfer-Encoding: base64", Base64.getMimeEncoder().encodeToString(content));
    }

    static MailedReport read(String mail) {
        return read(mail.getBytes(StandardCharsets.ISO_8859_1));
    }

    static MailedReport read(byte[] mail) {
        try {
            return READER.read(new ByteArrayInputStream(mail));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
