// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import dev.signet.dns.DomainName;
import dev.signet.message.HeaderBlock;

import java.util.List;

/**
 * A chain of the right structure (RFC 8617 §5.2, steps 1 to 3): sets 1 to N, each with its three sound fields, none of them
 * saying that the chain has failed. Whether its signatures hold is another question. Immutable.
 */
final class ArcChain {

    /** §4.2.1: "Instance tag values can range from 1-50 (inclusive)". */
    static final int MAX_SETS = 50;

    private final List<ArcSet> sets;

    ArcChain(List<ArcSet> sets) {
        this.sets = List.copyOf(sets);
    }

    /** What reading the ARC fields of a message ends with. */
    sealed interface Parse {

        /** There are none. */
        record None() implements Parse {}

        /** They make a chain. */
        record Sound(ArcChain chain) implements Parse {}

        /**
         * They do not, or the newest of them says that the chain has failed.
         *
         * @param highest the highest instance that could be read; 0 for none
         * @param sealedAsFailed whether the newest seal says so: then nothing is ever added to the chain (§5.1, step 2)
         * @param reason for humans
         */
        record Broken(int highest, boolean sealedAsFailed, String reason) implements Parse {}
    }

    /** Reads the ARC fields of a message. Asks nobody. */
    static Parse of(HeaderBlock header) {
        return new ChainReader(header).read();
    }

    /** How many sets there are, 1 to 50. */
    int size() {
        return sets.size();
    }

    /** Who sealed, or says so as long as the chain has not been validated: the first sealer first. */
    List<DomainName> sealers() {
        return sets.stream().map(ArcSet::sealer).toList();
    }

    /** The sets, the first one first. */
    List<ArcSet> sets() {
        return sets;
    }

    /** The set that was added last. */
    ArcSet newest() {
        return sets.getLast();
    }
}
