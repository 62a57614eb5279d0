// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import dev.signet.dns.DomainName;
import dev.signet.keys.KeyType;
import dev.signet.keys.VerificationKey;
import dev.signet.message.Canonicalization;
import dev.signet.message.TagList;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The tags of a signature, each read by its own rules: those of RFC 6376 §3.5, which ARC took over for its two signatures
 * (RFC 8617 §4.1.2, §4.1.3). What differs between them is read by those who know.
 */
public final class SignatureTags {

    private static final int MAX_SIGNED_HEADERS = 1000;
    private static final int SHA256_BYTES = 32;
    private static final int MAX_TEXT = 320;

    private final TagList tags;

    /**
     * Why a tag cannot be taken. Thrown while one field is being read and caught where that began: the checks of a field read
     * best one after the other.
     */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        /** @param reason for humans, with nothing in it that does not print */
        public Refused(String reason) {
            super(reason, null, false, false);
        }
    }

    public SignatureTags(TagList tags) {
        this.tags = tags;
    }

    /** The value of a tag that must be there and must not be empty. */
    public String required(String name) throws Refused {
        String value = tags.get(name);
        if (value == null || value.isEmpty()) {
            throw missing(name);
        }
        return value;
    }

    private static Refused missing(String name) {
        return new Refused("the tag " + name + "= is missing");
    }

    /** {@code a=}. */
    public KeyType algorithm() throws Refused {
        String a = required("a");
        for (KeyType type : KeyType.values()) {
            if (type.algorithm().equalsIgnoreCase(a)) {
                return type;
            }
        }
        // RFC 8301 §3.1: rsa-sha1 must not be used for signing or verifying.
        throw new Refused(a.equals("rsa-sha1") ? "a=rsa-sha1 is no longer secure" : "unknown algorithm: a=" + printableText(a));
    }

    /** {@code d=}. */
    public DomainName domain() throws Refused {
        String d = required("d");
        return findDomain().orElseThrow(() -> new Refused("d= is not a domain name: " + printableText(d)));
    }

    Optional<DomainName> findDomain() {
        return Optional.ofNullable(tags.get("d")).flatMap(SignatureTags::domainName);
    }

    /** {@code s=}, in lower case. */
    public String selector() throws Refused {
        return required("s").toLowerCase(Locale.ROOT);
    }

    /** Where a domain publishes the key of {@code s=}. */
    public DomainName keyName(DomainName domain) throws Refused {
        String s = required("s");
        return domainName(s).flatMap(selector -> domain.prefixedWith(selector + "._domainkey"))
                .orElseThrow(() -> new Refused("s= is not a selector: " + printableText(s)));
    }

    /** {@code b=}. */
    public byte[] signature() throws Refused {
        return base64("b", VerificationKey.MAX_RSA_BITS / 8);
    }

    /** {@code bh=}. */
    public byte[] bodyHash() throws Refused {
        byte[] hash = base64("bh", SHA256_BYTES);
        if (hash.length != SHA256_BYTES) {
            throw new Refused("bh= is not a SHA-256 hash");
        }
        return hash;
    }

    /**
     * The first half of {@code c=}.
     *
     * @param unsaid where there is no {@code c=}
     */
    public Canonicalization headerForm(Canonicalization unsaid) throws Refused {
        String c = tags.get("c");
        return c == null ? unsaid : form(c, c.indexOf('/') < 0 ? c : c.substring(0, c.indexOf('/')));
    }

    /**
     * The second half of {@code c=}, simple where only that is missing (RFC 6376 §3.5).
     *
     * @param unsaid where there is no {@code c=}
     */
    public Canonicalization bodyForm(Canonicalization unsaid) throws Refused {
        String c = tags.get("c");
        if (c == null) {
            return unsaid;
        }
        return c.indexOf('/') < 0 ? Canonicalization.SIMPLE : form(c, c.substring(c.indexOf('/') + 1));
    }

    private static Canonicalization form(String c, String form) throws Refused {
        return Canonicalization.parse(form).orElseThrow(() -> new Refused("unknown canonicalization: c=" + printableText(c)));
    }

    /** The names in {@code h=}, which must be there; those between two colons are empty. */
    public List<String> signedHeaders() throws Refused {
        String h = tags.get("h");
        if (h == null) {
            throw missing("h");
        }
        List<String> names = new ArrayList<>(20);
        int start = 0;
        while (start <= h.length()) {
            int colon = h.indexOf(':', start);
            int end = colon < 0 ? h.length() : colon;
            if (names.size() == MAX_SIGNED_HEADERS) {
                throw new Refused("h= has more than " + MAX_SIGNED_HEADERS + " names");
            }
            names.add(h.substring(start, end).strip());
            start = end + 1;
        }
        return names;
    }

    /** {@code t=}; null where the signature does not say when it was made. */
    public @Nullable Instant created() throws Refused {
        String t = tags.get("t");
        return t == null ? null : Instant.ofEpochSecond(seconds("t", t));
    }

    /** {@code x=}; null where the signature never expires. */
    public @Nullable Instant expires() throws Refused {
        Instant created = created();
        String x = tags.get("x");
        if (x == null) {
            return null;
        }
        Instant expires = Instant.ofEpochSecond(seconds("x", x));
        // RFC 6376 §3.5, x=: "MUST be greater than the value of the t= tag if both are present".
        if (created != null && !expires.isAfter(created)) {
            throw new Refused("x= is not after t=");
        }
        return expires;
    }

    /** RFC 6376 §3.5, q=: the only known method is dns/txt; asking it twice makes no difference, so it is asked once. */
    public void requireDnsQuery() throws Refused {
        String q = tags.get("q");
        if (q == null) {
            return;
        }
        for (String method : q.split(":", -1)) {
            if (method.strip().equalsIgnoreCase("dns/txt")) {
                return;
            }
        }
        throw new Refused("unknown query method: q=" + printableText(q));
    }

    private static long seconds(String name, String value) throws Refused {
        // 12 digits, as §3.5 asks for, reach beyond the year 30000.
        if (value.isEmpty() || value.length() > 12 || !isDigits(value)) {
            throw new Refused(name + "= is not a time in seconds");
        }
        return Long.parseLong(value);
    }

    private byte[] base64(String name, int maxBytes) throws Refused {
        TagList.Tag tag = tags.tag(name);
        byte[] bytes;
        try {
            bytes = tag == null ? new byte[0] : tag.base64();
        } catch (IllegalArgumentException e) {
            throw new Refused(name + "= is not base64");
        }
        if (bytes.length == 0) {
            throw missing(name);
        }
        if (bytes.length > maxBytes) {
            throw new Refused(name + "= is longer than any that is allowed");
        }
        return bytes;
    }

    static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    // RFC 8616 §5: d=, s= and i= may hold U-labels, in UTF-8.
    static Optional<DomainName> domainName(String octets) {
        return octets.endsWith(".") ? Optional.empty() : DomainName.parse(utf8(octets));
    }

    static String utf8(String octets) {
        for (int i = 0; i < octets.length(); i++) {
            if (octets.charAt(i) >= 0x80) {
                return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            }
        }
        return octets;
    }

    @Nullable String printable(String name) {
        String value = tags.get(name);
        return value == null ? null : printableText(utf8(value));
    }

    /** A stranger's text for our own reasons, headers and logs: cut, and without control characters. */
    static String printableText(String text) {
        String cut = text.length() <= MAX_TEXT
                ? text
                : text.substring(0, text.offsetByCodePoints(0, Math.min(MAX_TEXT, text.codePointCount(0, text.length()))));
        for (int i = 0; i < cut.length(); i++) {
            if (Character.isISOControl(cut.charAt(i))) {
                cut = cut.replace(cut.charAt(i), '?');
            }
        }
        return cut;
    }
}
