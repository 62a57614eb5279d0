// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import com.google.common.io.ByteStreams;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Text that a list adds at the end of each message. Nothing of the message is coded anew:
 *
 * <ul>
 *   <li>to plain text it is appended, in the charset and the transfer encoding that the text has, if it can be said in them and if one
 *       can append in them (not in Base64);
 *   <li>to multipart/mixed it is one part more;
 *   <li>around everything else, HTML, alternatives, a picture, comes a multipart/mixed, with the old content and its fields as the
 *       first part and the footer as the second;
 *   <li>what is signed or encrypted stays whole and has no footer, and so does what two readers could read differently.
 * </ul>
 */
public final class Footer {

    private final FooterText text;
    private final Supplier<String> boundaries;

    /**
     * @param text of any number of lines
     * @param boundaries gives strings that nobody can foresee, of at most 60 letters and digits
     */
    public Footer(String text, Supplier<String> boundaries) {
        this.text = new FooterText(text);
        this.boundaries = boundaries;
    }

    /**
     * How a message gets it.
     *
     * @throws IOException where the body cannot be read
     */
    public MessageEdit edit(HeaderBlock header, BodySource body) throws IOException {
        Optional<Content> readable = Content.of(header).filter(content -> !content.mustStayWhole());
        if (readable.isEmpty()) {
            return MessageEdit.NONE;
        }
        Content content = readable.get();
        String boundary = content.type().equals("multipart/mixed") ? content.boundary() : "";
        Optional<InputStream> opened = body.open();
        if (opened.isEmpty()) {
            return MessageEdit.NONE;
        }
        try (InputStream in = opened.get()) {
            BodyScan scan = BodyScan.of(in, boundary);
            return switch (content.type()) {
                case "text/plain" -> scan.pgp() ? MessageEdit.NONE : inText(content, scan).orElseGet(() -> around(header, content, scan));
                case "multipart/mixed" -> scan.opened() ? onePartMore(boundary, scan) : MessageEdit.NONE;
                default -> around(header, content, scan);
            };
        }
    }

    private Optional<MessageEdit> inText(Content content, BodyScan scan) {
        if (content.attachment()) {
            return Optional.empty();
        }
        return text.in(content).map(bytes -> new MessageEdit(List.of(), field -> false, (from, to) -> {
            from.transferTo(to);
            // The footer begins on a line of its own: behind an end of line, and behind one that counts.
            if (scan.endsInLine()) {
                to.write(FooterText.LINE_END);
            }
            if (scan.endsInSoftBreak() && content.encoding().equals("quoted-printable")) {
                to.write(FooterText.LINE_END);
            }
            to.write(bytes);
        }));
    }

    private MessageEdit onePartMore(String boundary, BodyScan scan) {
        String part = "--" + boundary + "\r\n" + text.asPart();
        return new MessageEdit(List.of(), field -> false, (from, to) -> {
            if (scan.closedAt() >= 0) {
                // The line end in front of it belongs to the boundary (RFC 2046 §5.1.1), ours as well as the one that was there.
                ByteStreams.limit(from, scan.closedAt()).transferTo(to);
                to.write(bytes(part + "\r\n"));
                from.transferTo(to);
            } else {
                from.transferTo(to);
                to.write(bytes("\r\n" + part + "\r\n--" + boundary + "--\r\n"));
            }
        });
    }

    private MessageEdit around(HeaderBlock header, Content content, BodyScan scan) {
        String boundary = boundaries.get();
        List<HeaderField> inFront = new ArrayList<>();
        if (header.first("MIME-Version").isEmpty()) {
            inFront.add(HeaderField.of("MIME-Version", " 1.0"));
        }
        inFront.add(HeaderField.of("Content-Type", " multipart/mixed; boundary=\"" + boundary + "\""));
        // RFC 2045 §6.4: a multipart says what the widest of its parts is.
        if (content.encoding().equals("binary")) {
            inFront.add(HeaderField.of("Content-Transfer-Encoding", " binary"));
        } else if (scan.has8bit()) {
            inFront.add(HeaderField.of("Content-Transfer-Encoding", " 8bit"));
        }
        List<HeaderField> ofPart = header.fields().stream().filter(Footer::isOfContent).toList();
        return new MessageEdit(inFront, Footer::isOfContent, (from, to) -> {
            to.write(bytes("--" + boundary + "\r\n"));
            for (HeaderField field : ofPart) {
                to.write(field.bytes());
                to.write(FooterText.LINE_END);
            }
            to.write(FooterText.LINE_END);
            from.transferTo(to);
            to.write(bytes("\r\n--" + boundary + "\r\n" + text.asPart() + "\r\n--" + boundary + "--\r\n"));
        });
    }

    private static boolean isOfContent(HeaderField field) {
        return field.name().toLowerCase(Locale.ROOT).startsWith("content-");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
