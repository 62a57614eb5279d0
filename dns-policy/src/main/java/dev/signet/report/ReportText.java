// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

/** Strangers' text on its way into a report: bounded, so that nobody makes a row of it that no report can hold. */
final class ReportText {

    // As long as a name in the DNS may be.
    private static final int NAME = 253;
    private static final int COMMENT = 200;

    private ReportText() {}

    static String name(String text) {
        return cut(text, NAME);
    }

    static String comment(String text) {
        return cut(text, COMMENT);
    }

    private static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        int end = max - 3;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "...";
    }

    /** XML 1.0 §2.2: what is no Char cannot stand in a document, not even escaped; it becomes a question mark. */
    static String xml(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().map(c -> isXml(c) ? c : '?').forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static boolean isXml(int c) {
        boolean control = c < ' ' ? c != '\t' && c != '\n' && c != '\r' : c >= 0x7F && c < 0xA0;
        boolean surrogate = c >= 0xD800 && c <= 0xDFFF;
        return !control && !surrogate && c != 0xFFFE && c != 0xFFFF;
    }
}
