// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import dev.signet.dns.Dns;
import dev.signet.dns.DomainName;
import dev.signet.dns.MessageDns;
import dev.signet.report.ReportDestination;
import dev.signet.report.ReportDestinations;
import dev.signet.report.ReportKind;
import dev.signet.store.PolicyDay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Decides what becomes of a report. Everything that keeps us from writing to somebody who never asked for it is here or in {@link
 * ReportDestinations}. Immutable.
 */
public final class ReportPlanner {

    // For all destinations of one report. A tree walk takes up to 8 for each name, and there are two names a destination.
    private static final int MAX_QUERIES = 200;
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final ReportDestinations destinations;
    private final SendingRules rules;
    private final Dns dns;

    public ReportPlanner(ReportDestinations destinations, SendingRules rules, Dns dns) {
        this.destinations = destinations;
        this.rules = rules;
        this.dns = dns;
    }

    int maxPerHost() {
        return rules.maxPerHost();
    }

    /** Asks the DNS, for no longer than half a minute. The future never completes exceptionally. */
    CompletableFuture<ReportDecision> decide(PolicyDay report, Suppression suppression) {
        Optional<String> none = reasonForNone(report);
        if (none.isPresent()) {
            return CompletableFuture.completedFuture(new ReportDecision.Nothing(none.get()));
        }
        MessageDns view = new MessageDns(dns, MAX_QUERIES, DEADLINE);
        return destinations
                .of(report.policy().domain(), report.record(), ReportKind.AGGREGATE, view)
                .thenApply(found -> decision(found, suppression));
    }

    private Optional<String> reasonForNone(PolicyDay report) {
        if (!report.due()) {
            // RFC 9990 §7.2 and hostile senders: see ReportedMessage.callsForReport.
            return Optional.of("only mail that was refused, or reports");
        }
        if (report.messages() < rules.minMessages()) {
            return Optional.of(report.messages() + " messages, fewer than " + rules.minMessages());
        }
        return rules.reasonAgainst(report.policy().domain());
    }

    private ReportDecision decision(List<ReportDestination> found, Suppression suppression) {
        List<ReportDestination.Allowed> to = new ArrayList<>();
        List<ReportDestination.Refused> refused = new ArrayList<>();
        List<ReportDestination.Later> later = new ArrayList<>();
        for (ReportDestination destination : found) {
            switch (destination) {
                case ReportDestination.Allowed allowed -> reasonAgainst(allowed, suppression).ifPresentOrElse(
                        reason -> refused.add(new ReportDestination.Refused(allowed.uri(), reason)),
                        () -> to.add(allowed));
                case ReportDestination.Refused no -> refused.add(no);
                case ReportDestination.Later unknown -> later.add(unknown);
            }
        }
        return new ReportDecision.Send(to, refused, later);
    }

    private Optional<String> reasonAgainst(ReportDestination.Allowed to, Suppression suppression) {
        return DomainName.parse(hostOf(to.address()))
                .flatMap(rules::reasonAgainstHost)
                .or(() -> suppression.reasonAgainst(to));
    }

    static String hostOf(String address) {
        return address.substring(address.lastIndexOf('@') + 1);
    }
}
