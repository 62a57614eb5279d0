// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Waits for many answers at once. */
final class Futures {

    private Futures() {}

    /** All results, in the order of the futures, when the last of them is there. */
    static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
    }
}
