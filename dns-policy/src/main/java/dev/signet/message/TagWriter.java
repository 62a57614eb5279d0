// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import java.util.Base64;
import java.util.List;

/**
 * Writes a tag list as the body of a header field (RFC 6376 §3.2): what {@link TagList} reads. The caller says where a new line
 * begins, and so does a tag that has no room; lists and base64 are folded within.
 */
public final class TagWriter {

    private static final int LINE = 76;
    // Whole groups of four, as others fold it: equal signatures are then equal fields.
    private static final int BASE64 = 72;
    private static final String NEW_LINE = ";\r\n ";

    private final StringBuilder out = new StringBuilder(1024);
    private String separator = " ";
    private int column;

    /** Lets the next tag, which must not be the first, begin a line. */
    public TagWriter line() {
        separator = NEW_LINE;
        return this;
    }

    /** One tag whose value stays in one piece. */
    public TagWriter tag(String name, Object value) {
        String text = value.toString();
        if (!out.isEmpty() && column + "; =;".length() + name.length() + text.length() > LINE) {
            separator = NEW_LINE;
        }
        begin(name);
        append(text);
        return this;
    }

    /** A list of names with colons between them. */
    public TagWriter names(String name, List<String> names) {
        begin(name);
        int start = column;
        for (int i = 0; i < names.size(); i++) {
            String item = i + 1 < names.size() ? names.get(i) + ":" : names.get(i);
            // One more for the semicolon that may follow.
            if (column + item.length() + 1 > LINE && column > start) {
                fold();
            }
            append(item);
        }
        return this;
    }

    /** Bytes in base64; no bytes leave the value empty. */
    public TagWriter base64(String name, byte[] value) {
        begin(name);
        String text = Base64.getEncoder().encodeToString(value);
        for (int start = 0; start < text.length(); ) {
            if (start > 0) {
                fold();
            }
            int end = Math.min(text.length(), start + BASE64);
            append(text.substring(start, end));
            start = end;
        }
        return this;
    }

    /** The body of the field. */
    @Override
    public String toString() {
        return out.toString();
    }

    private void begin(String name) {
        out.append(separator);
        column = separator.equals(NEW_LINE) ? 1 : column + separator.length();
        separator = "; ";
        append(name + "=");
    }

    private void append(String text) {
        out.append(text);
        column += text.length();
    }

    private void fold() {
        out.append("\r\n  ");
        column = 2;
    }
}
