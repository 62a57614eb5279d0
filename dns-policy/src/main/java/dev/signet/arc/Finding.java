// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

/** What was found out about one signature of a chain, or about several. The reasons are for humans. */
sealed interface Finding {

    /** Sound. */
    record Holds() implements Finding {}

    /** Broken, whoever tries again. */
    record Broken(String reason) implements Finding {}

    /** Its key could not be had, or its check failed. */
    record Unknown(String reason) implements Finding {}

    /** This one, unless the other is worse: what is broken is broken, whatever is not known besides. */
    default Finding orWorse(Finding other) {
        return other.badness() > badness() ? other : this;
    }

    private int badness() {
        return switch (this) {
            case Holds holds -> 0;
            case Unknown unknown -> 1;
            case Broken broken -> 2;
        };
    }
}
