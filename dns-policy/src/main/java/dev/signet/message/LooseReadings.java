// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What careless readers may make of a structured field: comments ignored, taken out with or without regard to backslashes, or ended at
 * the first parenthesis; quotes, backslashes and white space dropped; encoded words decoded where none may be. Never to learn what a field says, only
 * to be on the safe side about what it could be taken for.
 */
public final class LooseReadings {

    private LooseReadings() {}

    /** The readings, the text itself first; at most sixteen, none much longer than the text. */
    public static Set<String> of(String text) {
        Set<String> readings = new LinkedHashSet<>();
        for (String reading : withQuotes(text)) {
            readings.add(reading);
            readings.add(dense(reading));
        }
        return readings;
    }

    /** Those in which quotes, backslashes and white space still stand. */
    private static Set<String> withQuotes(String text) {
        Set<String> readings = new LinkedHashSet<>();
        addAll(readings, text);
        if (text.contains("=?")) {
            addAll(readings, withWordsDecoded(text));
        }
        return readings;
    }

    /**
     * Whether some reader finds a domain name that is no part of a longer one. What no name of a host has in ASCII ends it: who
     * knows no other names reads no further.
     *
     * @param before what stands right in front of the name, such as {@code receiver=}, in lower case; empty for any place
     * @param name in lower case
     */
    public static boolean mention(String text, String before, String name) {
        return withQuotes(text).stream().anyMatch(reading -> hasName(reading.toLowerCase(Locale.ROOT), before, name));
    }

    private static boolean hasName(String text, String before, String name) {
        String phrase = before + name;
        for (int i = text.indexOf(phrase.charAt(0)); i >= 0; i = text.indexOf(phrase.charAt(0), i + 1)) {
            boolean begins = i == 0 || !before.isEmpty() || !isNameChar(text.charAt(i - 1));
            int end = begins ? endOf(phrase, text, i) : -1;
            if (end >= 0) {
                int behind = end < text.length() && text.charAt(end) == '.' ? end + 1 : end;
                if (behind == text.length() || !isNameChar(text.charAt(behind))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Where a phrase ends that begins here, whatever is dropped within it by some; negative if it does not stand here. */
    private static int endOf(String phrase, String text, int start) {
        int end = start;
        for (int i = 0; i < phrase.length(); i++) {
            while (end < text.length() && isDropped(text.charAt(end))) {
                end++;
            }
            if (end == text.length() || text.charAt(end) != phrase.charAt(i)) {
                return -1;
            }
            end++;
        }
        return end;
    }

    private static boolean isNameChar(char c) {
        return FieldScanner.isLetterOrDigit(c) || c == '-' || c == '.';
    }

    private static void addAll(Set<String> readings, String text) {
        readings.add(text);
        if (text.indexOf('(') >= 0) {
            readings.add(withoutComments(text, true, true));
            readings.add(withoutComments(text, true, false));
            readings.add(withoutComments(text, false, false));
        }
    }

    /**
     * @param nested whether comments hold comments (RFC 5322 §3.2.2)
     * @param quoting whether a backslash in a comment takes the next character its meaning (§3.2.1)
     */
    private static String withoutComments(String text, boolean nested, boolean quoting) {
        StringBuilder out = new StringBuilder(text.length());
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoting && depth > 0 && c == '\\') {
                i++;
            } else if (c == '(') {
                depth = nested ? depth + 1 : 1;
            } else if (c == ')' && depth > 0) {
                depth--;
            } else if (depth == 0) {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static String dense(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isDropped(c)) {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean isDropped(char c) {
        return c <= ' ' || c == 0x7F || c == '"' || c == '\\';
    }

    /** RFC 2047 §2, {@code =?charset?encoding?text?=}, whatever the charset: domain names are ASCII or UTF-8. */
    private static String withWordsDecoded(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int done = 0;
        for (int start = text.indexOf("=?"); start >= 0; start = text.indexOf("=?", Math.max(done, start + 2))) {
            int encoding = text.indexOf('?', start + 2) + 1;
            int content = encoding + 2;
            if (encoding == 0 || content > text.length()) {
                break;
            }
            int end = text.indexOf("?=", content);
            if (end < 0) {
                break;
            }
            out.append(text, done, start).append(decode(text.charAt(encoding), text.substring(content, end)));
            done = end + 2;
        }
        return out.append(text, done, text.length()).toString();
    }

    private static String decode(char encoding, String content) {
        if (encoding == 'b' || encoding == 'B') {
            return new String(Base64.getMimeDecoder().decode(wholeQuanta(content)), StandardCharsets.ISO_8859_1);
        }
        StringBuilder out = new StringBuilder(content.length());
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            int high = c == '=' && i + 2 < content.length() ? Character.digit(content.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(content.charAt(i + 2), 16) : -1;
            if (low >= 0) {
                out.append((char) (high << 4 | low));
                i += 2;
            } else {
                out.append(c == '_' ? ' ' : c);
            }
        }
        return out.toString();
    }

    /** Only what the JDK's decoder accepts without complaint: the base64 alphabet, and no lone char at the end. */
    private static String wholeQuanta(String base64) {
        StringBuilder out = new StringBuilder(base64.length());
        for (int i = 0; i < base64.length(); i++) {
            char c = base64.charAt(i);
            if (FieldScanner.isLetterOrDigit(c) || c == '+' || c == '/') {
                out.append(c);
            }
        }
        if (out.length() % 4 == 1) {
            out.setLength(out.length() - 1);
        }
        return out.toString();
    }
}
