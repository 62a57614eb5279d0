// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.dns.Network;
import dev.signet.spf.SpfResult.State;
import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** Reads one term by the grammar of RFC 7208 §12. */
final class TermParser {

    private static final int MAX_SHOWN = 255;

    private final String text;

    private TermParser(String text) {
        this.text = text;
    }

    static Term parse(String text) {
        return new TermParser(text).term();
    }

    private Term term() {
        int end = nameEnd();
        // RFC 7208 §4.6.1: a modifier has its '=' behind the name and before any ':' or '/'.
        return end > 0 && end < text.length() && text.charAt(end) == '='
                ? modifier(text.substring(0, end), text.substring(end + 1))
                : directive();
    }

    private Term modifier(String name, String value) {
        // RFC 7208 §12 would let a broken redirect= or exp= be an unknown modifier; everybody takes it for the error it is.
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "redirect" -> {
                MacroString domain = MacroString.domainSpec(value);
                yield domain == null ? malformed("no domain to redirect to") : new Term.Redirect(domain);
            }
            case "exp" -> {
                MacroString domain = MacroString.domainSpec(value);
                yield domain == null ? malformed("no domain with an explanation") : new Term.Exp(domain);
            }
            default -> MacroString.macroString(value) == null ? malformed("a broken macro") : new Term.UnknownModifier();
        };
    }

    private Term directive() {
        int start = text.startsWith("+") || text.startsWith("-") || text.startsWith("~") || text.startsWith("?") ? 1 : 0;
        int end = start;
        while (end < text.length() && text.charAt(end) != ':' && text.charAt(end) != '/') {
            end++;
        }
        String rest = text.substring(end);
        String domain = rest.startsWith(":") ? rest.substring(1) : null;
        return switch (text.substring(start, end).toLowerCase(Locale.ROOT)) {
            case "all" -> directive(rest.isEmpty() ? new Mechanism.All() : null, "\"all\" takes no argument");
            case "include" -> include(domain);
            case "a" -> withLengths(rest, Mechanism.A::new);
            case "mx" -> withLengths(rest, Mechanism.Mx::new);
            case "ptr" -> ptr(rest, domain);
            case "ip4" -> ip4(domain);
            case "ip6" -> ip6(domain);
            case "exists" -> exists(domain);
            default -> malformed("no such mechanism");
        };
    }

    private Term include(@Nullable String domain) {
        MacroString target = domain == null ? null : MacroString.domainSpec(domain);
        return directive(target == null ? null : new Mechanism.Include(target), "no domain to include");
    }

    private Term exists(@Nullable String domain) {
        MacroString target = domain == null ? null : MacroString.domainSpec(domain);
        return directive(target == null ? null : new Mechanism.Exists(target), "no domain to look for");
    }

    private Term ptr(String rest, @Nullable String domain) {
        MacroString target = domain == null ? null : MacroString.domainSpec(domain);
        return directive(rest.isEmpty() || target != null ? new Mechanism.Ptr(target) : null, "not a domain");
    }

    private Term ip4(@Nullable String network) {
        Network block = network == null ? null : NetworkSyntax.ip4(network);
        return directive(block == null ? null : new Mechanism.Ip4(block), "not an IPv4 network");
    }

    private Term ip6(@Nullable String network) {
        Network block = network == null ? null : NetworkSyntax.ip6(network);
        return directive(block == null ? null : new Mechanism.Ip6(block), "not an IPv6 network");
    }

    @FunctionalInterface
    private interface AddressMechanism {
        Mechanism of(@Nullable MacroString domain, int bits4, int bits6);
    }

    /** {@code [ ":" domain-spec ] [ dual-cidr-length ]}, read from the end because a domain-spec may have slashes in it. */
    private Term withLengths(String rest, AddressMechanism mechanism) {
        int end = rest.length();
        int bits4 = 32;
        int bits6 = 128;
        int slash = slashBeforeDigits(rest, end);
        if (slash > 0 && rest.charAt(slash - 1) == '/') {
            bits6 = NetworkSyntax.prefixLength(rest, slash + 1, end, 128);
            end = slash - 1;
            slash = slashBeforeDigits(rest, end);
        }
        if (slash >= 0) {
            bits4 = NetworkSyntax.prefixLength(rest, slash + 1, end, 32);
            end = slash;
        }
        if (bits4 < 0 || bits6 < 0) {
            return malformed("not a prefix length");
        }
        if (end == 0) {
            return directive(mechanism.of(null, bits4, bits6), "");
        }
        String domain = rest.startsWith(":") ? rest.substring(1, end) : "";
        MacroString target = MacroString.domainSpec(domain);
        String hint = NetworkSyntax.ip4(domain) == null ? "not a domain" : "an address: that is what ip4: is for";
        return directive(target == null ? null : mechanism.of(target, bits4, bits6), hint);
    }

    /** The slash in front of the digits that end at {@code end}; -1 if there are no digits or no slash. */
    private static int slashBeforeDigits(String rest, int end) {
        int i = end;
        while (i > 0 && rest.charAt(i - 1) >= '0' && rest.charAt(i - 1) <= '9') {
            i--;
        }
        return i > 0 && i < end && rest.charAt(i - 1) == '/' ? i - 1 : -1;
    }

    private Term directive(@Nullable Mechanism mechanism, String problem) {
        if (mechanism == null) {
            return malformed(problem);
        }
        State ifMatched = switch (text.charAt(0)) {
            case '-' -> State.FAIL;
            case '~' -> State.SOFTFAIL;
            case '?' -> State.NEUTRAL;
            // RFC 7208 §4.6.2: "+" where there is no qualifier.
            default -> State.PASS;
        };
        return new Term.Directive(ifMatched, mechanism, text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN));
    }

    private Term malformed(String problem) {
        return new Term.Malformed(problem + ": " + Printable.cut(text, 60));
    }

    /** Behind the last char of {@code ALPHA *( ALPHA / DIGIT / "-" / "_" / "." )}; 0 if there is no such name. */
    private int nameEnd() {
        int i = 0;
        while (i < text.length() && isNameChar(text.charAt(i), i == 0)) {
            i++;
        }
        return i;
    }

    private static boolean isNameChar(char c, boolean first) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (!first && ((c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'));
    }
}
