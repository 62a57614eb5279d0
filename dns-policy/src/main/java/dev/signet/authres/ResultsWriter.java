// SPDX-License-Identifier: Apache-2.0
package dev.signet.authres;

import com.google.common.base.CharMatcher;
import dev.signet.message.FieldScanner;
import dev.signet.message.Utf8;

/**
 * Writes results as the body of a field: one result a line, folded, everything from outside bounded, cleaned and quoted.
 */
final class ResultsWriter {

    // RFC 5322 §2.1.1: lines should have no more than 78 characters.
    private static final int LINE = 78;

    // RFC 5321 §4.5.3.1.3 lets no path be longer. An ARC result lists one entry a set in its comment, hence more room there.
    private static final int MAX_VALUE = 256;
    private static final int MAX_COMMENT = 1024;

    // No domain name ends so: what was cut cannot be taken for a shorter name.
    private static final String CUT = "...";
    private static final CharMatcher PRINTABLE = CharMatcher.inRange(' ', '~');
    // What readers agree on without quotes: ASCII only.
    private static final CharMatcher TOKEN = CharMatcher.ascii().and(CharMatcher.forPredicate(ResultsParser::isToken)).precomputed();
    private static final CharMatcher LOCAL_PART =
            CharMatcher.ascii().and(CharMatcher.forPredicate(FieldScanner::isAtext).or(CharMatcher.is('.'))).precomputed();

    // RFC 5322 §3.2.2 and §3.2.4.
    private static final CharMatcher COMMENT_SPECIALS = CharMatcher.anyOf("()\\").precomputed();
    private static final CharMatcher QUOTED_SPECIALS = CharMatcher.anyOf("\"\\").precomputed();

    private final StringBuilder out = new StringBuilder(800);
    private int column;

    ResultsWriter(String fieldName) {
        this.column = fieldName.length() + 1;
    }

    /** @param prefix what stands before the authserv-id */
    String write(String prefix, AuthenticationResults field) {
        StringBuilder line = new StringBuilder(200).append(prefix).append(' ').append(authservId(field.authservId()));
        if (field.version() != 1) {
            line.append(' ').append(field.version());
        }
        if (field.results().isEmpty()) {
            line.append("; none");
        }
        for (MethodResult result : field.results()) {
            fold(line.append(';'));
            out.append("\r\n");
            column = 0;
            line.setLength(0);
            append(line.append('\t'), result);
        }
        fold(line);
        return out.toString();
    }

    private static void append(StringBuilder line, MethodResult result) {
        line.append(result.method());
        if (result.version() != 1) {
            line.append('/').append(result.version());
        }
        line.append('=').append(result.result());
        for (String comment : result.comments()) {
            line.append(" (").append(escape(clean(comment, MAX_COMMENT), COMMENT_SPECIALS)).append(')');
        }
        result.reason().ifPresent(reason -> line.append(" reason=").append(quote(clean(reason, MAX_VALUE))));
        for (Property property : result.properties()) {
            line.append(' ').append(property.type()).append('.').append(property.name());
            line.append('=').append(value(property.value()));
        }
    }

    /** RFC 8601 §2.2: a token as it is, everything else as a quoted string. */
    private static String authservId(String text) {
        String clean = clean(text, MAX_VALUE);
        return isToken(clean) ? clean : quote(clean);
    }

    /** RFC 8601 §2.2: a token or an address as it is, everything else as a quoted string. */
    private static String value(String text) {
        String clean = clean(text, MAX_VALUE);
        int at = clean.lastIndexOf('@');
        String localPart = clean.substring(0, Math.max(at, 0));
        boolean bare = LOCAL_PART.matchesAllOf(localPart) && isToken(clean.substring(at + 1));
        return bare ? clean : quote(clean);
    }

    private static boolean isToken(String text) {
        return !text.isEmpty() && TOKEN.matchesAllOf(text);
    }

    /** As a quoted string (RFC 5322 §3.2.4). */
    static String quote(String text) {
        return '"' + escape(text, QUOTED_SPECIALS) + '"';
    }

    private static String escape(String text, CharMatcher specials) {
        if (specials.matchesNoneOf(text)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 2);
        for (int i = 0; i < text.length(); i++) {
            if (specials.matches(text.charAt(i))) {
                escaped.append('\\');
            }
            escaped.append(text.charAt(i));
        }
        return escaped.toString();
    }

    /** Without control characters, nothing but UTF-8, and no longer than {@code max} bytes. */
    private static String clean(String text, int max) {
        // A bound before anything else is done with a stranger's text.
        String start = text.length() > max ? text.substring(0, max) : text;
        String cut = text.length() > max ? start.substring(0, characterStart(start, max - CUT.length())) + CUT : start;
        if (PRINTABLE.matchesAllOf(cut)) {
            return cut;
        }
        // RFC 6532 §3.2: what is not UTF-8 has no place in a header, and readers disagree about it.
        String unicode = Utf8.decode(cut).orElseGet(() -> cut.replaceAll("[^\\x00-\\x7F]", "?"));
        StringBuilder clean = new StringBuilder(unicode.length());
        unicode.codePoints().map(ResultsWriter::harmless).forEach(clean::appendCodePoint);
        return Utf8.encode(clean.toString());
    }

    private static int harmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> '?';
            default -> codePoint;
        };
    }

    /** The last place up to {@code index} that is not within a character of UTF-8. */
    private static int characterStart(String text, int index) {
        int i = index;
        while (i > 0 && (text.charAt(i) & 0xC0) == 0x80 && text.charAt(i) <= 0xFF) {
            i--;
        }
        return i;
    }

    /** Breaks a line before such spaces that stand alone: there, folding is allowed inside comments and quoted strings too. */
    private void fold(StringBuilder line) {
        int start = 0;
        int space = 0;
        for (int i = 1; i <= line.length(); i++) {
            boolean mayBreak = i == line.length()
                    || (line.charAt(i) == ' ' && line.charAt(i - 1) != ' ' && i + 1 < line.length() && line.charAt(i + 1) != ' ');
            if (mayBreak && column + i - start > LINE && space > start) {
                out.append(line, start, space).append("\r\n");
                start = space;
                column = 0;
            }
            if (mayBreak) {
                space = i;
            }
        }
        out.append(line, start, line.length());
        column += line.length() - start;
    }
}
