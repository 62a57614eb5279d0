// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import dev.signet.dns.DomainName;

import org.jspecify.annotations.Nullable;

/**
 * What became of one signature. What a broken signature does not tell is null.
 *
 * @param reason for humans; printable ASCII
 * @param domain the signing domain, {@code d=}
 * @param selector {@code s=}
 * @param identity the agent or user, {@code i=}, or its default; printable UTF-8
 * @param algorithm {@code a=}, such as {@code rsa-sha256}
 * @param keyBits the size of the public key; 0 where it was not seen
 * @param signature the first characters of {@code b=}, enough to tell signatures apart (RFC 6008)
 * @param testing whether the key says that the domain is testing DKIM ({@code t=y}, RFC 6376 §3.6.1)
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
        boolean testing) {

    /** A result for a field that could not be read so far as to name its domain. */
    static DkimResult unreadable(DkimState state, String reason) {
        return new DkimResult(state, reason, null, null, null, null, 0, null, false);
    }

    static DkimResult of(DkimState state, String reason, DkimSignature signature) {
        return new DkimResult(
                state,
                reason,
                signature.domain(),
                signature.selector(),
                signature.identity(),
                signature.algorithm().algorithm(),
                0,
                signature.start(),
                false);
    }

    static DkimResult of(DkimState state, String reason, DkimSignature signature, DkimKey key) {
        return new DkimResult(
                state,
                reason,
                signature.domain(),
                signature.selector(),
                signature.identity(),
                signature.algorithm().algorithm(),
                key.bits(),
                signature.start(),
                key.testing());
    }
}
