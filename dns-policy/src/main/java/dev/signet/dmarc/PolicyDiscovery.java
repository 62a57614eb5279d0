// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.DomainName;

import java.util.List;

/** What is known of an author domain's policy (RFC 9989 §4.10.1). */
public sealed interface PolicyDiscovery {

    /** The domain that was asked about. */
    DomainName authorDomain();

    /** What the DNS said on the way, longest name first. */
    List<WalkStep> steps();

    /**
     * A policy applies.
     *
     * @param record where the policy stands
     * @param policyDomain the domain that publishes the record
     * @param origin what that domain is to the author domain
     * @param organization the author domain's; unknown only where the author domain has its own record
     * @param requested what the owner asks for: p, sp or np, before any sampling or test mode
     */
    record Found(
            DomainName authorDomain,
            DmarcRecord record,
            DomainName policyDomain,
            PolicyOrigin origin,
            Organization organization,
            Disposition requested,
            DiscoveryMethod method,
            List<WalkStep> steps)
            implements PolicyDiscovery {
        public Found {
            steps = List.copyOf(steps);
        }
    }

    /** The DNS is sure that no policy applies. */
    record None(DomainName authorDomain, String reason, List<WalkStep> steps) implements PolicyDiscovery {
        public None {
            steps = List.copyOf(steps);
        }
    }

    /** The DNS left it open which policy applies, if any. */
    record TempError(DomainName authorDomain, String cause, List<WalkStep> steps) implements PolicyDiscovery {
        public TempError {
            steps = List.copyOf(steps);
        }
    }
}
