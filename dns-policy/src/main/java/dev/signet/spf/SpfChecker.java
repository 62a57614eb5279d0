// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.dns.Dns;
import dev.signet.dns.DomainName;
import dev.signet.spf.SpfResult.State;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Checks whether a client may use a domain (RFC 7208). Safe for use by many threads. */
public final class SpfChecker {

    private final SpfOptions options;
    private final Executor executor;
    private final InstantSource clock;
    private final PublishedRecords records;

    /**
     * @param executor runs the evaluations, which wait for the DNS: best a virtual thread each
     * @param clock for the macro {@code %{t}}
     */
    public SpfChecker(SpfOptions options, Executor executor, InstantSource clock) {
        this(options, executor, clock, RecordSelector::spf1);
    }

    /**
     * @param executor runs the evaluations, which wait for the DNS: best a virtual thread each
     * @param clock for the macro {@code %{t}}
     * @param selector picks the record of each domain that is evaluated, included ones among them
     */
    public SpfChecker(SpfOptions options, Executor executor, InstantSource clock, RecordSelector selector) {
        this.options = options;
        this.executor = executor;
        this.clock = clock;
        this.records = new PublishedRecords(selector);
    }

    /**
     * Checks one identity. The first queries are sent before this returns.
     *
     * @param dns bounds the time: a check ends soon after the last answer, so give it the view of a message with a deadline. It
     *     should also answer equal questions with one query, as a check asks again what it asked early
     * @return completes with a result; exceptionally only if {@code dns} breaks its contract
     */
    public CompletableFuture<SpfResult> check(SpfRequest request, SpfIdentity identity, Dns dns) {
        Sender sender = Sender.of(request, identity);
        Optional<DomainName> domain = sender.checkedDomain();
        if (domain.isEmpty()) {
            return CompletableFuture.completedFuture(nothingToCheck(identity, sender));
        }
        try {
            // From a cache, as most are: another thread would cost more than the evaluation.
            return CompletableFuture.completedFuture(evaluation(request, identity, sender, domain.get(), new AtHand(dns)).run());
        } catch (AtHand.Missing wait) {
            Evaluation evaluation = evaluation(request, identity, sender, domain.get(), dns);
            evaluation.askEarly();
            return CompletableFuture.supplyAsync(evaluation::run, executor);
        }
    }

    private Evaluation evaluation(SpfRequest request, SpfIdentity identity, Sender sender, DomainName domain, Dns dns) {
        return new Evaluation(request, identity, sender, domain, options, clock, dns, records);
    }

    /** RFC 7208 §4.3: a domain that is malformed, an address literal or a single label is a "none" without any query. */
    private static SpfResult nothingToCheck(SpfIdentity identity, Sender sender) {
        SpfStep trace = new SpfStep("no domain name", State.NONE.word(), 0, List.of());
        return new SpfResult(
                State.NONE, identity, sender.toString(), null, null, null, 0, null, "no domain name to check", trace);
    }
}
