// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/**
 * A tag list, {@code v=1; a=rsa-sha256; ...} (RFC 6376 §3.2): the form of DKIM and ARC fields, of key records and, with looser
 * rules, of DMARC records. Tag names are case-sensitive. Immutable.
 */
public final class TagList {

    // Each new tag is compared with all before it. Nobody's list has a third of this many; unknown tags are still ignored.
    private static final int MAX_TAGS = 100;

    /** What reading a tag list ends with. */
    public sealed interface Parse {
        /** A sound tag list. */
        record Sound(TagList tags) implements Parse {}

        /** No tag list; the reason is for humans. */
        record Malformed(String reason) implements Parse {}
    }

    /**
     * One tag.
     *
     * @param text the whole list that was parsed; all else are indexes in it
     * @param valueStart behind the equals sign
     * @param valueEnd the semicolon, or the end
     */
    public record Tag(String text, int nameStart, int nameEnd, int valueStart, int valueEnd) {

        public String name() {
            return text.substring(nameStart, nameEnd);
        }

        boolean isNamed(String name) {
            return nameEnd - nameStart == name.length() && text.startsWith(name, nameStart);
        }

        private boolean hasNameOf(Tag other) {
            int length = nameEnd - nameStart;
            return other.nameEnd - other.nameStart == length && text.regionMatches(nameStart, other.text, other.nameStart, length);
        }

        /** Without white space at both ends; white space inside is still there. */
        public String value() {
            return trim(text, valueStart, valueEnd);
        }

        /** The first characters of the value, the white space between them passed over. */
        public String beginning(int length) {
            StringBuilder out = new StringBuilder(length);
            for (int i = valueStart; i < valueEnd && out.length() < length; i++) {
                if (!isSpace(text.charAt(i))) {
                    out.append(text.charAt(i));
                }
            }
            return out.toString();
        }

        /**
         * The bytes that the value stands for, if it is base64, which may be folded anywhere.
         *
         * @throws IllegalArgumentException if it is not
         */
        public byte[] base64() {
            byte[] compact = new byte[valueEnd - valueStart];
            int length = 0;
            for (int i = valueStart; i < valueEnd; i++) {
                char c = text.charAt(i);
                if (!isSpace(c)) {
                    // No char above ASCII is in the alphabet, nor is what it becomes here.
                    compact[length++] = c < 0x80 ? (byte) c : -1;
                }
            }
            ByteBuffer bytes = Base64.getDecoder().decode(ByteBuffer.wrap(compact, 0, length));
            return bytes.remaining() == bytes.array().length ? bytes.array() : Arrays.copyOf(bytes.array(), bytes.remaining());
        }
    }

    private final List<Tag> tags;

    private TagList(List<Tag> tags) {
        this.tags = tags;
    }

    /** Reads a tag list; {@code text} is one char per byte, as {@link HeaderField#body} gives it. */
    public static Parse parse(String text) {
        List<Tag> tags = new ArrayList<>(12);
        int start = 0;
        while (start < text.length()) {
            int semicolon = text.indexOf(';', start);
            int end = semicolon < 0 ? text.length() : semicolon;
            if (skipSpace(text, start, end) == end) {
                // RFC 6376 §3.2: a semicolon may end the list; nothing may stand between two of them.
                if (semicolon < 0) {
                    break;
                }
                return new Parse.Malformed("an empty tag");
            }
            int equals = text.indexOf('=', start);
            if (equals < 0 || equals > end) {
                return new Parse.Malformed("a tag without '=': " + printable(text.substring(start, end)));
            }
            int nameStart = skipSpace(text, start, equals);
            Tag tag = new Tag(text, nameStart, skipSpaceBack(text, nameStart, equals), equals + 1, end);
            if (!isTagName(text, tag.nameStart(), tag.nameEnd())) {
                return new Parse.Malformed("not a tag name: " + printable(tag.name()));
            }
            // RFC 6376 §3.2: "Tags with duplicate names MUST NOT occur".
            for (Tag before : tags) {
                if (before.hasNameOf(tag)) {
                    return new Parse.Malformed("the tag " + printable(tag.name()) + "= occurs twice");
                }
            }
            if (tags.size() == MAX_TAGS) {
                return new Parse.Malformed("more than " + MAX_TAGS + " tags");
            }
            tags.add(tag);
            start = end + 1;
        }
        return tags.isEmpty() ? new Parse.Malformed("no tags") : new Parse.Sound(new TagList(tags));
    }

    /** The value of a tag; null where the list does not have it. */
    public @Nullable String get(String name) {
        Tag tag = tag(name);
        return tag == null ? null : tag.value();
    }

    /** The tag itself, with its place in the text; null where the list does not have it. */
    public @Nullable Tag tag(String name) {
        for (int i = 0; i < tags.size(); i++) {
            Tag tag = tags.get(i);
            if (tag.isNamed(name)) {
                return tag;
            }
        }
        return null;
    }

    /** All tags, in the order of the text. */
    public List<Tag> all() {
        return Collections.unmodifiableList(tags);
    }

    private static boolean isTagName(String text, int from, int to) {
        if (from == to || !isLetter(text.charAt(from))) {
            return false;
        }
        for (int i = from + 1; i < to; i++) {
            char c = text.charAt(i);
            if (!isLetter(c) && !(c >= '0' && c <= '9') && c != '_') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static String trim(String text, int from, int to) {
        int start = skipSpace(text, from, to);
        return text.substring(start, skipSpaceBack(text, start, to));
    }

    private static int skipSpace(String text, int from, int to) {
        int i = from;
        while (i < to && isSpace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static int skipSpaceBack(String text, int from, int to) {
        int i = to;
        while (i > from && isSpace(text.charAt(i - 1))) {
            i--;
        }
        return i;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    /** Text of a stranger, cut and cleaned for a reason that ends up in headers and logs. */
    private static String printable(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), 40); i++) {
            char c = text.charAt(i);
            out.append(c >= ' ' && c < 0x7F ? c : '?');
        }
        return out.toString();
    }
}
