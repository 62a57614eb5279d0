// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import dev.signet.dns.DomainName;

import java.util.List;

/** Whose domain a reader sees as the author's. Not exactly one is an outcome of its own, never "no author". */
public sealed interface AuthorDomain {

    /** Exactly one author domain. */
    record One(DomainName domain, String address) implements AuthorDomain {}

    /** No author at all. */
    record None(String reason) implements AuthorDomain {}

    /** More than one author domain. */
    record Several(List<DomainName> domains, String reason) implements AuthorDomain {
        public Several {
            domains = List.copyOf(domains);
        }
    }

    /** A From that the grammar does not allow; the candidates are the domains that some reader may show for it. */
    record Unparsable(String reason, List<DomainName> candidates) implements AuthorDomain {
        public Unparsable {
            candidates = List.copyOf(candidates);
        }
    }
}
