// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.DomainName;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What DMARC says of one message.
 *
 * @param authorDomain whose policy it is about; empty where no domain could be told
 * @param policy the policy found; present for pass and fail
 * @param alignedSpf the domain of MAIL FROM, where it answers for the author domain
 * @param alignedDkim each d= that answers for the author domain
 * @param handling what was asked for and what is done
 * @param reason for humans
 */
public record DmarcResult(
        Status status,
        Optional<DomainName> authorDomain,
        Optional<PolicyDiscovery.Found> policy,
        Optional<DomainName> alignedSpf,
        List<DomainName> alignedDkim,
        Handling handling,
        String reason) {

    /** The results that RFC 9989 §9.2 registers for Authentication-Results. */
    public enum Status {
        /** An aligned domain answers for the message. */
        PASS,
        /** The author domain has a policy, and no aligned domain answers for the message. */
        FAIL,
        /** The author domain has no policy. */
        NONE,
        /** The DNS did not say; trying again later may help. */
        TEMPERROR,
        /** The message has no author domain to ask about; trying again cannot help. */
        PERMERROR
    }

    public DmarcResult {
        alignedDkim = List.copyOf(alignedDkim);
    }

    /** The domain that publishes the policy. */
    public Optional<DomainName> policyDomain() {
        return policy.map(PolicyDiscovery.Found::policyDomain);
    }

    /** The author's Organizational Domain, where there is one and the DNS told it. */
    public Optional<DomainName> organizationalDomain() {
        return policy.flatMap(found ->
                found.organization() instanceof Organization.Known(DomainName domain) ? Optional.of(domain) : Optional.empty());
    }

    /** What the owner of the author domain asks for. */
    public Disposition requested() {
        return handling.requested();
    }

    /** What this receiver does. */
    public Disposition disposition() {
        return handling.disposition();
    }

    /** The same result, handled otherwise for a reason found elsewhere, such as a trusted ARC chain. */
    public DmarcResult overridden(Disposition disposition, OverrideReason why) {
        List<OverrideReason> overrides = Stream.concat(handling.overrides().stream(), Stream.of(why)).toList();
        return handled(new Handling(handling.requested(), disposition, overrides, handling.sampled()));
    }

    DmarcResult handled(Handling other) {
        return new DmarcResult(status, authorDomain, policy, alignedSpf, alignedDkim, other, reason);
    }

    static DmarcResult pass(PolicyDiscovery.Found policy, Evidence evidence) {
        String reason = evidence.alignedDkim().isEmpty()
                ? "aligned: SPF of " + evidence.alignedSpf().orElseThrow()
                : "aligned: DKIM of " + evidence.alignedDkim().getFirst();
        return new DmarcResult(
                Status.PASS,
                Optional.of(policy.authorDomain()),
                Optional.of(policy),
                evidence.alignedSpf(),
                evidence.alignedDkim(),
                new Handling(policy.requested(), Disposition.NONE, List.of(), true),
                reason);
    }

    static DmarcResult unaligned(Status status, PolicyDiscovery.Found policy, Handling handling, String reason) {
        return new DmarcResult(
                status, Optional.of(policy.authorDomain()), Optional.of(policy), Optional.empty(), List.of(), handling, reason);
    }

    static DmarcResult withoutPolicy(Status status, Optional<DomainName> author, String reason) {
        return new DmarcResult(status, author, Optional.empty(), Optional.empty(), List.of(), Handling.NONE, reason);
    }
}
