// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.DomainName;
import dev.signet.message.AuthorDomain;

import java.util.List;
import java.util.Map;

/**
 * What the DNS told before SPF and DKIM were done. Immutable; it serves any number of evaluations of the same message.
 *
 * @param policies one for each author domain that was looked at
 * @param organizations of domains that SPF or DKIM may yet vouch for
 * @param complete false where not every domain that the message may show was looked at
 */
public record Discovered(
        AuthorDomain author, List<PolicyDiscovery> policies, Map<DomainName, Organization> organizations, boolean complete) {
    public Discovered {
        policies = List.copyOf(policies);
        organizations = Map.copyOf(organizations);
    }
}
