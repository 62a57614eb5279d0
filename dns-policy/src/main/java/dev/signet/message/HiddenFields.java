// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import java.util.ArrayList;
import java.util.List;

/**
 * Fields that others see where we see none of that name. For us only CRLF ends a line; readers that let a bare CR or LF end one (Jakarta
 * Mail among them) see another header field where the text behind it looks like one. And for us a control character is a part of a name;
 * Jakarta Mail trims it off.
 */
public final class HiddenFields {

    private HiddenFields() {}

    /**
     * The bodies of such fields of this name within {@code field}, or of {@code field} itself, each up to where such a reader sees it end.
     */
    public static List<String> find(HeaderField field, String name) {
        byte[] bytes = field.block();
        List<String> found = new ArrayList<>(0);
        int start = !field.nameIs(name) && beginsWith(bytes, field.start(), field.end(), name) ? field.start() : -1;
        for (int i = field.bareLineEnd(field.start()); i < field.end(); i = field.bareLineEnd(i + 1)) {
            boolean folds = i + 1 < field.end() && HeaderField.isWsp(bytes[i + 1]);
            if (start >= 0 && !folds) {
                found.add(new HeaderField(bytes, start, i).body());
                start = -1;
            }
            if (beginsWith(bytes, i + 1, field.end(), name)) {
                start = i + 1;
            }
        }
        if (start >= 0) {
            found.add(new HeaderField(bytes, start, field.end()).body());
        }
        return found;
    }

    /** Before a field is made of it, which looks for the colon to the very end: there may be a million bare CRs. */
    private static boolean beginsWith(byte[] bytes, int from, int end, String name) {
        int start = from;
        while (start < end && isTrimmed(bytes[start]) && !HeaderField.isWsp(bytes[start])) {
            start++;
        }
        if (end - start <= name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (HeaderField.lower(bytes[start + i]) != HeaderField.lower((byte) name.charAt(i))) {
                return false;
            }
        }
        int colon = start + name.length();
        while (colon < end && isTrimmed(bytes[colon])) {
            colon++;
        }
        return colon < end && bytes[colon] == ':';
    }

    /** As {@link String#trim} does it, but for what ends a line. */
    private static boolean isTrimmed(byte b) {
        return b >= 0 && b <= ' ' && b != '\r' && b != '\n';
    }
}
