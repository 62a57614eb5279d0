// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
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
     * @param value without white space at both ends; white space inside is still there
     * @param valueStart index in the text that was parsed: behind the equals sign
     * @param valueEnd index in the text that was parsed: the semicolon, or the end of the text
     */
    public record Tag(String name, String value, int valueStart, int valueEnd) {}

    private final List<Tag> tags;

    private TagList(List<Tag> tags) {
        this.tags = List.copyOf(tags);
    }

    /** Reads a tag list; {@code text} is one char per byte, as {@link HeaderField#body} gives it. */
    public static Parse parse(String text) {
        List<Tag> tags = new ArrayList<>(12);
        int start = 0;
        while (start < text.length()) {
            int semicolon = text.indexOf(';', start);
            int end = semicolon < 0 ? text.length() : semicolon;
            if (isBlank(text, start, end)) {
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
            String name = trim(text, start, equals);
            if (!isTagName(name)) {
                return new Parse.Malformed("not a tag name: " + printable(name));
            }
            // RFC 6376 §3.2: "Tags with duplicate names MUST NOT occur".
            if (find(tags, name) != null) {
                return new Parse.Malformed("the tag " + name + "= occurs twice");
            }
            if (tags.size() == MAX_TAGS) {
                return new Parse.Malformed("more than " + MAX_TAGS + " tags");
            }
            tags.add(new Tag(name, trim(text, equals + 1, end), equals + 1, end));
            start = end + 1;
        }
        return tags.isEmpty() ? new Parse.Malformed("no tags") : new Parse.Sound(new TagList(tags));
    }

    /** The value of a tag; null where the list does not have it. */
    public @Nullable String get(String name) {
        Tag tag = find(tags, name);
        return tag == null ? null : tag.value();
    }

    /** The tag itself, with its place in the text; null where the list does not have it. */
    public @Nullable Tag tag(String name) {
        return find(tags, name);
    }

    /** All tags, in the order of the text. */
    public List<Tag> all() {
        return tags;
    }

    /** A value without the white space inside it: base64 and lists may be folded anywhere. */
    public static String withoutWhitespace(String value) {
        StringBuilder out = null;
        int start = 0;
        for (int i = 0; i < value.length(); i++) {
            if (isSpace(value.charAt(i))) {
                out = out == null ? new StringBuilder(value.length()) : out;
                out.append(value, start, i);
                start = i + 1;
            }
        }
        return out == null ? value : out.append(value, start, value.length()).toString();
    }

    private static @Nullable Tag find(List<Tag> tags, String name) {
        for (int i = 0; i < tags.size(); i++) {
            if (tags.get(i).name().equals(name)) {
                return tags.get(i);
            }
        }
        return null;
    }

    private static boolean isTagName(String name) {
        if (name.isEmpty() || !isLetter(name.charAt(0))) {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            char c = name.charAt(i);
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
        int start = from;
        int end = to;
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isSpace(text.charAt(i))) {
                return false;
            }
        }
        return true;
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
