// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.DomainPattern;

/**
 * What this receiver does with failing mail of a domain, whatever its record asks for. It takes a record: a domain that
 * publishes none has not said who may use its name, and nothing can fail.
 *
 * @param authors the author domains that are meant
 * @param disposition {@link Disposition#NONE} to never enforce
 */
public record DomainOverride(DomainPattern authors, Disposition disposition) {

    /**
     * Reads {@code example.com} or {@code *.example.com}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static DomainOverride of(String pattern, Disposition disposition) {
        return new DomainOverride(DomainPattern.of(pattern), disposition);
    }

    @Override
    public String toString() {
        return authors.toString();
    }
}
