// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.MailExchanger;
import dev.signet.dns.Network;
import dev.signet.dns.RecordType;
import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Asks for what a record may need as soon as its names are known, while evaluation still waits for an earlier answer. Nothing
 * here counts, decides or fails: evaluation asks the same questions again, in its own order, and {@link Dns} gives it the answer
 * that is already under way.
 *
 * <p>{@code exists} and {@code ptr} are never asked for early: their queries tell somebody about the message.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Evaluation waits for these answers, by futures of its own.
final class EarlyQueries {

    private final Dns dns;
    private final PublishedRecords records;
    private final InetAddress client;
    private final RecordType<InetAddress> addressType;
    private final Function<DomainName, MacroString.Values> values;
    private final AtomicInteger left;

    EarlyQueries(
            Dns dns,
            PublishedRecords records,
            InetAddress client,
            RecordType<InetAddress> addressType,
            Function<DomainName, MacroString.Values> values,
            int limit) {
        this.dns = dns;
        this.records = records;
        this.client = client;
        this.addressType = addressType;
        this.values = values;
        this.left = new AtomicInteger(limit);
    }

    /** Asks for the record of a domain now, and for what it needs when it is there. The first one is needed anyway: it is free. */
    void follow(DomainName domain) {
        records.at(domain, dns).thenAccept(published -> {
            if (published instanceof Published.Sound(SpfRecord record)) {
                ask(record, domain);
            }
        });
    }

    private void ask(SpfRecord record, DomainName domain) {
        for (Term.Directive directive : record.directives()) {
            if (left.get() <= 0) {
                return;
            }
            switch (directive.mechanism()) {
                // What matches without the DNS ends the evaluation of this record: nothing behind it will be needed.
                case Mechanism.All all -> {
                    return;
                }
                case Mechanism.Ip4(Network block) -> {
                    if (block.contains(client)) {
                        return;
                    }
                }
                case Mechanism.Ip6(Network block) -> {
                    if (block.contains(client)) {
                        return;
                    }
                }
                case Mechanism.Include(MacroString target) -> followTarget(target, domain);
                case Mechanism.A a -> target(a.domain(), domain).ifPresent(this::askAddresses);
                case Mechanism.Mx mx -> target(mx.domain(), domain).ifPresent(this::askExchangers);
                case Mechanism.Ptr ptr -> {}
                case Mechanism.Exists exists -> {}
            }
        }
        if (record.redirect() != null) {
            followTarget(record.redirect(), domain);
        }
    }

    private void followTarget(MacroString target, DomainName domain) {
        target(target, domain).filter(Sender::isFullyQualified).filter(name -> take()).ifPresent(this::follow);
    }

    private void askAddresses(DomainName name) {
        if (take()) {
            dns.lookup(name, addressType);
        }
    }

    private void askExchangers(DomainName name) {
        if (take()) {
            dns.lookup(name, RecordType.MX).thenAccept(answer -> {
                if (answer instanceof DnsAnswer.Found<MailExchanger> found
                        && found.records().size() <= Evaluation.MAX_NAMES) {
                    found.records().stream().map(MailExchanger::host).filter(Evaluation::isNoNullMx).forEach(this::askAddresses);
                }
            });
        }
    }

    private Optional<DomainName> target(@Nullable MacroString target, DomainName domain) {
        if (target == null) {
            return Optional.of(domain);
        }
        return target.needsDns() ? Optional.empty() : target.expandName(values.apply(domain));
    }

    private boolean take() {
        return left.getAndDecrement() > 0;
    }
}
