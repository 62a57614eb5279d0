// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.Dns;
import dev.signet.dns.DomainName;
import dev.signet.message.AuthorDomain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Evaluates DMARC in two steps, so that the DNS works while SPF, DKIM and the body are being checked: {@link #discover} needs
 * the author alone, {@link #evaluate} what SPF and DKIM came to. Immutable. A future
 * completes exceptionally only by a surprise about the one author.
 */
public final class DmarcChecker {

    private static final Logger LOG = LoggerFactory.getLogger(DmarcChecker.class);

    /**
     * A query budget that {@link #discover} never exhausts: it asks nine for each of eight authors, or nine for one author and
     * eight for each of ten candidates.
     */
    public static final int MAX_QUERIES = 100;

    // RFC 9989 §11.5: "Limiting the number of Author Domains processed will avoid this risk"; up to eight queries each. Fewer than
    // an AuthorDomain lists, so that a list which was cut short counts as too long.
    private static final int MAX_AUTHORS = 8;

    // Walks for identifiers of one message; no honest message is signed by that many domains of one organization.
    private static final int MAX_IDENTIFIERS = 10;

    private final DmarcDiscovery discovery;
    private final Enforcement enforcement;
    private final UnclearAuthor unclearAuthor;

    public DmarcChecker(DmarcDiscovery discovery, LocalPolicy local, Sampler sampler, AuthorHandling authorHandling) {
        this.discovery = discovery;
        this.enforcement = new Enforcement(local, sampler);
        this.unclearAuthor = new UnclearAuthor(authorHandling, enforcement);
    }

    /** How policies and organizations are found. */
    public DmarcDiscovery discovery() {
        return discovery;
    }

    /**
     * Starts every query that the author domain calls for.
     *
     * @param candidates domains that SPF or DKIM may vouch for, as far as they are known already: of MAIL FROM and of each d=
     * @param dns of this message
     */
    public CompletableFuture<Discovered> discover(AuthorDomain author, Collection<DomainName> candidates, Dns dns) {
        List<DomainName> authors = authorsOf(author);
        List<CompletableFuture<PolicyDiscovery>> policies = new ArrayList<>(1);
        for (DomainName domain : authors.subList(0, Math.min(authors.size(), MAX_AUTHORS))) {
            policies.add(policyFor(domain, author, dns));
        }
        Map<DomainName, CompletableFuture<Organization>> organizations = new HashMap<>();
        if (author instanceof AuthorDomain.One one) {
            for (DomainName candidate : candidates) {
                if (organizations.size() < MAX_IDENTIFIERS && !organizations.containsKey(candidate) && isNear(candidate, one.domain())) {
                    organizations.put(candidate, organizationOf(candidate, dns));
                }
            }
        }
        boolean complete = authors.size() <= MAX_AUTHORS && isComplete(author);
        return Futures.all(policies).thenCombine(
                Futures.all(organizations), (found, known) -> new Discovered(author, found, known, complete));
    }

    /** Judges a message whose discovery is done; asks again only for identifiers that were no candidates then. */
    public CompletableFuture<DmarcResult> evaluate(Discovered discovered, Identifiers identifiers, MessageFacts facts, Dns dns) {
        return switch (discovered.author()) {
            case AuthorDomain.One one -> switch (discovered.policies().getFirst()) {
                case PolicyDiscovery.None none -> now(DmarcResult.withoutPolicy(
                        DmarcResult.Status.NONE, Optional.of(one.domain()), none.reason()));
                // RFC 9989 §5.3.6: without an answer "the message cannot be considered to pass or fail".
                case PolicyDiscovery.TempError trouble -> now(DmarcResult.withoutPolicy(
                        DmarcResult.Status.TEMPERROR, Optional.of(one.domain()), trouble.cause()));
                case PolicyDiscovery.Found policy -> judge(policy, discovered, identifiers, facts, dns);
            };
            case AuthorDomain.None none -> now(unclearAuthor.judge(none.reason(), discovered, identifiers, facts));
            case AuthorDomain.Several several -> now(unclearAuthor.judge(several.reason(), discovered, identifiers, facts));
            case AuthorDomain.Unparsable odd -> now(unclearAuthor.judge(odd.reason(), discovered, identifiers, facts));
            case AuthorDomain.Unread unread -> now(unclearAuthor.judge(unread.reason(), discovered, identifiers, facts));
        };
    }

    /**
     * Whether a later try of a message may come to a disposition that this one could not: a temporary error stands between the
     * message and a policy that this receiver would act on. Not so for a check that failed by itself, which is no fault of the DNS.
     *
     * @param client who handed the message over; empty where nobody knows
     */
    public boolean isWorthAnotherTry(DmarcResult result, Optional<InetAddress> client) {
        return result.status() == DmarcResult.Status.TEMPERROR
                && result.authorDomain().filter(author -> enforcement.mayApply(author, result.policy(), client)).isPresent();
    }

    private CompletableFuture<DmarcResult> judge(
            PolicyDiscovery.Found policy, Discovered discovered, Identifiers identifiers, MessageFacts facts, Dns dns) {
        AlignmentMode aspf = policy.record().spfAlignment();
        AlignmentMode adkim = policy.record().dkimAlignment();
        var spf = compare(policy, listOf(identifiers.spf()), aspf, discovered, dns);
        var dkim = compare(policy, identifiers.dkim(), adkim, discovered, dns);
        var openSpf = compare(policy, listOf(identifiers.spfTempError()), aspf, discovered, dns);
        var openDkim = compare(policy, identifiers.dkimTempErrors(), adkim, discovered, dns);
        return Futures.all(List.of(spf, dkim, openSpf, openDkim)).thenApply(all -> {
            Evidence evidence = new Evidence(all.get(0), all.get(1), all.get(2), all.get(3));
            // RFC 9989 §5.3.5: one aligned identifier is enough, whatever else the DNS kept to itself.
            if (evidence.alignedSpf().isPresent() || !evidence.alignedDkim().isEmpty()) {
                return DmarcResult.pass(policy, evidence);
            }
            return evidence.doubt()
                    .map(doubt -> DmarcResult.unaligned(
                            DmarcResult.Status.TEMPERROR, policy, new Handling(policy.requested(), Disposition.NONE, List.of(), true), doubt))
                    .orElseGet(() -> DmarcResult.unaligned(
                            DmarcResult.Status.FAIL, policy, enforcement.of(policy, identifiers, facts), reasonOf(identifiers)));
        });
    }

    private CompletableFuture<List<Evidence.Compared>> compare(
            PolicyDiscovery.Found policy,
            List<DomainName> identifiers,
            AlignmentMode mode,
            Discovered discovered,
            Dns dns) {
        Map<DomainName, CompletableFuture<Evidence.Compared>> compared = new LinkedHashMap<>();
        for (DomainName identifier : identifiers) {
            if (compared.size() < MAX_IDENTIFIERS && !compared.containsKey(identifier) && mayAlign(policy, identifier)) {
                compared.put(identifier, Alignment.of(policy, identifier, mode, name -> organizationOf(name, discovered, dns))
                        .thenApply(alignment -> new Evidence.Compared(identifier, alignment)));
            }
        }
        return Futures.all(List.copyOf(compared.values()));
    }

    private static List<DomainName> listOf(Optional<DomainName> identifier) {
        return identifier.map(List::of).orElse(List.of());
    }

    private CompletableFuture<Organization> organizationOf(DomainName name, Discovered discovered, Dns dns) {
        Organization known = discovered.organizations().get(name);
        return known != null ? now(known) : organizationOf(name, dns);
    }

    // Of several authors all but one may be the forger's own, whose records must not hide the policy of that one.
    private CompletableFuture<PolicyDiscovery> policyFor(DomainName domain, AuthorDomain author, Dns dns) {
        CompletableFuture<PolicyDiscovery> policy = now(domain).thenCompose(name -> discovery.policyFor(name, dns));
        return author instanceof AuthorDomain.One
                ? policy
                : policy.exceptionally(surprise -> new PolicyDiscovery.TempError(domain, noted(domain, surprise), List.of()));
    }

    // Nor may what a stranger publishes at a name that he signs with.
    private CompletableFuture<Organization> organizationOf(DomainName name, Dns dns) {
        return now(name)
                .thenCompose(identifier -> discovery.organizationOf(identifier, dns))
                .exceptionally(surprise -> new Organization.Unknown(noted(name, surprise)));
    }

    private static String noted(DomainName name, Throwable surprise) {
        LOG.error("What the DNS tells about {} could not be understood", name, surprise);
        return "the check of " + name + " failed";
    }

    // Identifiers that cannot align do not count towards the limit: nobody can crowd out the one that does.
    private static boolean mayAlign(PolicyDiscovery.Found policy, DomainName identifier) {
        return policy.organization() instanceof Organization.Known(DomainName organization)
                ? identifier.isAtOrBelow(organization)
                : isRelated(identifier, policy.authorDomain(), 1);
    }

    // A guess before the walk is done: real organizations share two labels. What it misses is asked for later.
    private static boolean isNear(DomainName candidate, DomainName author) {
        return !candidate.equals(author) && isRelated(candidate, author, 2);
    }

    private static boolean isRelated(DomainName one, DomainName other, int labels) {
        return one.isAtOrBelow(other.rightmost(labels));
    }

    private static boolean isComplete(AuthorDomain author) {
        return switch (author) {
            case AuthorDomain.One one -> true;
            case AuthorDomain.None none -> true;
            case AuthorDomain.Several several -> several.complete();
            case AuthorDomain.Unparsable unparsable -> unparsable.complete();
            case AuthorDomain.Unread unread -> false;
        };
    }

    private static List<DomainName> authorsOf(AuthorDomain author) {
        return switch (author) {
            case AuthorDomain.One(DomainName domain, String address) -> List.of(domain);
            case AuthorDomain.None none -> List.of();
            case AuthorDomain.Several several -> several.domains().stream().distinct().toList();
            case AuthorDomain.Unparsable unparsable -> unparsable.candidates().stream().distinct().toList();
            case AuthorDomain.Unread unread -> List.of();
        };
    }

    private static String reasonOf(Identifiers identifiers) {
        List<String> passed = Stream.concat(identifiers.spf().stream(), identifiers.dkim().stream())
                .map(DomainName::ascii)
                .distinct()
                .limit(3)
                .toList();
        return passed.isEmpty() ? "neither SPF nor DKIM passed" : "not aligned: " + String.join(", ", passed);
    }

    private static <T> CompletableFuture<T> now(T value) {
        return CompletableFuture.completedFuture(value);
    }
}
