// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.dns.DomainName;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A text with macros (RFC 7208 §7), read once and expanded for each check. */
final class MacroString {

    private static final String LETTERS = "slodiphv";
    // RFC 7208 §7.2: "only in "exp" text".
    private static final String EXPLANATION_LETTERS = "crt";
    private static final String DELIMITERS = ".-+,/_=";
    private static final int MAX_NAME = 253;
    private static final int ALL_PARTS = Integer.MAX_VALUE;

    /** A stretch of literal text, or a macro. */
    private sealed interface Token {

        record Literal(String text) implements Token {}

        /**
         * @param letter in lower case
         * @param parts how many parts from the right are kept
         * @param escaped whether the letter was in upper case, which asks for URL escapes
         */
        record Macro(char letter, int parts, boolean reversed, String delimiters, boolean escaped) implements Token {}
    }

    private final String text;
    private final List<Token> tokens;
    private final boolean needsDns;
    private final boolean needsLocalPart;
    // Most names are without macros and thus the same in each check.
    private final boolean withoutMacros;
    private final Optional<DomainName> nameWithoutMacros;

    private MacroString(String text, List<Token> tokens) {
        this.text = text;
        this.tokens = List.copyOf(tokens);
        this.needsDns = has(tokens, 'p');
        this.needsLocalPart = has(tokens, 'l') || has(tokens, 's');
        String only = tokens.size() == 1 && tokens.getFirst() instanceof Token.Literal(String literal) ? literal : null;
        this.withoutMacros = only != null;
        this.nameWithoutMacros = only == null ? Optional.empty() : nameOf(only);
    }

    private static boolean has(List<Token> tokens, char letter) {
        return tokens.stream().anyMatch(token -> token instanceof Token.Macro macro && macro.letter() == letter);
    }

    /** What the letters stand for in one check. */
    interface Values {
        /** The value of a macro letter in lower case; null where its term cannot match anything. May ask the DNS for "p". */
        @Nullable String of(char letter);
    }

    /** Reads a macro-string (§7.1); null if it is none. */
    static @Nullable MacroString macroString(String text) {
        return new Parser(text, '!', LETTERS).parse();
    }

    /** Reads a domain-spec (§7.1): it ends with a macro or with a top label that has a dot in front; null if it is none. */
    static @Nullable MacroString domainSpec(String text) {
        Parser parser = new Parser(text, '!', LETTERS);
        MacroString macro = parser.parse();
        return macro != null && endsLikeADomain(text, parser.lastLiteral) ? macro : null;
    }

    /** Reads an explain-string (§6.2), which may have spaces and the letters c, r and t; null if it is none. */
    static @Nullable MacroString explanation(String text) {
        return new Parser(text, ' ', LETTERS + EXPLANATION_LETTERS).parse();
    }

    /** Whether expansion asks the DNS: "p" is the validated name of the client. */
    boolean needsDns() {
        return needsDns;
    }

    /** Whether it is not the same in every check. */
    boolean hasMacros() {
        return !withoutMacros;
    }

    /**
     * Expands to a text.
     *
     * @param max how many characters of it are wanted
     * @return null where a value is missing
     */
    @Nullable String expand(Values values, int max) {
        StringBuilder out = new StringBuilder();
        for (Token token : tokens) {
            String text = expand(token, values);
            if (text == null) {
                return null;
            }
            out.append(text);
            if (out.length() >= max) {
                return out.substring(0, max);
            }
        }
        return out.toString();
    }

    /** Expands to a name that can be looked up; empty where it is none. */
    Optional<DomainName> expandName(Values values) {
        if (withoutMacros) {
            return nameWithoutMacros;
        }
        // A local-part that is missing counts wherever it stands, also where the name has no room for it.
        if (needsLocalPart && values.of('l') == null) {
            return Optional.empty();
        }
        // From right to left and no further than a name can be long: the record decides how often a long value is repeated.
        String name = "";
        for (Token token : tokens.reversed()) {
            String text = expand(token, values);
            if (text == null) {
                return Optional.empty();
            }
            name = text + name;
            if (name.length() > MAX_NAME + 1) {
                break;
            }
        }
        return nameOf(name);
    }

    private static Optional<DomainName> nameOf(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        // RFC 7208 §7.3: labels are removed from the left until the name has 253 characters.
        int excess = name.length() - MAX_NAME;
        return DomainName.parsePrintable(excess > 0 ? name.substring(name.indexOf('.', excess - 1) + 1) : name);
    }

    /** The text as written. */
    @Override
    public String toString() {
        return text;
    }

    private static @Nullable String expand(Token token, Values values) {
        return switch (token) {
            case Token.Literal(String text) -> text;
            case Token.Macro macro -> {
                String value = values.of(macro.letter());
                yield value == null ? null : transform(value, macro);
            }
        };
    }

    private static String transform(String value, Token.Macro macro) {
        List<String> parts = split(value, macro.delimiters());
        List<String> ordered = macro.reversed() ? parts.reversed() : parts;
        int from = Math.max(0, ordered.size() - macro.parts());
        // RFC 7208 §7.3: "joined using "." and not the original splitting characters".
        String joined = String.join(".", ordered.subList(from, ordered.size()));
        return macro.escaped() ? urlEscape(joined) : joined;
    }

    private static List<String> split(String value, String delimiters) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= value.length(); i++) {
            if (i == value.length() || delimiters.indexOf(value.charAt(i)) >= 0) {
                parts.add(value.substring(start, i));
                start = i + 1;
            }
        }
        return parts;
    }

    /** RFC 3986 §2.3: everything but the unreserved characters. */
    private static String urlEscape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            if (isAlphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
                out.append(c);
            } else {
                out.append('%').append("0123456789ABCDEF".charAt(c >> 4)).append("0123456789ABCDEF".charAt(c & 0xF));
            }
        }
        return out.toString();
    }

    /** {@code domain-end = ( "." toplabel [ "." ] ) / macro-expand}, the literal text at the end starting at {@code from}. */
    private static boolean endsLikeADomain(String text, int from) {
        if (from == text.length()) {
            return !text.isEmpty();
        }
        int end = text.endsWith(".") ? text.length() - 1 : text.length();
        int dot = text.lastIndexOf('.', end - 1);
        if (dot < from || dot + 1 == end || text.charAt(dot + 1) == '-' || text.charAt(end - 1) == '-') {
            return false;
        }
        boolean allDigits = true;
        for (int i = dot + 1; i < end; i++) {
            char c = text.charAt(i);
            if (!isAlphanumeric(c) && c != '-') {
                return false;
            }
            allDigits &= c >= '0' && c <= '9';
        }
        return !allDigits;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** Reads {@code *( macro-expand / macro-literal )}. */
    private static final class Parser {

        private final String text;
        private final char firstLiteral;
        private final String letters;
        private final List<Token> tokens = new ArrayList<>();
        private final StringBuilder literal = new StringBuilder();
        private int at;
        private int lastLiteral;

        Parser(String text, char firstLiteral, String letters) {
            this.text = text;
            this.firstLiteral = firstLiteral;
            this.letters = letters;
        }

        @Nullable MacroString parse() {
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c != '%') {
                    if (c < firstLiteral || c > '~') {
                        return null;
                    }
                    literal.append(c);
                    at++;
                } else if (!macroExpand()) {
                    return null;
                }
            }
            endLiteral();
            return new MacroString(text, tokens);
        }

        private boolean macroExpand() {
            char kind = at + 1 < text.length() ? text.charAt(at + 1) : '\0';
            at += 2;
            switch (kind) {
                case '%' -> literal.append('%');
                case '_' -> literal.append(' ');
                case '-' -> literal.append("%20");
                case '{' -> {
                    endLiteral();
                    if (!macro()) {
                        return false;
                    }
                }
                default -> {
                    return false;
                }
            }
            lastLiteral = at;
            return true;
        }

        /** {@code macro-letter transformers *delimiter "}"}. */
        private boolean macro() {
            int close = text.indexOf('}', at);
            if (close <= at) {
                return false;
            }
            char letter = text.charAt(at++);
            char lower = letter >= 'A' && letter <= 'Z' ? (char) (letter + ('a' - 'A')) : letter;
            if (letters.indexOf(lower) < 0) {
                return false;
            }
            int parts = at < close && isDigit(text.charAt(at)) ? 0 : ALL_PARTS;
            while (at < close && isDigit(text.charAt(at))) {
                // §7.1 sets no end to the digits. No value has a thousand parts: larger numbers mean the same.
                parts = Math.min(999, parts * 10 + text.charAt(at++) - '0');
            }
            // RFC 7208 §7.3: "the DIGIT transformer [...] MUST be nonzero".
            if (parts == 0) {
                return false;
            }
            boolean reversed = at < close && (text.charAt(at) == 'r' || text.charAt(at) == 'R');
            at += reversed ? 1 : 0;
            StringBuilder delimiters = new StringBuilder();
            for (; at < close; at++) {
                String delimiter = text.substring(at, at + 1);
                if (!DELIMITERS.contains(delimiter)) {
                    return false;
                }
                delimiters.append(delimiters.indexOf(delimiter) < 0 ? delimiter : "");
            }
            at = close + 1;
            String splitAt = delimiters.isEmpty() ? "." : delimiters.toString();
            tokens.add(new Token.Macro(lower, parts, reversed, splitAt, letter != lower));
            return true;
        }

        private void endLiteral() {
            if (!literal.isEmpty()) {
                tokens.add(new Token.Literal(literal.toString()));
                literal.setLength(0);
            }
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }
    }
}
