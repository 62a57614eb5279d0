// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.DomainName;

import java.util.Optional;

/** A list of the names below which others register domains (RFC 7489 §3.2). Implementations are safe for use by many threads. */
public interface PublicSuffixes {

    /**
     * The longest public suffix that the name is or lies below. A name that no rule covers has its last label for suffix, as
     * publicsuffix.org has it.
     */
    DomainName suffixOf(DomainName name);

    /** The suffix and one label more; empty where the name is a public suffix itself. */
    default Optional<DomainName> organizationalDomain(DomainName name) {
        DomainName suffix = suffixOf(name);
        return suffix.equals(name) ? Optional.empty() : Optional.of(name.rightmost(suffix.labels().size() + 1));
    }
}
