// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Waits for many answers at once. */
final class Futures {

    private Futures() {}

    /** All results by their keys, when the last of them is there. */
    static <K, T> CompletableFuture<Map<K, T>> all(Map<K, CompletableFuture<T>> futures) {
        List<Map.Entry<K, CompletableFuture<T>>> entries = List.copyOf(futures.entrySet());
        return CompletableFuture.allOf(futures.values().toArray(CompletableFuture[]::new))
                .thenApply(done -> entries.stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().join())));
    }

    /** All results, in the order of the futures, when the last of them is there. */
    static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
    }
}
