// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** The chain of one message, on its way from being read to being judged. Not for several threads. */
public final class ArcCheck {

    private final Optional<PendingChain> pending;
    private @Nullable ArcResult result;

    ArcCheck(ArcResult done) {
        this.pending = Optional.empty();
        this.result = done;
    }

    ArcCheck(PendingChain pending) {
        this.pending = Optional.of(pending);
    }

    /**
     * What became of the chain. To be called when the body has been read; waits for the keys, at the first call, as long as the
     * {@code Dns} does that was given.
     */
    public ArcResult result() {
        if (result == null) {
            result = pending.orElseThrow().judge();
        }
        return result;
    }

    /** The chain, if it passed. */
    Optional<ArcChain> passed() {
        return result().state() == ArcState.PASS ? pending.map(PendingChain::chain) : Optional.empty();
    }
}
