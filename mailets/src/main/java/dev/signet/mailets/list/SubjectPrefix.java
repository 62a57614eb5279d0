// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;

import jakarta.mail.internet.MimeUtility;

import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * The name of the list in front of the subject, once. What the author wrote stays behind it byte for byte, encoded words and folding
 * and all; a subject that has the prefix somewhere, as replies do, stays as it is.
 */
public final class SubjectPrefix {

    // Beyond this a subject is not decoded to look for the prefix: no human wrote it.
    private static final int MAX_DECODED = 8 * 1024;
    // RFC 5322 §2.1.1
    private static final int MAX_LINE = 78;

    private final String prefix;
    private final String encoded;
    private final String encodedBeforeWord;

    /** @param prefix any text, such as {@code "[talk]"} */
    public SubjectPrefix(String prefix) {
        this.prefix = prefix.strip();
        this.encoded = encode(this.prefix);
        // RFC 2047 §6.2: white space between encoded words is not shown, so that it has to be within one of them.
        this.encodedBeforeWord = encoded.equals(this.prefix) ? encoded : encode(this.prefix + " ");
    }

    /** How a message gets it. */
    public MessageEdit edit(HeaderBlock header) {
        List<HeaderField> subjects = header.all("Subject");
        if (subjects.isEmpty()) {
            return MessageEdit.ofHeader(List.of(HeaderField.of("Subject", " " + encoded)), field -> false);
        }
        // RFC 5322 §3.6 knows one Subject; a reader of a message with several may show any of them.
        if (subjects.stream().allMatch(this::isThere)) {
            return MessageEdit.NONE;
        }
        return MessageEdit.ofHeader(
                subjects.stream().map(field -> isThere(field) ? field : prefixed(field)).toList(), field -> field.nameIs("Subject"));
    }

    private HeaderField prefixed(HeaderField field) {
        String rest = field.body().stripLeading();
        if (rest.isEmpty()) {
            return HeaderField.of(field.name(), " " + encoded);
        }
        String words = rest.startsWith("=?") ? encodedBeforeWord : encoded;
        int lineEnd = rest.indexOf("\r\n");
        int firstLine = field.name().length() + 2 + words.length() + 1 + (lineEnd < 0 ? rest.length() : lineEnd);
        return HeaderField.of(field.name(), " " + words + (firstLine > MAX_LINE ? "\r\n " : " ") + rest);
    }

    private boolean isThere(HeaderField field) {
        String subject = field.unfolded();
        return plain(subject.length() > MAX_DECODED ? subject : decoded(subject)).contains(plain(prefix));
    }

    private static String decoded(String subject) {
        try {
            return MimeUtility.decodeText(subject);
        } catch (UnsupportedEncodingException e) {
            return subject;
        }
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    }

    private static String encode(String text) {
        try {
            return MimeUtility.encodeText(text, StandardCharsets.UTF_8.name(), "Q");
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("every JDK has UTF-8", e);
        }
    }
}
