// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.Dns;
import dev.signet.dns.DomainName;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A DNS Tree Walk (RFC 9989 §4.10).
 *
 * @param steps from the longest name to the shortest, up to where the walk stops; the first is where it starts
 */
record TreeWalk(List<WalkStep> steps) {

    // RFC 9989 §4.10 step 4: from names of eight labels or more the walk jumps to seven, so that it never asks more than eight.
    private static final int LABELS_AFTER_JUMP = 7;

    TreeWalk {
        steps = List.copyOf(steps);
    }

    /** The names of a walk, longest first; at most eight. */
    static List<DomainName> names(DomainName start) {
        List<DomainName> names = new ArrayList<>(LABELS_AFTER_JUMP + 1);
        names.add(start);
        for (int labels = Math.min(start.labels().size() - 1, LABELS_AFTER_JUMP); labels > 0; labels--) {
            names.add(start.rightmost(labels));
        }
        return names;
    }

    /**
     * Walks. The RFC asks name by name; here all names are asked for at once, and what lies above the place where the walk
     * stops is then not looked at. That is a few queries more, most of them in any cache, for one trip instead of up to eight.
     */
    static CompletableFuture<TreeWalk> from(DomainName start, PublishedRecords records, Dns dns) {
        List<CompletableFuture<WalkStep>> asked = new ArrayList<>(LABELS_AFTER_JUMP + 1);
        for (DomainName name : names(start)) {
            asked.add(records.at(name, dns));
        }
        return Futures.all(asked).thenApply(steps -> new TreeWalk(upToStop(steps)));
    }

    // RFC 9989 §4.10 steps 2 and 6: "If a single record remains and it contains a psd=n or psd=y tag, stop."
    private static List<WalkStep> upToStop(List<WalkStep> steps) {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).record().filter(record -> record.psd() != PublicSuffixFlag.UNDECLARED).isPresent()) {
                return steps.subList(0, i + 1);
            }
        }
        return steps;
    }

    DomainName start() {
        return steps.getFirst().domain();
    }

    /** The Organizational Domain of the name where the walk starts (RFC 9989 §4.10.2). */
    Organization organization() {
        DomainName shortest = start();
        for (WalkStep step : steps) {
            switch (step.answer()) {
                case WalkStep.Answer.Published(DmarcRecord record) -> {
                    if (record.psd() == PublicSuffixFlag.YES && !step.domain().equals(start())) {
                        // Rule 2: below a public suffix that is not the start, the name one label below it.
                        return new Organization.Known(start().rightmost(step.domain().labels().size() + 1));
                    }
                    // Rule 1, psd=n, ends the walk here; rule 3 wants the shortest name that has a record.
                    shortest = step.domain();
                }
                // A record that we cannot see may be the one that decides.
                case WalkStep.Answer.Trouble(String cause) -> {
                    return new Organization.Unknown("_dmarc." + step.domain() + ": " + cause);
                }
                case WalkStep.Answer.Several several -> {}
                case WalkStep.Answer.Nothing nothing -> {}
            }
        }
        return new Organization.Known(shortest);
    }

    /** The record found at a name of this walk. */
    Optional<DmarcRecord> recordAt(DomainName domain) {
        for (WalkStep step : steps) {
            if (step.domain().equals(domain)) {
                return step.record();
            }
        }
        return Optional.empty();
    }
}
