// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import java.util.Locale;

/** What is asked for, or done with, a message that fails DMARC (RFC 9989 §4.7, the tag p), from weakest to strictest. */
public enum Disposition {
    /** Nothing: deliver as if there were no DMARC. */
    NONE,
    /** Suspicious: keep it from the inbox. */
    QUARANTINE,
    /** Refuse it. */
    REJECT;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The word of the tag p. */
    public String word() {
        return word;
    }

    /** One level weaker, as t=y and a message outside the sample get it (RFC 9989 §4.7, RFC 7489 §6.6.4). */
    public Disposition weaker() {
        return switch (this) {
            case NONE, QUARANTINE -> NONE;
            case REJECT -> QUARANTINE;
        };
    }
}
