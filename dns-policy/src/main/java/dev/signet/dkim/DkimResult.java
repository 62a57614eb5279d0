// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import dev.signet.authres.MethodResult;
import dev.signet.authres.PropertyType;
import dev.signet.dns.DomainName;
import dev.signet.keys.PublishedKey;
import dev.signet.message.Utf8;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What became of one signature. What a broken signature does not tell is null.
 *
 * @param reason for humans; printable ASCII. What may be otherwise in the next message with the same fault stands behind a colon and a space
 * @param domain the signing domain, {@code d=}
 * @param selector {@code s=}
 * @param identity the agent or user, {@code i=}, or its default; printable UTF-8
 * @param algorithm {@code a=}, such as {@code rsa-sha256}
 * @param keyBits the size of the public key; 0 where it was not seen
 * @param signature the first characters of {@code b=}, enough to tell signatures apart (RFC 6008)
 * @param testing whether the key says that the domain is testing DKIM ({@code t=y}, RFC 6376 §3.6.1)
 * @param created when the signer says that it signed, {@code t=}: how old the signature is, by which a replay may be told (RFC 6376
 *     §8.6). Null where it does not say, and for a signature that could not be read
 * @param failure what kind of failure it was, where it failed
 */
public record DkimResult(
        DkimState state,
        String reason,
        @Nullable DomainName domain,
        @Nullable String selector,
        @Nullable String identity,
        @Nullable String algorithm,
        int keyBits,
        @Nullable String signature,
        boolean testing,
        @Nullable Instant created,
        DkimFailure failure) {

    /** The same, of a kind of failure. */
    public DkimResult as(DkimFailure kind) {
        return new DkimResult(state, reason, domain, selector, identity, algorithm, keyBits, signature, testing, created, kind);
    }

    /** What to answer where the check itself failed. */
    public static DkimResult surprised(String reason) {
        return unreadable(DkimState.TEMPERROR, reason);
    }

    /** As Authentication-Results says it (RFC 8601 §2.7.1, RFC 6008 for {@code header.b}). */
    public MethodResult methodResult() {
        MethodResult result = MethodResult.of("dkim", state.toString());
        if (keyBits > 0) {
            result = result.withComment(keyBits + "-bit key" + (testing ? ", testing" : ""));
        }
        if (state != DkimState.PASS) {
            result = result.withReason(reason);
        }
        result = with(result, "d", domain == null ? null : domain.ascii());
        result = with(result, "s", selector);
        result = with(result, "i", identity);
        result = with(result, "a", algorithm);
        return with(result, "b", signature);
    }

    private static MethodResult with(MethodResult result, String tag, @Nullable String value) {
        if (value == null) {
            return result;
        }
        // Field text is one char per byte; identities may be UTF-8 (RFC 8616).
        return result.withProperty(PropertyType.HEADER, tag, Utf8.encode(value));
    }

    /** A result for a field that could not be read so far as to name its domain. */
    static DkimResult unreadable(DkimState state, String reason) {
        return new DkimResult(state, reason, null, null, null, null, 0, null, false, null, DkimFailure.OTHER);
    }

    static DkimResult of(DkimState state, String reason, DkimSignature signature) {
        return of(state, reason, signature, 0, false);
    }

    static DkimResult of(DkimState state, String reason, DkimSignature signature, PublishedKey key) {
        return of(state, reason, signature, key.bits(), key.testing());
    }

    private static DkimResult of(DkimState state, String reason, DkimSignature signature, int keyBits, boolean testing) {
        return new DkimResult(
                state,
                reason,
                signature.domain(),
                signature.selector(),
                signature.identity(),
                signature.algorithm().algorithm(),
                keyBits,
                signature.start(),
                testing,
                signature.created(),
                DkimFailure.OTHER);
    }
}
