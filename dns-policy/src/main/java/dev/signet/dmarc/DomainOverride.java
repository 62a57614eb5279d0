// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.DomainName;

/**
 * What this receiver does with failing mail of a domain, whatever its record asks for. It takes a record: a domain that
 * publishes none has not said who may use its name, and nothing can fail.
 *
 * @param domain the author domain that is meant
 * @param below whether all domains below it are meant, and not the domain itself
 * @param disposition {@link Disposition#NONE} to never enforce
 */
public record DomainOverride(DomainName domain, boolean below, Disposition disposition) {

    /**
     * Reads {@code example.com} or {@code *.example.com}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static DomainOverride of(String pattern, Disposition disposition) {
        boolean below = pattern.startsWith("*.");
        DomainName domain = DomainName.parse(below ? pattern.substring(2) : pattern)
                .filter(name -> name.ascii().indexOf('*') < 0)
                .orElseThrow(() -> new IllegalArgumentException("found " + pattern + ", expected example.com or *.example.com"));
        return new DomainOverride(domain, below, disposition);
    }

    boolean matches(DomainName author) {
        return below ? !author.equals(domain) && author.isAtOrBelow(domain) : author.equals(domain);
    }

    @Override
    public String toString() {
        return (below ? "*." : "") + domain;
    }
}
