// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

/** What a mechanism says about the client (RFC 7208 §4.6.2). */
sealed interface Match {

    /** The client is meant. */
    record Yes() implements Match {}

    /** The client is not meant: on to the next term. */
    record No() implements Match {}

    /** The whole check ends with a temperror. */
    record TempError(String reason) implements Match {}

    /** The whole check ends with a permerror. */
    record PermError(String reason) implements Match {}

    static Match of(boolean matches) {
        return matches ? new Yes() : new No();
    }
}
