// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What nobody foresaw in the check of one message: mistakes of ours, of a library, of a provider. Each protocol answers for its own, and
 * the others go on. Safe for many threads.
 */
public final class Surprises {

    private final Queue<Throwable> seen = new ConcurrentLinkedQueue<>();

    /**
     * Starts a check.
     *
     * @param otherwise the result where it fails, by the reason
     * @return completes as the check does, and never exceptionally
     */
    public <T> CompletableFuture<T> contain(Supplier<CompletableFuture<T>> check, Function<String, T> otherwise) {
        try {
            return check.get().exceptionally(surprise -> otherwise.apply(note(surprise)));
        } catch (RuntimeException | StackOverflowError surprise) {
            return CompletableFuture.completedFuture(otherwise.apply(note(surprise)));
        }
    }

    /** Keeps one for the log; returns what a result says of it. */
    public String note(Throwable surprise) {
        Throwable cause = surprise instanceof CompletionException && surprise.getCause() != null ? surprise.getCause() : surprise;
        // An answer that several protocols wait for may fail them all.
        if (!seen.contains(cause)) {
            seen.add(cause);
        }
        return reason(cause);
    }

    /** Takes over what another check has seen. */
    public void addAll(Surprises others) {
        others.seen.forEach(this::note);
    }

    /** All of them as one, for the log: the first, and the others with it. */
    public Optional<Throwable> asOne() {
        Throwable first = null;
        for (Throwable other : seen) {
            if (first == null) {
                first = other;
            } else {
                first.addSuppressed(other);
            }
        }
        return Optional.ofNullable(first);
    }

    /** What a result says of one. */
    public static String reason(Throwable surprise) {
        return "the check failed: " + surprise.getClass().getSimpleName();
    }
}
