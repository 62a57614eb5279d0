// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import dev.signet.dns.DomainName;
import dev.signet.keys.KeyType;
import dev.signet.message.Canonicalization;
import dev.signet.message.HeaderField;
import dev.signet.message.TagList;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A DKIM-Signature field, read and found sound by itself (RFC 6376 §3.5).
 *
 * @param bodyLength {@code l=}, {@link Long#MAX_VALUE} where the whole body is signed
 * @param identity {@code i=}, or {@code @} and the domain
 * @param created {@code t=}; null where it does not say
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
        @Nullable Instant created,
        @Nullable Instant expires) {

    /** The name of the field. */
    static final String FIELD = "DKIM-Signature";

    private static final int MAX_FIELD = 64 * 1024;

    /** What reading the field ends with. */
    sealed interface Parse {
        record Sound(DkimSignature signature) implements Parse {}

        record Broken(DkimResult result) implements Parse {}
    }

    static Parse parse(HeaderField field) {
        if (field.length() > MAX_FIELD) {
            return new Parse.Broken(DkimResult.unreadable(DkimState.NEUTRAL, "not checked: the field is longer than 64 KB"));
        }
        // In b=, which no signature covers, nobody else would notice: SMTP smuggling, CVE-2023-51747.
        if (field.hasBareLineEnd()) {
            return new Parse.Broken(DkimResult.unreadable(DkimState.PERMERROR, "syntax error: a bare CR or LF"));
        }
        return switch (TagList.parse(field.body())) {
            case TagList.Parse.Malformed(String reason) ->
                new Parse.Broken(DkimResult.unreadable(DkimState.PERMERROR, "syntax error: " + reason));
            case TagList.Parse.Sound(TagList tags) -> read(field, tags);
        };
    }

    private static Parse read(HeaderField field, TagList list) {
        SignatureTags tags = new SignatureTags(list);
        try {
            // RFC 6376 §3.5, v=: a verifier must refuse what it does not know.
            if (!"1".equals(tags.required("v"))) {
                throw new SignatureTags.Refused("v= is not 1");
            }
            DomainName signer = tags.domain();
            DomainName keyName = tags.keyName(signer);
            String identity = Optional.ofNullable(list.get("i")).orElse("@" + signer);
            tags.requireDnsQuery();
            DkimSignature signature = new DkimSignature(
                    field,
                    list,
                    tags.algorithm(),
                    // RFC 6376 §3.5, c=: both simple unless said otherwise.
                    tags.headerForm(Canonicalization.SIMPLE),
                    tags.bodyForm(Canonicalization.SIMPLE),
                    signer,
                    tags.selector(),
                    keyName,
                    SignatureTags.printableText(SignatureTags.utf8(identity)),
                    identityDomain(identity, signer),
                    signedHeaders(tags),
                    bodyLength(list.get("l")),
                    tags.bodyHash(),
                    tags.signature(),
                    tags.created(),
                    tags.expires());
            return new Parse.Sound(signature);
        } catch (SignatureTags.Refused refused) {
            String reason = String.valueOf(refused.getMessage());
            return new Parse.Broken(new DkimResult(DkimState.PERMERROR, reason, tags.findDomain().orElse(null), tags.printable("s"),
                    tags.printable("i"), tags.printable("a"), 0, start(list), false, null, DkimFailure.OTHER));
        }
    }

    /** The first eight characters of {@code b=} (RFC 6008 §4). */
    @Nullable String start() {
        return start(tags);
    }

    private static @Nullable String start(TagList tags) {
        TagList.Tag b = tags.tag("b");
        return b == null ? null : SignatureTags.printableText(b.beginning(8));
    }

    // RFC 6376 §3.5, i=: its domain is d= or below; the local part may be empty, quoted, and hold '@' in quotes.
    private static DomainName identityDomain(String identity, DomainName signer) throws SignatureTags.Refused {
        int at = identity.lastIndexOf('@');
        if (at < 0) {
            throw new SignatureTags.Refused("i= has no '@'");
        }
        DomainName domain = SignatureTags.domainName(identity.substring(at + 1))
                .orElseThrow(() -> new SignatureTags.Refused("i= has no domain name"));
        if (!domain.isAtOrBelow(signer)) {
            throw new SignatureTags.Refused("i= is not within d=");
        }
        return domain;
    }

    private static List<String> signedHeaders(SignatureTags tags) throws SignatureTags.Refused {
        tags.required("h");
        List<String> names = tags.signedHeaders();
        if (names.contains("")) {
            throw new SignatureTags.Refused("h= has an empty name");
        }
        // RFC 6376 §5.4: "The From header field MUST be signed".
        for (String name : names) {
            if (name.equalsIgnoreCase("From")) {
                return names;
            }
        }
        throw new SignatureTags.Refused("h= does not sign From");
    }

    private static long bodyLength(@Nullable String l) throws SignatureTags.Refused {
        if (l == null) {
            return Long.MAX_VALUE;
        }
        // RFC 6376 §3.5, l=: up to 76 digits; beyond 18 no body is that long.
        if (l.isEmpty() || l.length() > 76 || !SignatureTags.isDigits(l)) {
            throw new SignatureTags.Refused("l= is not a number");
        }
        String significant = l.replaceFirst("^0+(?=.)", "");
        return significant.length() > 18 ? Long.MAX_VALUE - 1 : Long.parseLong(significant);
    }
}
