// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import java.util.Locale;

/** How the Organizational Domain was found (RFC 9990, discovery_method). */
public enum DiscoveryMethod {
    /** By asking for DMARC records up the tree (RFC 9989 §4.10). */
    TREEWALK,
    /** By a list of public suffixes (RFC 7489 §3.2). */
    PSL;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The word of RFC 9990. */
    public String word() {
        return word;
    }
}
