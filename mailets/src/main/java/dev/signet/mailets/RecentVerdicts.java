// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.signet.inbound.Verdict;

import java.util.Optional;

/**
 * Verdicts of the mails of a moment ago. Several mailets read the one of each mail; they need not take its text to pieces
 * each time. What is not here is read as ever, on another node above all.
 */
final class RecentVerdicts {

    // Some 600 usual ones. Each that is read moves in front of those that still wait in a queue: half as many may wait.
    private static final int MAX_CHARACTERS = 1 << 20;

    private final Cache<String, Optional<Verdict>> verdicts =
            CacheBuilder.newBuilder().maximumWeight(MAX_CHARACTERS).<String, Optional<Verdict>>weigher((json, verdict) -> json.length()).build();

    /** What was written as this a moment ago will be read. */
    void add(String json, Verdict verdict) {
        verdicts.put(json, Optional.of(verdict));
    }

    /** As {@link Verdict#fromJson}. */
    Optional<Verdict> read(String json) {
        Optional<Verdict> known = verdicts.getIfPresent(json);
        if (known != null) {
            return known;
        }
        Optional<Verdict> read = Verdict.fromJson(json);
        verdicts.put(json, read);
        return read;
    }
}
