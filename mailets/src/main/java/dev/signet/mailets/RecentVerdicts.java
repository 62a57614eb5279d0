// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.inbound.Verdict;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Verdicts of the mails of a moment ago. Several mailets read the one of each mail; they need not take its text to pieces
 * each time. What is not here is read as ever, on another node above all.
 */
final class RecentVerdicts {

    // Each that is read moves in front of those that still wait in a queue: half as many may wait.
    private static final int MAX_VERDICTS = 800;
    // A usual one has fewer than 2,000. A stranger decides how long his own gets.
    private static final int MAX_CHARACTERS = 4096;

    /** Not for several threads; the one that was asked for last is the last to go. */
    private static final class Latest extends LinkedHashMap<String, Optional<Verdict>> {

        private static final long serialVersionUID = 1;

        Latest() {
            super(2 * MAX_VERDICTS, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<Verdict>> eldest) {
            return size() > MAX_VERDICTS;
        }
    }

    private final Latest verdicts = new Latest();

    /** What was written as this a moment ago will be read. */
    void add(String json, Verdict verdict) {
        keep(json, Optional.of(verdict));
    }

    /** As {@link Verdict#fromJson}. */
    Optional<Verdict> read(String json) {
        Optional<Verdict> known;
        synchronized (verdicts) {
            known = verdicts.get(json);
        }
        return known != null ? known : keep(json, Verdict.fromJson(json));
    }

    private Optional<Verdict> keep(String json, Optional<Verdict> verdict) {
        if (json.length() <= MAX_CHARACTERS) {
            synchronized (verdicts) {
                verdicts.put(json, verdict);
            }
        }
        return verdict;
    }
}
