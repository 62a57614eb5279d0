// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import java.util.Optional;

/** The chain of one message, on its way from being read to being judged. */
public final class ArcCheck {

    private final Optional<PendingChain> pending;
    private final ArcResult otherwise;

    ArcCheck(ArcResult done) {
        this.pending = Optional.empty();
        this.otherwise = done;
    }

    ArcCheck(PendingChain pending) {
        this.pending = Optional.of(pending);
        this.otherwise = ArcResult.NONE;
    }

    /**
     * What became of the chain. To be called once, when the body has been read; waits for the keys as long as the {@code Dns} does
     * that was given.
     */
    public ArcResult result() {
        return pending.map(PendingChain::judge).orElse(otherwise);
    }

    /** The chain, where there is one of sound structure; its signatures may still be anything. */
    public Optional<ArcChain> chain() {
        return pending.map(PendingChain::chain);
    }
}
