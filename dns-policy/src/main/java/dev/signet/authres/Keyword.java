// SPDX-License-Identifier: Apache-2.0
package dev.signet.authres;

import dev.signet.message.FieldScanner;

import java.util.Locale;

/** The names of methods, results and properties: letters, digits and hyphens in any case (RFC 5321 §4.1.2, {@code Keyword}). */
final class Keyword {

    private Keyword() {}

    /** Underscores are outside the grammar, but private methods of others are written with them. */
    static boolean isChar(int c) {
        return FieldScanner.isLetterOrDigit(c) || c == '-' || c == '_';
    }

    /**
     * In the one form that can be compared.
     *
     * @throws IllegalArgumentException if it is no keyword
     */
    static String of(String text) {
        boolean sound = !text.isEmpty();
        for (int i = 0; i < text.length(); i++) {
            sound &= isChar(text.charAt(i));
        }
        if (!sound) {
            throw new IllegalArgumentException("not a keyword: " + text);
        }
        return text.toLowerCase(Locale.ROOT);
    }
}
