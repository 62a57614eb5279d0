// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.authres.MethodResult;
import dev.signet.authres.PropertyType;
import dev.signet.dns.DomainName;

import java.util.List;
import java.util.Locale;
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
        PERMERROR;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** The word as it stands in header fields. */
        public String word() {
            return word;
        }
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

    /** What to answer where the check itself failed. */
    public static DmarcResult surprised(String reason) {
        return withoutPolicy(Status.TEMPERROR, Optional.empty(), reason);
    }

    /** As Authentication-Results says it (RFC 9989 §9.1); the comments are for people, in the words of other receivers. */
    public MethodResult methodResult() {
        MethodResult result = MethodResult.of("dmarc", status.word());
        if (policy.isPresent()) {
            result = result.withComment(published(policy.get().record()) + " dis=" + disposition().word());
        }
        for (OverrideReason override : handling.overrides()) {
            result = result.withComment(override.type().word() + ": " + override.comment());
        }
        if (status != Status.PASS) {
            result = result.withReason(reason);
        }
        if (authorDomain.isPresent()) {
            result = result.withProperty(PropertyType.HEADER, "from", authorDomain.get().ascii());
        }
        // RFC 9989 §9.1: the policy "applied/to be applied after policy options have been processed".
        return policy.isPresent() || disposition() != Disposition.NONE
                ? result.withProperty(PropertyType.POLICY, "dmarc", disposition().word())
                : result;
    }

    private static String published(DmarcRecord record) {
        String tags = "p=" + record.policy().word();
        if (record.subdomainPolicy(true) != record.policy()) {
            tags += " sp=" + record.subdomainPolicy(true).word();
        }
        return record.subdomainPolicy(false) != record.subdomainPolicy(true) ? tags + " np=" + record.subdomainPolicy(false).word() : tags;
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
