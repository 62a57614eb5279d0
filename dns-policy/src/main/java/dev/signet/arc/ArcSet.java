// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import dev.signet.authres.ArcAuthenticationResults;
import dev.signet.authres.AuthenticationResults;
import dev.signet.dns.DomainName;
import dev.signet.message.HeaderCanonicalizer;
import dev.signet.message.HeaderField;

import java.util.Optional;

/**
 * One set of a chain (RFC 8617 §4.2).
 *
 * @param testimony the ARC-Authentication-Results, which counts as it is, whatever it says (§3.4)
 */
record ArcSet(int instance, HeaderField testimony, ArcMessageSignature message, ArcSeal seal) {

    /** Who sealed. */
    DomainName sealer() {
        return seal.signature().domain();
    }

    /** What the sealer had found out; empty where that cannot be read. */
    Optional<AuthenticationResults> results() {
        return ArcAuthenticationResults.parse(testimony.body()) instanceof ArcAuthenticationResults.Parse.Sound sound
                ? Optional.of(sound.field().results())
                : Optional.empty();
    }

    /** §5.1.1: results, message signature, seal. */
    void addTo(HeaderCanonicalizer chain) {
        addUnsealedTo(chain);
        chain.add(seal.signature().field());
    }

    /** As {@link #addTo}, but for the seal. */
    void addUnsealedTo(HeaderCanonicalizer chain) {
        chain.add(testimony).add(message.signature().field());
    }
}
