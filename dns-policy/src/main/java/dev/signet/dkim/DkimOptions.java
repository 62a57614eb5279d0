// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import dev.signet.keys.VerificationKey;

import java.time.Duration;

/**
 * What a verifier accepts and how much it does for one message.
 *
 * @param maxSignatures signatures checked; further ones are neutral. 1 to 100
 * @param minRsaBits smaller RSA keys are "policy" (RFC 8301 §3.2 forbids to go under 1024). 1024 to 8192
 * @param unsignedTail what a sound signature is worth when {@code l=} leaves a part of the body unsigned
 * @param clockSkew how far clocks may be apart when {@code x=} is judged; zero or more
 */
public record DkimOptions(int maxSignatures, int minRsaBits, UnsignedTail unsignedTail, Duration clockSkew) {

    /** Ten signatures, 1024 bits, no pass with an unsigned tail, five minutes. */
    public static final DkimOptions DEFAULT = new DkimOptions(10, 1024, UnsignedTail.POLICY, Duration.ofMinutes(5));

    /** What to answer where text may have been appended under {@code l=} (RFC 6376 §8.2). */
    public enum UnsignedTail {
        PASS(DkimState.PASS),
        NEUTRAL(DkimState.NEUTRAL),
        POLICY(DkimState.POLICY);

        private final DkimState state;

        UnsignedTail(DkimState state) {
            this.state = state;
        }

        DkimState state() {
            return state;
        }
    }

    public DkimOptions {
        if (maxSignatures < 1 || maxSignatures > 100) {
            throw new IllegalArgumentException("maxSignatures: found " + maxSignatures + ", expected 1 to 100");
        }
        if (minRsaBits < 1024 || minRsaBits > VerificationKey.MAX_RSA_BITS) {
            throw new IllegalArgumentException("minRsaBits: found " + minRsaBits + ", expected 1024 to " + VerificationKey.MAX_RSA_BITS);
        }
        if (clockSkew.isNegative()) {
            throw new IllegalArgumentException("clockSkew: found " + clockSkew + ", expected zero or more");
        }
    }

    public DkimOptions withMaxSignatures(int value) {
        return new DkimOptions(value, minRsaBits, unsignedTail, clockSkew);
    }

    public DkimOptions withMinRsaBits(int value) {
        return new DkimOptions(maxSignatures, value, unsignedTail, clockSkew);
    }

    public DkimOptions withUnsignedTail(UnsignedTail value) {
        return new DkimOptions(maxSignatures, minRsaBits, value, clockSkew);
    }

    public DkimOptions withClockSkew(Duration value) {
        return new DkimOptions(maxSignatures, minRsaBits, unsignedTail, value);
    }
}
