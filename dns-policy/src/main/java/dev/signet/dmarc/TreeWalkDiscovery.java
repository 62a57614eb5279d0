// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.Dns;
import dev.signet.dns.DomainName;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Discovery by RFC 9989 §4.10. */
final class TreeWalkDiscovery implements DmarcDiscovery {

    private final PublishedRecords records = new PublishedRecords();

    @Override
    public CompletableFuture<PolicyDiscovery> policyFor(DomainName author, Dns dns) {
        return TreeWalk.from(author, records, dns).thenCompose(walk -> policyOf(walk, dns));
    }

    @Override
    public CompletableFuture<Organization> organizationOf(DomainName identifier, Dns dns) {
        return TreeWalk.from(identifier, records, dns).thenApply(TreeWalk::organization);
    }

    // RFC 9989 §4.10.1, highest preference first. A record between the author and its organization is never the policy.
    private static CompletableFuture<PolicyDiscovery> policyOf(TreeWalk walk, Dns dns) {
        Organization organization = walk.organization();
        PolicyChoice choice = new PolicyChoice(walk.start(), organization, DiscoveryMethod.TREEWALK, walk.steps());
        Optional<DmarcRecord> own = walk.recordAt(walk.start());
        if (own.isPresent()) {
            // What fails further up does not touch this policy, only who is aligned.
            return CompletableFuture.completedFuture(choice.own(own.get()));
        }
        return switch (organization) {
            case Organization.Unknown(String cause) -> CompletableFuture.completedFuture(choice.tempError(cause));
            case Organization.PublicSuffix suffix -> throw new IllegalStateException("a walk finds an organization or trouble");
            case Organization.Known(DomainName domain) -> {
                Optional<DmarcRecord> record = walk.recordAt(domain);
                if (record.isPresent()) {
                    yield choice.inherited(record.get(), domain, PolicyOrigin.ORGANIZATION, dns);
                }
                // RFC 9989 §4.10.1, note: the suffix's policy only where the organization has none.
                WalkStep last = walk.steps().getLast();
                yield last.record().isPresent()
                        ? choice.inherited(last.record().get(), last.domain(), PolicyOrigin.PUBLIC_SUFFIX, dns)
                        : CompletableFuture.completedFuture(choice.none("no DMARC record at " + walk.start() + " or above it"));
            }
        };
    }
}
