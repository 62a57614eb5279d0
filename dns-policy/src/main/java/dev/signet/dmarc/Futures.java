// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** Waits for many answers at once. */
final class Futures {

    private Futures() {}

    /** All results by their keys, when the last of them is there. */
    static <K, T> CompletableFuture<Map<K, T>> all(Map<K, CompletableFuture<T>> futures) {
        return CompletableFuture.allOf(futures.values().toArray(CompletableFuture[]::new)).thenApply(done -> {
            Map<K, T> results = new HashMap<>();
            futures.forEach((key, future) -> results.put(key, future.join()));
            return results;
        });
    }

    /** All results, in the order of the futures, when the last of them is there. */
    static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
        for (CompletableFuture<T> future : futures) {
            if (future.state() != Future.State.SUCCESS) {
                return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).thenApply(done -> results(futures));
            }
        }
        // From a cache, most of the time.
        return CompletableFuture.completedFuture(results(futures));
    }

    private static <T> List<T> results(List<CompletableFuture<T>> futures) {
        List<T> results = new ArrayList<>(futures.size());
        for (CompletableFuture<T> future : futures) {
            results.add(future.join());
        }
        return results;
    }
}
