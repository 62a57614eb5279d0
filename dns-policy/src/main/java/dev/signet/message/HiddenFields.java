// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import java.util.ArrayList;
import java.util.List;

/**
 * Fields inside fields. For us only CRLF ends a line; readers that let a bare CR or LF end one (Jakarta Mail among them) see
 * another header field where the text behind it looks like one.
 */
public final class HiddenFields {

    // Enough to know that something is wrong, and what for.
    private static final int MAX_FOUND = 10;

    private HiddenFields() {}

    /** The bodies of such fields of this name within {@code field}, at most ten, each up to the end of {@code field}. */
    public static List<String> find(HeaderField field, String name) {
        byte[] bytes = field.block();
        List<String> found = new ArrayList<>(0);
        for (int i = field.start(); i < field.end() && found.size() < MAX_FOUND; i++) {
            if (isBare(bytes, i, field) && beginsWith(bytes, i + 1, field.end(), name)) {
                found.add(new HeaderField(bytes, i + 1, field.end()).body());
            }
        }
        return found;
    }

    /** Before a field is made of it, which looks for the colon to the very end: there may be a million bare CRs. */
    private static boolean beginsWith(byte[] bytes, int from, int end, String name) {
        if (end - from <= name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (HeaderField.lower(bytes[from + i]) != HeaderField.lower((byte) name.charAt(i))) {
                return false;
            }
        }
        int colon = from + name.length();
        while (colon < end && HeaderField.isWsp(bytes[colon])) {
            colon++;
        }
        return colon < end && bytes[colon] == ':';
    }

    private static boolean isBare(byte[] bytes, int i, HeaderField field) {
        return switch (bytes[i]) {
            case '\r' -> i + 1 >= field.end() || bytes[i + 1] != '\n';
            case '\n' -> i == field.start() || bytes[i - 1] != '\r';
            default -> false;
        };
    }
}
