// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What discovery knows when it chooses a record, and the tag of it that the policy is taken from (RFC 9989 §4.10.1). */
record PolicyChoice(DomainName author, Organization organization, DiscoveryMethod method, List<WalkStep> steps) {

    PolicyDiscovery none(String reason) {
        return new PolicyDiscovery.None(author, reason, steps);
    }

    PolicyDiscovery tempError(String cause) {
        return new PolicyDiscovery.TempError(author, cause, steps);
    }

    /** The author domain's own record: p. */
    PolicyDiscovery own(DmarcRecord record) {
        return found(record, author, PolicyOrigin.AUTHOR, record.policy());
    }

    /** A record from above the author domain: sp if the author domain exists, else np. */
    CompletableFuture<PolicyDiscovery> inherited(DmarcRecord record, DomainName publisher, PolicyOrigin origin, Dns dns) {
        Disposition existing = record.subdomainPolicy(true);
        Disposition absent = record.subdomainPolicy(false);
        // Most records have no np: whether the name exists is asked only where the answer matters.
        if (existing == absent || !record.applicable() || isKnownToExist()) {
            return CompletableFuture.completedFuture(found(record, publisher, origin, existing));
        }
        // RFC 9989 §3.2.13: NXDOMAIN, for a query of any type, is what makes a name non-existent. SPF often asks for this TXT too.
        return dns.lookup(author, RecordType.TXT)
                .thenApply(answer -> switch (answer) {
                    case DnsAnswer.Found<String> found -> found(record, publisher, origin, existing);
                    case DnsAnswer.NoData<String> noData -> found(record, publisher, origin, existing);
                    case DnsAnswer.NxDomain<String> nxDomain -> found(record, publisher, origin, absent);
                    case DnsAnswer.TempFailure<String>(String cause) -> tempError(author + ": " + cause);
                });
    }

    // Where _dmarc.<author> exists, with whatever type of record, so does <author> (RFC 8020).
    private boolean isKnownToExist() {
        return switch (steps.getFirst().answer()) {
            case WalkStep.Answer.Published published -> true;
            case WalkStep.Answer.Several several -> true;
            case WalkStep.Answer.Nothing(boolean nxDomain) -> !nxDomain;
            case WalkStep.Answer.Trouble trouble -> false;
        };
    }

    private PolicyDiscovery found(DmarcRecord record, DomainName publisher, PolicyOrigin origin, Disposition requested) {
        if (!record.applicable()) {
            return none("the record at _dmarc." + publisher + " has a broken policy and no sound rua");
        }
        return new PolicyDiscovery.Found(author, record, publisher, origin, organization, requested, method, steps);
    }
}
