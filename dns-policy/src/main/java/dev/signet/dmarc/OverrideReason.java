// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import java.util.Locale;

/**
 * Why a message did not get what the author domain's owner asked for (RFC 9990, PolicyOverrideReason).
 *
 * @param comment for the domain's owner and for our own administrator
 */
public record OverrideReason(Type type, String comment) {

    /** The words of RFC 9990, and of RFC 7489 Appendix C for what came with pct. */
    public enum Type {
        /** This receiver's own decision. */
        LOCAL_POLICY,
        /** A mailing list that this receiver knows. */
        MAILING_LIST,
        /** Anything else. */
        OTHER,
        /** t=y. */
        POLICY_TEST_MODE,
        /** A host that this receiver trusts to forward. */
        TRUSTED_FORWARDER,
        /** Outside the sample of pct; RFC 9990 has no word for it any more: {@link #OTHER} there. */
        SAMPLED_OUT;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** The word as the RFCs write it. */
        public String word() {
            return word;
        }
    }
}
