// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import com.google.common.base.Splitter;
import dev.signet.dns.DomainName;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;

/** The bytes of a mail that brings a report: lines of at most 78 characters where they can be folded, ASCII only. */
final class ReportMail {

    private static final int LINE = 78;
    // RFC 5322 §2.1.1: no line has more than 998 characters; a name stands in front of the first word.
    private static final int WORD = 900;
    // RFC 5322 §3.3. The JDK's RFC_1123_DATE_TIME says GMT, which §4.3 lets nobody write any more.
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.US);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final String boundary;

    /** @param id letters and digits, the same for the same report */
    ReportMail(String from, String to, String subject, Instant date, String id, DomainName receiver) {
        this.boundary = "=_" + id;
        add("From", from);
        add("To", to);
        add("Subject", subject);
        add("Date", date(date));
        // RFC 9990 §3.5.2: the Report-ID may be part of the Message-ID, and helps to tell a duplicate.
        add("Message-ID", "<" + id + "." + Integer.toHexString(to.hashCode()) + "@" + receiver + ">");
        // RFC 3834 §5: nobody's vacation notice answers it.
        add("Auto-Submitted", "auto-generated");
        add("MIME-Version", "1.0");
    }

    /** A mail of a text and attachments. */
    ReportMail mixed(String text) {
        add("Content-Type", "multipart/mixed; boundary=\"" + boundary + "\"");
        return part("text/plain; charset=us-ascii", text);
    }

    /** RFC 6522: a text, a report, and what it is about. */
    ReportMail report(String type, String text) {
        add("Content-Type", "multipart/report; report-type=" + type + "; boundary=\"" + boundary + "\"");
        return part("text/plain; charset=us-ascii", text);
    }

    /** @param text lines of ASCII that end with CRLF */
    ReportMail part(String type, String text) {
        write("\r\n--" + boundary + "\r\n");
        add("Content-Type", type);
        write("\r\n" + text);
        return this;
    }

    ReportMail attachment(String type, String fileName, byte[] content) {
        write("\r\n--" + boundary + "\r\n");
        // One word of up to some hundred characters, as RFC 9990 §3.5.2 wants it; readers of reports know no RFC 2231.
        add("Content-Type", type + "; name=\"" + fileName + "\"");
        add("Content-Disposition", "attachment; filename=\"" + fileName + "\"");
        add("Content-Transfer-Encoding", "base64");
        write("\r\n");
        out.writeBytes(Base64.getMimeEncoder(76, new byte[] {'\r', '\n'}).encode(content));
        write("\r\n");
        return this;
    }

    byte[] bytes() {
        write("\r\n--" + boundary + "--\r\n");
        return out.toByteArray();
    }

    /** A time as header fields have it. */
    static String date(Instant time) {
        return DATE.format(time.atOffset(ZoneOffset.UTC));
    }

    /** A stranger's text for one line: printable ASCII. */
    static String line(String text) {
        return text.replaceAll("[^\\x20-\\x7E]", "?");
    }

    /** A header field, folded, with its CRLF. What is too long for a line has a blank in it, and is folded there. */
    static String field(String name, String body) {
        StringBuilder field = new StringBuilder(name).append(':');
        int lineStart = 0;
        for (String word : line(body).split(" ", -1)) {
            for (String piece : Splitter.fixedLength(WORD).split(word)) {
                if (field.length() - lineStart + 1 + piece.length() > LINE && field.length() > name.length() + 1) {
                    field.append("\r\n");
                    lineStart = field.length();
                }
                field.append(' ').append(piece);
            }
        }
        return field.append("\r\n").toString();
    }

    private void add(String name, String body) {
        write(field(name, body));
    }

    private void write(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
