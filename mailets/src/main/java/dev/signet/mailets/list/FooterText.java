// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeUtility;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The words of a footer, coded as they are needed. */
final class FooterText {

    static final byte[] LINE_END = {'\r', '\n'};

    private static final String QUOTED_PRINTABLE = "quoted-printable";

    private final List<String> lines;

    FooterText(String text) {
        this.lines = text.stripTrailing().lines().map(String::stripTrailing).toList();
    }

    /** The bytes that can stand behind a text; empty where its charset or transfer encoding does not let them. */
    Optional<byte[]> in(Content content) {
        Optional<Charset> charset = charset(content.charset());
        String text = content.flowed() ? "\r\n" + joined(FooterText::stuffed) : joined(UnaryOperator.identity());
        if (charset.isEmpty() || !charset.get().newEncoder().canEncode(text)) {
            return Optional.empty();
        }
        byte[] bytes = text.getBytes(charset.get());
        return switch (content.encoding()) {
            case "7bit" -> isAscii(bytes) ? Optional.of(bytes) : Optional.empty();
            case "8bit", "binary" -> Optional.of(bytes);
            case QUOTED_PRINTABLE -> Optional.of(quotedPrintable(bytes));
            default -> Optional.empty();
        };
    }

    /** A body part of plain text, with its header, without a line end behind it; ASCII, so that no multipart has to say 8bit for it. */
    String asPart() {
        byte[] bytes = String.join("\r\n", lines).getBytes(StandardCharsets.UTF_8);
        boolean ascii = isAscii(bytes);
        return "Content-Type: text/plain; charset=" + (ascii ? "us-ascii" : "utf-8") + "\r\n"
                + "Content-Transfer-Encoding: " + (ascii ? "7bit" : QUOTED_PRINTABLE) + "\r\n"
                + "Content-Disposition: inline\r\n"
                + "\r\n"
                + new String(ascii ? bytes : quotedPrintable(bytes), StandardCharsets.US_ASCII);
    }

    private String joined(UnaryOperator<String> form) {
        return lines.stream().map(form).collect(Collectors.joining("\r\n", "", "\r\n"));
    }

    /** RFC 3676 §4.4: a line that could be taken for a quotation. None of ours ends with a space, so none is joined with the next. */
    private static String stuffed(String line) {
        return line.startsWith(" ") || line.startsWith(">") || line.startsWith("From ") ? " " + line : line;
    }

    /** Empty for one that is not known, and for one in which a line end is not CR LF, as in UTF-16. */
    private static Optional<Charset> charset(String name) {
        try {
            return Optional.of(Charset.forName(MimeUtility.javaCharset(name)))
                    .filter(charset -> charset.canEncode() && Arrays.equals("\r\n".getBytes(charset), LINE_END));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private static byte[] quotedPrintable(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length * 2);
        try (OutputStream encoder = MimeUtility.encode(out, QUOTED_PRINTABLE)) {
            encoder.write(bytes);
        } catch (IOException | MessagingException e) {
            throw new IllegalStateException("an encoder that writes to memory", e);
        }
        return out.toByteArray();
    }
}
