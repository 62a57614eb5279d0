// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import dev.signet.dns.DomainName;
import dev.signet.keys.KeyType;
import dev.signet.message.Canonicalization;
import dev.signet.message.HeaderField;
import dev.signet.message.TagList;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A DKIM-Signature field, read and found sound by itself (RFC 6376 §3.5).
 *
 * @param bodyLength {@code l=}, {@link Long#MAX_VALUE} where the whole body is signed
 * @param identity {@code i=}, or {@code @} and the domain
 * @param expires {@code x=}; null where it never expires
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never handed out of this package.
record DkimSignature(
        HeaderField field,
        TagList tags,
        KeyType algorithm,
        Canonicalization headerForm,
        Canonicalization bodyForm,
        DomainName domain,
        String selector,
        DomainName keyName,
        String identity,
        DomainName identityDomain,
        List<String> signedHeaders,
        long bodyLength,
        byte[] bodyHash,
        byte[] value,
        @Nullable Instant expires) {

    /** The name of the field. */
    static final String FIELD = "DKIM-Signature";

    private static final int MAX_FIELD = 64 * 1024;
    private static final int MAX_SIGNED_HEADERS = 1000;
    private static final int SHA256_BYTES = 32;

    /** What reading the field ends with. */
    sealed interface Parse {
        record Sound(DkimSignature signature) implements Parse {}

        record Broken(DkimResult result) implements Parse {}
    }

    /** Thrown and caught in this file only: the checks below read best one after the other. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String reason) {
            super(reason, null, false, false);
        }
    }

    static Parse parse(HeaderField field) {
        if (field.length() > MAX_FIELD) {
            return new Parse.Broken(DkimResult.unreadable(DkimState.NEUTRAL, "not checked: the field is longer than 64 KB"));
        }
        return switch (TagList.parse(field.body())) {
            case TagList.Parse.Malformed(String reason) ->
                new Parse.Broken(DkimResult.unreadable(DkimState.PERMERROR, "syntax error: " + reason));
            case TagList.Parse.Sound(TagList tags) -> read(field, tags);
        };
    }

    private static Parse read(HeaderField field, TagList tags) {
        Optional<DomainName> domain = Optional.ofNullable(tags.get("d")).flatMap(DkimSignature::domainName);
        try {
            // RFC 6376 §3.5, v=: a verifier must refuse what it does not know.
            if (!"1".equals(required(tags, "v"))) {
                throw new Refused("v= is not 1");
            }
            String d = required(tags, "d");
            DomainName signer = domain.orElseThrow(() -> new Refused("d= is not a domain name: " + printable(d)));
            String s = required(tags, "s");
            DomainName keyName = domainName(s).flatMap(selector -> signer.prefixedWith(selector + "._domainkey"))
                    .orElseThrow(() -> new Refused("s= is not a selector: " + printable(s)));
            Canonicalization[] forms = forms(tags.get("c"));
            String identity = Optional.ofNullable(tags.get("i")).orElse("@" + signer);
            requireDnsQuery(tags.get("q"));
            Instant expires = expires(tags);
            DkimSignature signature = new DkimSignature(
                    field,
                    tags,
                    algorithm(required(tags, "a")),
                    forms[0],
                    forms[1],
                    signer,
                    s.toLowerCase(Locale.ROOT),
                    keyName,
                    printable(utf8(identity)),
                    identityDomain(identity, signer),
                    signedHeaders(required(tags, "h")),
                    bodyLength(tags.get("l")),
                    bodyHash(required(tags, "bh")),
                    base64("b", required(tags, "b"), DkimOptions.MAX_RSA_BITS / 8),
                    expires);
            return new Parse.Sound(signature);
        } catch (Refused refused) {
            String reason = String.valueOf(refused.getMessage());
            return new Parse.Broken(new DkimResult(DkimState.PERMERROR, reason, domain.orElse(null), printableTag(tags, "s"),
                    printableTag(tags, "i"), printableTag(tags, "a"), 0, start(tags), false));
        }
    }

    /** The first eight characters of {@code b=} (RFC 6008 §4). */
    @Nullable String start() {
        return start(tags);
    }

    private static @Nullable String start(TagList tags) {
        String b = tags.get("b");
        if (b == null) {
            return null;
        }
        String compact = TagList.withoutWhitespace(b);
        return printable(compact.substring(0, Math.min(8, compact.length())));
    }

    private static String required(TagList tags, String name) throws Refused {
        String value = tags.get(name);
        if (value == null || value.isEmpty()) {
            throw new Refused("the tag " + name + "= is missing");
        }
        return value;
    }

    private static KeyType algorithm(String a) throws Refused {
        for (KeyType type : KeyType.values()) {
            if (type.algorithm().equalsIgnoreCase(a)) {
                return type;
            }
        }
        // RFC 8301 §3.1: rsa-sha1 must not be used for signing or verifying.
        throw new Refused(a.equals("rsa-sha1") ? "a=rsa-sha1 is no longer secure" : "unknown algorithm a=" + printable(a));
    }

    // RFC 6376 §3.5, c=: header form, slash, body form; both simple unless said otherwise.
    private static Canonicalization[] forms(@Nullable String c) throws Refused {
        if (c == null) {
            return new Canonicalization[] {Canonicalization.SIMPLE, Canonicalization.SIMPLE};
        }
        int slash = c.indexOf('/');
        Optional<Canonicalization> header = Canonicalization.parse(slash < 0 ? c : c.substring(0, slash));
        Optional<Canonicalization> body = slash < 0 ? Optional.of(Canonicalization.SIMPLE) : Canonicalization.parse(c.substring(slash + 1));
        if (header.isEmpty() || body.isEmpty()) {
            throw new Refused("unknown canonicalization c=" + printable(c));
        }
        return new Canonicalization[] {header.get(), body.get()};
    }

    // RFC 6376 §3.5, i=: its domain is d= or below; the local part may be empty, quoted, and hold '@' in quotes.
    private static DomainName identityDomain(String identity, DomainName signer) throws Refused {
        int at = identity.lastIndexOf('@');
        if (at < 0) {
            throw new Refused("i= has no '@'");
        }
        DomainName domain = domainName(identity.substring(at + 1)).orElseThrow(() -> new Refused("i= has no domain name"));
        if (!domain.isAtOrBelow(signer)) {
            throw new Refused("i= is not within d=");
        }
        return domain;
    }

    private static List<String> signedHeaders(String h) throws Refused {
        List<String> names = new ArrayList<>(20);
        boolean from = false;
        int start = 0;
        while (start <= h.length()) {
            int colon = h.indexOf(':', start);
            int end = colon < 0 ? h.length() : colon;
            String name = h.substring(start, end).strip();
            if (name.isEmpty()) {
                throw new Refused("h= has an empty name");
            }
            if (names.size() == MAX_SIGNED_HEADERS) {
                throw new Refused("h= has more than " + MAX_SIGNED_HEADERS + " names");
            }
            from |= name.equalsIgnoreCase("from");
            names.add(name);
            start = end + 1;
        }
        // RFC 6376 §5.4: "The From header field MUST be signed".
        if (!from) {
            throw new Refused("h= does not sign From");
        }
        return names;
    }

    private static long bodyLength(@Nullable String l) throws Refused {
        if (l == null) {
            return Long.MAX_VALUE;
        }
        // RFC 6376 §3.5, l=: up to 76 digits; beyond 18 no body is that long.
        if (l.isEmpty() || l.length() > 76 || !isDigits(l)) {
            throw new Refused("l= is not a number");
        }
        String significant = l.replaceFirst("^0+(?=.)", "");
        return significant.length() > 18 ? Long.MAX_VALUE - 1 : Long.parseLong(significant);
    }

    private static byte[] bodyHash(String bh) throws Refused {
        byte[] hash = base64("bh", bh, SHA256_BYTES);
        if (hash.length != SHA256_BYTES) {
            throw new Refused("bh= is not a SHA-256 hash");
        }
        return hash;
    }

    // RFC 6376 §3.5, q=: the only known method is dns/txt; asking it twice makes no difference, so it is asked once.
    private static void requireDnsQuery(@Nullable String q) throws Refused {
        if (q == null) {
            return;
        }
        for (String method : q.split(":", -1)) {
            if (method.strip().equalsIgnoreCase("dns/txt")) {
                return;
            }
        }
        throw new Refused("unknown query method q=" + printable(q));
    }

    private static @Nullable Instant expires(TagList tags) throws Refused {
        String x = tags.get("x");
        String t = tags.get("t");
        long created = t == null ? Long.MIN_VALUE : seconds("t", t);
        if (x == null) {
            return null;
        }
        long expires = seconds("x", x);
        // RFC 6376 §3.5, x=: "MUST be greater than the value of the t= tag if both are present".
        if (expires <= created) {
            throw new Refused("x= is not after t=");
        }
        return Instant.ofEpochSecond(expires);
    }

    private static long seconds(String name, String value) throws Refused {
        // 12 digits, as §3.5 asks for, reach beyond the year 30000.
        if (value.isEmpty() || value.length() > 12 || !isDigits(value)) {
            throw new Refused(name + "= is not a time in seconds");
        }
        return Long.parseLong(value);
    }

    private static byte[] base64(String name, String value, int maxBytes) throws Refused {
        String compact = TagList.withoutWhitespace(value);
        if (compact.length() > (maxBytes + 2) / 3 * 4) {
            throw new Refused(name + "= is longer than any that is allowed");
        }
        try {
            return Base64.getDecoder().decode(compact);
        } catch (IllegalArgumentException e) {
            throw new Refused(name + "= is not base64");
        }
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    // RFC 8616 §5: d=, s= and i= may hold U-labels, in UTF-8.
    private static Optional<DomainName> domainName(String octets) {
        return octets.endsWith(".") ? Optional.empty() : DomainName.parse(utf8(octets));
    }

    private static String utf8(String octets) {
        return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static @Nullable String printableTag(TagList tags, String name) {
        String value = tags.get(name);
        return value == null ? null : printable(utf8(value));
    }

    /** A stranger's text for our own reasons, headers and logs: cut, and without control characters. */
    private static String printable(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), 320));
        text.codePoints().limit(320).forEach(c -> out.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return out.toString();
    }
}
