// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.Dns;
import dev.signet.dns.DomainName;

import java.util.concurrent.CompletableFuture;

/**
 * Finds a domain's policy and the organization it belongs to. Safe for use by many threads. Futures never complete exceptionally, and
 * every query goes to the {@link Dns} of the message, whose budget bounds them and which asks equal questions once.
 */
public sealed interface DmarcDiscovery permits TreeWalkDiscovery, SuffixListDiscovery {

    /** The policy for mail whose author domain is {@code author}. */
    CompletableFuture<PolicyDiscovery> policyFor(DomainName author, Dns dns);

    /** The organization of an authenticated domain. */
    CompletableFuture<Organization> organizationOf(DomainName identifier, Dns dns);

    /** RFC 9989: walk up the tree. */
    static DmarcDiscovery treeWalk() {
        return new TreeWalkDiscovery();
    }

    /** RFC 7489: a list knows the public suffixes, and at most two names are asked for. */
    static DmarcDiscovery suffixList(PublicSuffixes suffixes) {
        return new SuffixListDiscovery(suffixes);
    }
}
