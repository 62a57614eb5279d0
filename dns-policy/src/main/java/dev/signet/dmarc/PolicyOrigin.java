// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import java.util.Locale;

/** Whose record the policy is taken from, in the order of preference (RFC 9989 §4.10.1). */
public enum PolicyOrigin {
    /** The author domain's own: its p. */
    AUTHOR,
    /** Its Organizational Domain's: sp or np. */
    ORGANIZATION,
    /** The public suffix's above the Organizational Domain: sp or np. */
    PUBLIC_SUFFIX;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** For output. */
    public String word() {
        return word;
    }
}
