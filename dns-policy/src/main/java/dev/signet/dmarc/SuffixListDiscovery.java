// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.Dns;
import dev.signet.dns.DomainName;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Discovery by RFC 7489 §6.6.3; np as RFC 9091 brought it to that RFC. */
final class SuffixListDiscovery implements DmarcDiscovery {

    private final PublishedRecords records = new PublishedRecords();
    private final PublicSuffixes suffixes;

    SuffixListDiscovery(PublicSuffixes suffixes) {
        this.suffixes = suffixes;
    }

    @Override
    public CompletableFuture<PolicyDiscovery> policyFor(DomainName author, Dns dns) {
        Organization organization = organizationOf(author);
        // Both names at once: the second one is needed whenever the first has nothing.
        Stream<DomainName> names = switch (organization) {
            case Organization.Known(DomainName domain) -> Stream.of(author, domain).distinct();
            case Organization.PublicSuffix suffix -> Stream.of(author);
            case Organization.Unknown unknown -> Stream.of(author);
        };
        return Futures.all(names.map(name -> records.at(name, dns)).toList())
                .thenCompose(steps -> policyOf(new PolicyChoice(author, organization, DiscoveryMethod.PSL, steps), dns));
    }

    @Override
    public CompletableFuture<Organization> organizationOf(DomainName identifier, Dns dns) {
        return CompletableFuture.completedFuture(organizationOf(identifier));
    }

    private Organization organizationOf(DomainName domain) {
        return suffixes.organizationalDomain(domain)
                .<Organization>map(Organization.Known::new)
                .orElseGet(Organization.PublicSuffix::new);
    }

    // RFC 7489 §6.6.3 step 5 would end with "no policy" where the author domain has two records. We go on to the organization's,
    // as RFC 9989 does: a second record, left there by mistake, must not switch off a policy.
    private static CompletableFuture<PolicyDiscovery> policyOf(PolicyChoice choice, Dns dns) {
        List<WalkStep> steps = choice.steps();
        for (WalkStep step : steps) {
            if (step.answer() instanceof WalkStep.Answer.Trouble(String cause)) {
                return CompletableFuture.completedFuture(choice.tempError("_dmarc." + step.domain() + ": " + cause));
            }
            Optional<DmarcRecord> record = step.record();
            if (record.isPresent()) {
                return step.domain().equals(choice.author())
                        ? CompletableFuture.completedFuture(choice.own(record.get()))
                        : choice.inherited(record.get(), step.domain(), PolicyOrigin.ORGANIZATION, dns);
            }
        }
        return CompletableFuture.completedFuture(choice.none("no DMARC record at " + choice.author() + " or its organization"));
    }
}
