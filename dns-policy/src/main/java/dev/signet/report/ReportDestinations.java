// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dmarc.DmarcDiscovery;
import dev.signet.dmarc.DmarcRecord;
import dev.signet.dmarc.Organization;
import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Finds out who gets the reports about a domain. Without it anybody could have us write to anybody, by a record that names the
 * victim (RFC 9990 §4). Immutable; no future completes exceptionally.
 */
public final class ReportDestinations {

    private final DmarcDiscovery discovery;
    private final int maxUris;

    /**
     * @param discovery of organizations
     * @param maxUris of one record that are addresses of mail: RFC 9990 §3.5, malformed ones are ignored, and the limit on the others is
     *     the receiver's. At least 1
     */
    public ReportDestinations(DmarcDiscovery discovery, int maxUris) {
        if (maxUris < 1) {
            throw new IllegalArgumentException("maxUris: found " + maxUris + ", expected 1 or more");
        }
        this.discovery = discovery;
        this.maxUris = maxUris;
    }

    /**
     * Asks about every URI of a record, in its order.
     *
     * @param policyDomain where the record stands
     * @param dns best with a budget and a deadline of its own
     */
    public CompletableFuture<List<ReportDestination>> of(DomainName policyDomain, DmarcRecord record, ReportKind kind, Dns dns) {
        List<CompletableFuture<ReportDestination>> answers = new ArrayList<>();
        int addresses = 0;
        // The same URI twice is one destination.
        for (String uri : new LinkedHashSet<>(kind.uris(record))) {
            Optional<MailtoUri> mailto = MailtoUri.parse(uri);
            if (mailto.isEmpty()) {
                answers.add(now(new ReportDestination.Refused(uri, "expected one mail address, such as mailto:reports@example.com")));
            } else if (addresses == maxUris) {
                answers.add(now(new ReportDestination.Refused(uri, "more than " + maxUris + " addresses")));
            } else {
                addresses++;
                answers.add(of(policyDomain, uri, mailto.get(), kind, dns));
            }
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> withoutDuplicates(answers.stream().map(CompletableFuture::join).toList()));
    }

    private CompletableFuture<ReportDestination> of(
            DomainName policyDomain, String uri, MailtoUri mailto, ReportKind kind, Dns dns) {
        DomainName host = mailto.host();
        if (host.equals(policyDomain)) {
            return now(new ReportDestination.Allowed(uri, mailto.address(), "the policy domain itself"));
        }
        CompletableFuture<Organization> owner = discovery.organizationOf(policyDomain, dns);
        CompletableFuture<Organization> receiver = discovery.organizationOf(host, dns);
        return owner.thenCompose(ofOwner -> receiver.thenCompose(ofReceiver -> {
            if (ofOwner instanceof Organization.Unknown(String cause)) {
                return now(new ReportDestination.Later(uri, cause));
            }
            if (ofReceiver instanceof Organization.Unknown(String cause)) {
                return now(new ReportDestination.Later(uri, cause));
            }
            // RFC 9990 §4: the same organization needs nobody's word.
            return domainOf(ofOwner, policyDomain).equals(domainOf(ofReceiver, host))
                    ? now(new ReportDestination.Allowed(uri, mailto.address(), "the same organization"))
                    : external(policyDomain, uri, mailto, kind, dns);
        }));
    }

    /** A public suffix belongs to nobody but itself. */
    private static DomainName domainOf(Organization organization, DomainName name) {
        return organization instanceof Organization.Known(DomainName domain) ? domain : name;
    }

    private static CompletableFuture<ReportDestination> external(
            DomainName policyDomain, String uri, MailtoUri mailto, ReportKind kind, Dns dns) {
        // RFC 9990 §4, steps 1 to 4.
        Optional<DomainName> name = mailto.host().prefixedWith(policyDomain + "._report._dmarc");
        if (name.isEmpty()) {
            return now(new ReportDestination.Refused(
                    uri, "the name under " + mailto.host() + " at which it could agree is too long for the DNS"));
        }
        return dns.lookup(name.get(), RecordType.TXT).thenApply(answer -> switch (answer) {
            // Step 5.
            case DnsAnswer.TempFailure<String>(String cause) -> new ReportDestination.Later(uri, "TXT " + name.get() + ": " + cause);
            case DnsAnswer.Found<String>(List<String> texts) -> agreed(texts, name.get(), uri, mailto, kind);
            case DnsAnswer.NoData<String> ignored -> notAgreed(uri, name.get());
            case DnsAnswer.NxDomain<String> ignored -> notAgreed(uri, name.get());
        });
    }

    private static ReportDestination agreed(List<String> texts, DomainName name, String uri, MailtoUri mailto, ReportKind kind) {
        // Steps 6 to 8. Which of several counts is left open; by their text, so that it is not for the order of an answer to say.
        List<DmarcRecord> records = texts.stream()
                .flatMap(text -> DmarcRecord.parse(text).stream())
                .sorted(Comparator.comparing(DmarcRecord::text))
                .toList();
        if (records.isEmpty()) {
            return notAgreed(uri, name);
        }
        Optional<DmarcRecord> overriding = records.stream().filter(record -> record.tags().containsKey(kind.tag())).findFirst();
        return overriding
                .map(record -> overridden(kind.uris(record), name, uri, mailto))
                .orElseGet(() -> new ReportDestination.Allowed(uri, mailto.address(), "TXT " + name));
    }

    /** Step 9: "the overriding URI MUST use the same destination host", else "MUST NOT generate a report to either". */
    private static ReportDestination overridden(List<String> uris, DomainName name, String uri, MailtoUri mailto) {
        List<MailtoUri> sameHost = uris.stream()
                .flatMap(other -> MailtoUri.parse(other).stream())
                .filter(other -> other.host().equals(mailto.host()))
                .toList();
        if (uris.isEmpty() || sameHost.size() < uris.size()) {
            return new ReportDestination.Refused(uri, "TXT " + name + " wants reports somewhere else than at " + mailto.host());
        }
        // One URI stands for one destination: an override must not make many mails of one.
        return new ReportDestination.Allowed(uri, sameHost.getFirst().address(), "TXT " + name + " names the address");
    }

    private static ReportDestination notAgreed(String uri, DomainName name) {
        return new ReportDestination.Refused(uri, "external, and no DMARC record at " + name);
    }

    /** Two URIs may come to one address. */
    private static List<ReportDestination> withoutDuplicates(List<ReportDestination> all) {
        Set<String> addresses = new HashSet<>();
        return all.stream()
                .map(destination -> destination instanceof ReportDestination.Allowed allowed && !addresses.add(allowed.address())
                        ? new ReportDestination.Refused(allowed.uri(), "the same address once more")
                        : destination)
                .toList();
    }

    private static CompletableFuture<ReportDestination> now(ReportDestination destination) {
        return CompletableFuture.completedFuture(destination);
    }
}
