// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

/** Text of a stranger on its way into a reason, a header or a log. */
final class Printable {

    private Printable() {}

    /** At most {@code max} characters, each that is not printable ASCII replaced by a question mark. */
    static String cut(String text, int max) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), max));
        for (int i = 0; i < Math.min(text.length(), max); i++) {
            out.append(is(text.charAt(i)) ? text.charAt(i) : '?');
        }
        return out.toString();
    }

    /** Whether all of the text is printable ASCII. */
    static boolean is(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!is(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean is(char c) {
        return c >= ' ' && c < 0x7F;
    }
}
