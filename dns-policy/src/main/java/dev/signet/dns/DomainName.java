// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import com.ibm.icu.text.IDNA;
import org.jspecify.annotations.Nullable;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A fully qualified domain name in the one form that can be compared: A-labels, lower case, no trailing dot.
 *
 * <p>Holds any printable ASCII, not only letters, digits and hyphens: {@code _dmarc}, {@code selector._domainkey} and the names
 * that SPF macros build (even with spaces, RFC 7208 §7.1) are all names in the DNS.
 *
 * @param ascii the name; empty for the root
 */
public record DomainName(String ascii) implements Comparable<DomainName> {

    /** The root of the DNS. */
    public static final DomainName ROOT = new DomainName("");

    // RFC 1035 §2.3.4: 255 octets on the wire, which leaves 253 characters in presentation form.
    private static final int MAX_LENGTH = 253;
    private static final int MAX_LABEL = 63;

    // Non-transitional UTS #46 as RFC 8616 and browsers have it. Immutable, hence shareable.
    private static final IDNA UTS46 = IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII | IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ);

    /** Use {@link #of} or {@link #parse}: they bring a name into the one form first. */
    public DomainName {
        String problem = problemOf(ascii);
        if (problem != null) {
            throw new IllegalArgumentException("not a domain name, " + problem + ": " + ascii);
        }
    }

    /**
     * Reads a name that is known to be sound.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public static DomainName of(String text) {
        if (text.indexOf(' ') >= 0) {
            throw new IllegalArgumentException("not a domain name, a character that is not visible ASCII: " + text);
        }
        return new DomainName(normalise(text));
    }

    /** Reads a name from the outside, with A-labels or U-labels (RFC 5890), with or without a trailing dot. */
    public static Optional<DomainName> parse(String text) {
        // No name of 253 A-label octets is longer than this in Unicode; a bound before the IDNA library sees it.
        if (text.length() > 1024) {
            return Optional.empty();
        }
        String name = normalise(text);
        boolean sound = !name.isEmpty() && name.indexOf(' ') < 0 && problemOf(name) == null;
        return sound ? Optional.of(new DomainName(name)) : Optional.empty();
    }

    /** Reads a name that somebody's record computes, as SPF macros do: any printable ASCII, also spaces; nothing is converted. */
    public static Optional<DomainName> parsePrintable(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        return name.isEmpty() || problemOf(name) != null ? Optional.empty() : Optional.of(new DomainName(name));
    }

    /** The name under {@code in-addr.arpa} or {@code ip6.arpa} at which an address has its PTR records. */
    public static DomainName reverseOf(InetAddress address) {
        byte[] octets = address.getAddress();
        StringBuilder name = new StringBuilder(80);
        for (int i = octets.length - 1; i >= 0; i--) {
            if (address instanceof Inet6Address) {
                name.append(Character.forDigit(octets[i] & 0xF, 16)).append('.');
                name.append(Character.forDigit((octets[i] >> 4) & 0xF, 16)).append('.');
            } else {
                name.append(octets[i] & 0xFF).append('.');
            }
        }
        return new DomainName(name.append(address instanceof Inet6Address ? "ip6.arpa" : "in-addr.arpa").toString());
    }

    /** This name with {@code labels} (such as {@code "_dmarc"} or {@code "sel._domainkey"}) in front; empty if it gets too long. */
    public Optional<DomainName> prefixedWith(String labels) {
        return parse(ascii.isEmpty() ? labels : labels + "." + ascii);
    }

    /** The labels from left to right; none for the root. */
    public List<String> labels() {
        return ascii.isEmpty() ? List.of() : List.copyOf(Arrays.asList(ascii.split("\\.", -1)));
    }

    /** The name without its leftmost label; empty for the root. */
    public Optional<DomainName> parent() {
        if (ascii.isEmpty()) {
            return Optional.empty();
        }
        int dot = ascii.indexOf('.');
        return Optional.of(dot < 0 ? ROOT : new DomainName(ascii.substring(dot + 1)));
    }

    /** The last {@code count} labels; the name itself if it has no more. */
    public DomainName rightmost(int count) {
        int start = ascii.length() + 1;
        for (int i = 0; i < count && start > 0; i++) {
            start = ascii.lastIndexOf('.', start - 2) + 1;
        }
        return start == 0 ? this : new DomainName(start > ascii.length() ? "" : ascii.substring(start));
    }

    /** Whether this name is {@code other} or lies below it. */
    public boolean isAtOrBelow(DomainName other) {
        return equals(other) || other.ascii.isEmpty() || ascii.endsWith("." + other.ascii);
    }

    @Override
    public int compareTo(DomainName other) {
        return ascii.compareTo(other.ascii);
    }

    @Override
    public String toString() {
        return ascii;
    }

    private static String normalise(String text) {
        String name = isAscii(text) ? text : toALabels(text);
        name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return name.toLowerCase(Locale.ROOT);
    }

    /** Returns a name that {@link #problemOf} refuses where UTS #46 finds an error. */
    private static String toALabels(String text) {
        IDNA.Info info = new IDNA.Info();
        StringBuilder out = UTS46.nameToASCII(text, new StringBuilder(), info);
        return info.hasErrors() ? text : out.toString();
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String problemOf(String name) {
        if (name.length() > MAX_LENGTH) {
            return "longer than 253 octets";
        }
        int labelStart = 0;
        for (int i = 0; i <= name.length(); i++) {
            char c = i == name.length() ? '.' : name.charAt(i);
            if (c == '.') {
                if (i == labelStart && !name.isEmpty()) {
                    return "an empty label";
                }
                if (i - labelStart > MAX_LABEL) {
                    return "a label longer than 63 octets";
                }
                labelStart = i + 1;
            } else if (c < ' ' || c >= 0x7F) {
                return "a character that is not printable ASCII";
            } else if (c >= 'A' && c <= 'Z') {
                return "upper case";
            }
        }
        return null;
    }
}
