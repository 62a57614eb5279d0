// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dns.DomainName;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;

/** The bytes of a mail that brings a report: lines of at most 78 characters where they can be folded, ASCII only. */
final class ReportMail {

    private static final int LINE = 78;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final String boundary;

    /** @param id letters and digits, the same for the same report */
    ReportMail(String from, String to, String subject, Instant date, String id, DomainName receiver) {
        this.boundary = "=_" + id;
        field("From", from);
        field("To", to);
        field("Subject", subject);
        field("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atOffset(ZoneOffset.UTC)));
        // RFC 9990 §3.5.2: the Report-ID may be part of the Message-ID, and helps to tell a duplicate.
        field("Message-ID", "<" + id + "." + Integer.toHexString(to.hashCode()) + "@" + receiver + ">");
        // RFC 3834 §5: nobody's vacation notice answers it.
        field("Auto-Submitted", "auto-generated");
        field("MIME-Version", "1.0");
    }

    /** A mail of a text and attachments. */
    ReportMail mixed(String text) {
        field("Content-Type", "multipart/mixed; boundary=\"" + boundary + "\"");
        return part("text/plain; charset=us-ascii", text);
    }

    /** RFC 6522: a text, a report, and what it is about. */
    ReportMail report(String type, String text) {
        field("Content-Type", "multipart/report; report-type=" + type + "; boundary=\"" + boundary + "\"");
        return part("text/plain; charset=us-ascii", text);
    }

    /** @param text lines of ASCII that end with CRLF */
    ReportMail part(String type, String text) {
        write("\r\n--" + boundary + "\r\n");
        field("Content-Type", type);
        write("\r\n" + text);
        return this;
    }

    ReportMail attachment(String type, String fileName, byte[] content) {
        write("\r\n--" + boundary + "\r\n");
        // One word of up to some hundred characters, as RFC 9990 §3.5.2 wants it; readers of reports know no RFC 2231.
        field("Content-Type", type + "; name=\"" + fileName + "\"");
        field("Content-Disposition", "attachment; filename=\"" + fileName + "\"");
        field("Content-Transfer-Encoding", "base64");
        write("\r\n");
        out.writeBytes(Base64.getMimeEncoder(76, new byte[] {'\r', '\n'}).encode(content));
        write("\r\n");
        return this;
    }

    byte[] bytes() {
        write("\r\n--" + boundary + "--\r\n");
        return out.toByteArray();
    }

    /** A stranger's text for one line: printable ASCII. */
    static String line(String text) {
        return text.replaceAll("[^\\x20-\\x7E]", "?");
    }

    private void field(String name, String body) {
        StringBuilder line = new StringBuilder(name).append(':');
        for (String word : line(body).split(" ", -1)) {
            if (line.length() + 1 + word.length() > LINE && line.length() > name.length() + 1) {
                write(line + "\r\n");
                line.setLength(0);
            }
            line.append(' ').append(word);
        }
        write(line + "\r\n");
    }

    private void write(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
