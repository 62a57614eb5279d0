// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import java.util.Locale;

/** What the validation of a chain can end with (RFC 8617 §4.4). */
public enum ArcState {

    /** The message came without a chain. */
    NONE,

    /** Every seal is sound, and so is the newest signature over the message. */
    PASS,

    /** The chain is broken, for good. */
    FAIL,

    /**
     * The DNS kept a key to itself. RFC 8617 §5.2.1 calls that a fail, too. But a fail is sealed, and then it lasts for ever: what
     * was a hiccup here would condemn the chain for everybody. So nobody is told anything, and nothing is sealed.
     */
    TEMPERROR;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As {@code cv=} and Authentication-Results say it. */
    @Override
    public String toString() {
        return word;
    }
}
