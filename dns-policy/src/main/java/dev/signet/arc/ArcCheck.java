// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import dev.signet.message.Surprises;
import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** The chain of one message, on its way from being read to being judged. Not for several threads. */
public final class ArcCheck {

    private final Optional<PendingChain> pending;
    private final Surprises surprises;
    private @Nullable ArcResult result;

    ArcCheck(ArcResult done) {
        this.pending = Optional.empty();
        this.surprises = new Surprises();
        this.result = done;
    }

    ArcCheck(PendingChain pending) {
        this.pending = Optional.of(pending);
        this.surprises = pending.surprises();
    }

    /** Where not even the chain could be read. */
    static ArcCheck surprised(Throwable surprise) {
        ArcCheck check = new ArcCheck(ArcResult.surprised(Surprises.reason(surprise)));
        check.surprises.note(surprise);
        return check;
    }

    /** What nobody foresaw, mistakes of ours or of a provider, so far. Each has cost a signature of the chain its result. */
    public Surprises surprises() {
        return surprises;
    }

    /**
     * What became of the chain. To be called when the body has been read; waits for the keys, at the first call, as long as the
     * {@code Dns} does that was given.
     */
    public ArcResult result() {
        if (result == null) {
            result = judge();
        }
        return result;
    }

    private ArcResult judge() {
        try {
            return pending.orElseThrow().judge();
        } catch (RuntimeException | StackOverflowError surprise) {
            return ArcResult.surprised(surprises.note(surprise));
        }
    }

    /** The chain, if it passed. */
    Optional<ArcChain> passed() {
        return result().state() == ArcState.PASS ? pending.map(PendingChain::chain) : Optional.empty();
    }
}
