// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import dev.signet.message.FieldScanner;
import dev.signet.message.Mailbox;
import dev.signet.message.Utf8;

import jakarta.mail.internet.MimeUtility;

import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * The words before an address. What a stranger chose for a name is going to stand before an address of ours, in a field that we
 * sign: here it becomes harmless.
 */
final class DisplayName {

    /** In code points: more is no name, and not shown by anybody. */
    static final int MAX_LENGTH = 64;

    // Beyond this it is not decoded.
    private static final int MAX_ENCODED = 4 * 1024;

    // "Name @ bank.example" is for most readers who wrote it: many programs show the name and no address. The other two are what
    // fonts draw like it.
    private static final Pattern ADDRESS = Pattern.compile(" ?[@\\uFF20\\uFE6B] ?[^ ()<>\\[\\]\"',;]*");

    // RFC 2047 §2: an encoded word has at most 75 characters, a line with one at most 76. So many octets of UTF-8 make 64, and leave
    // room for the name of the field.
    private static final int MAX_OCTETS = 39;

    private DisplayName() {}

    /** The name that a mailbox gives itself; empty where there is none, or none that two readers would read alike. */
    static String of(Mailbox mailbox) {
        if (mailbox.displayName().length() > MAX_ENCODED) {
            return "";
        }
        try {
            String decoded = MimeUtility.decodeText(Utf8.decode(mailbox.displayName()).orElse(""));
            // What still looks encoded, by mistake or twice, is decoded by some readers and not by others.
            return decoded.contains("=?") ? "" : clean(decoded);
        } catch (UnsupportedEncodingException | RuntimeException e) {
            // Which character sets there are, and what they do with nonsense, is for the JVM's providers.
            return "";
        }
    }

    /**
     * Words on one line without addresses, control characters and invisible ones that change what others look like (overrides of the
     * direction above all); empty where nothing is left that could be read.
     */
    static String clean(String text) {
        StringBuilder visible = new StringBuilder();
        text.codePoints().forEach(c -> append(c, visible));
        String words = ADDRESS.matcher(visible.toString().replaceAll(" +", " ")).replaceAll("").replace("=?", " ").strip();
        int[] codePoints = words.codePoints().limit(MAX_LENGTH).toArray();
        String cut = new String(codePoints, 0, codePoints.length).strip();
        return cut.codePoints().anyMatch(Character::isLetterOrDigit) ? cut : "";
    }

    private static void append(int c, StringBuilder visible) {
        switch (Character.getType(c)) {
            case Character.CONTROL, Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> visible.append(' ');
            case Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED -> { }
            case Character.FORMAT -> {
                // The two that Persian and the scripts of India are written with.
                if (c == 0x200C || c == 0x200D) {
                    visible.appendCodePoint(c);
                }
            }
            default -> visible.appendCodePoint(c);
        }
    }

    /** Clean words as a phrase (RFC 5322 §3.2.5), folded where they have to be encoded and are long. */
    static String phrase(String words) {
        if (!words.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            return encoded(words);
        }
        return words.chars().allMatch(c -> c == ' ' || FieldScanner.isAtext(c))
                ? words
                : '"' + words.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    // RFC 2047 §5: each word by itself, so never half a character. White space between them is not shown.
    private static String encoded(String words) {
        StringJoiner encoded = new StringJoiner("\r\n ");
        int start = 0;
        int octets = 0;
        for (int i = 0; i < words.length(); i = words.offsetByCodePoints(i, 1)) {
            int more = Character.toString(words.codePointAt(i)).getBytes(StandardCharsets.UTF_8).length;
            if (octets + more > MAX_OCTETS) {
                encoded.add(encodedWord(words.substring(start, i)));
                start = i;
                octets = 0;
            }
            octets += more;
        }
        return encoded.add(encodedWord(words.substring(start))).toString();
    }

    private static String encodedWord(String text) {
        return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
    }
}
