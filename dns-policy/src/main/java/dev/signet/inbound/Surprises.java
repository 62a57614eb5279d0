// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import java.util.Collection;
import java.util.List;
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
final class Surprises {

    private final Queue<Throwable> seen = new ConcurrentLinkedQueue<>();

    /**
     * Starts a check.
     *
     * @param otherwise the result where it fails, by the reason
     * @return completes as the check does, and never exceptionally
     */
    <T> CompletableFuture<T> contain(Supplier<CompletableFuture<T>> check, Function<String, T> otherwise) {
        try {
            return check.get().exceptionally(surprise -> otherwise.apply(noted(surprise)));
        } catch (RuntimeException | StackOverflowError surprise) {
            return CompletableFuture.completedFuture(otherwise.apply(noted(surprise)));
        }
    }

    void addAll(Collection<Throwable> surprises) {
        surprises.forEach(this::noted);
    }

    /** All of them as one, for the log: the first, and the others with it. */
    Optional<Throwable> asOne() {
        List<Throwable> all = List.copyOf(seen);
        all.stream().skip(1).forEach(other -> all.getFirst().addSuppressed(other));
        return all.stream().findFirst();
    }

    static String reason(Throwable surprise) {
        return "the check failed: " + surprise.getClass().getSimpleName();
    }

    private String noted(Throwable surprise) {
        Throwable cause = surprise instanceof CompletionException && surprise.getCause() != null ? surprise.getCause() : surprise;
        // An answer that several protocols wait for may fail them all.
        if (!seen.contains(cause)) {
            seen.add(cause);
        }
        return reason(cause);
    }
}
