// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import dev.signet.dns.DomainName;
import dev.signet.message.Canonicalization;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What signatures look like.
 *
 * @param headerForm the first half of {@code c=}
 * @param bodyForm the second half of {@code c=}
 * @param headers which fields to sign
 * @param timestamp whether to write {@code t=}
 * @param expireIn how long a signature holds, {@code x=}; at least a second; empty for ever
 * @param identity {@code i=}, such as {@code @news.example.com}; empty to leave it to its default. Left out of the
 *     signatures of domains that it is not within (RFC 6376 §3.5)
 */
public record SigningOptions(
        Canonicalization headerForm,
        Canonicalization bodyForm,
        SignedHeaders headers,
        boolean timestamp,
        Optional<Duration> expireIn,
        Optional<String> identity) {

    /** relaxed/relaxed, the usual fields oversigned, with a timestamp and without an end. */
    public static final SigningOptions DEFAULT = new SigningOptions(
            Canonicalization.RELAXED, Canonicalization.RELAXED, SignedHeaders.DEFAULT, true, Optional.empty(), Optional.empty());

    public SigningOptions {
        if (expireIn.isPresent() && expireIn.get().toSeconds() < 1) {
            throw new IllegalArgumentException("expireIn: found " + expireIn.get() + ", expected a second or more");
        }
        if (identity.isPresent() && !isIdentity(identity.get())) {
            throw new IllegalArgumentException("identity: found " + identity.get() + ", expected [local-part]@domain in visible ASCII");
        }
    }

    public SigningOptions withForms(Canonicalization header, Canonicalization body) {
        return new SigningOptions(header, body, headers, timestamp, expireIn, identity);
    }

    public SigningOptions withHeaders(SignedHeaders value) {
        return new SigningOptions(headerForm, bodyForm, value, timestamp, expireIn, identity);
    }

    /** Exactly these names, in this order; a name that is mentioned once more than it occurs is oversigned. */
    public SigningOptions withHeaders(List<String> names) {
        return withHeaders(new SignedHeaders.Exactly(names));
    }

    public SigningOptions withTimestamp(boolean value) {
        return new SigningOptions(headerForm, bodyForm, headers, value, expireIn, identity);
    }

    public SigningOptions withExpireIn(Duration value) {
        return new SigningOptions(headerForm, bodyForm, headers, timestamp, Optional.of(value), identity);
    }

    public SigningOptions withIdentity(String value) {
        return new SigningOptions(headerForm, bodyForm, headers, timestamp, expireIn, Optional.of(value));
    }

    Optional<String> identityWithin(DomainName domain) {
        return identity.filter(i -> DomainName.parse(i.substring(i.lastIndexOf('@') + 1)).filter(d -> d.isAtOrBelow(domain)).isPresent());
    }

    private static boolean isIdentity(String identity) {
        return identity.indexOf('@') >= 0
                && identity.chars().allMatch(c -> c > ' ' && c < 0x7F && c != ';');
    }
}
