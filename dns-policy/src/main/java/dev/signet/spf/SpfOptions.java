// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

/**
 * What RFC 7208 leaves to the receiver.
 *
 * @param maxVoidLookups how many terms may find nothing in the DNS before the record is a permerror, 0 or more (§4.6.4)
 * @param earlyQueries how many queries of one check may be sent before evaluation gets to their term, 0 or more; 0 asks strictly
 *     one after the other
 * @param explanations whether the domain's own words for a fail (§6.2) are fetched
 * @param receiver the name of this host for the macro {@code %{r}} (§7.3); {@code "unknown"} if it shall not be told
 */
public record SpfOptions(int maxVoidLookups, int earlyQueries, boolean explanations, String receiver) {

    /** Two void lookups as §4.6.4 recommends; queries sent early; no explanations. */
    public static final SpfOptions DEFAULT = new SpfOptions(2, 24, false, "unknown");

    public SpfOptions {
        if (maxVoidLookups < 0) {
            throw new IllegalArgumentException("maxVoidLookups: found " + maxVoidLookups + ", expected 0 or more");
        }
        if (earlyQueries < 0) {
            throw new IllegalArgumentException("earlyQueries: found " + earlyQueries + ", expected 0 or more");
        }
    }
}
