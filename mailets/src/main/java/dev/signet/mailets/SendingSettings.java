// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dns.DomainName;
import dev.signet.dns.DomainPattern;
import dev.signet.report.AggregateReportWriter;
import dev.signet.report.ReportFormat;
import dev.signet.report.Reporter;
import dev.signet.sending.SendingOptions;
import dev.signet.sending.SendingRules;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What {@code conf/signet.properties} says of sending aggregate reports; {@link Settings} has the table.
 *
 * @param on whether any are sent
 * @param email who sends them, and whom their readers may ask; present where they are on
 * @param domain in whose name; that of {@code email} where it is not set
 * @param organization the same for people
 * @param bounceAddress the envelope sender, before each mail adds a word of its own; {@code email} where it is not set
 * @param suppression how long an address whose mail came back gets nothing
 */
record SendingSettings(
        boolean on,
        Optional<MailAddress> email,
        Optional<DomainName> domain,
        Optional<String> organization,
        Optional<String> contact,
        Optional<MailAddress> bounceAddress,
        Duration delay,
        Duration window,
        Duration lease,
        Queue queue,
        int minMessages,
        List<DomainPattern> skip,
        boolean skipLocal,
        int maxUris,
        int maxPerHost,
        int maxBytes,
        ReportFormat format,
        Duration suppression) {

    /** Whether mail that James's queue has accepted survives the end of this James. */
    enum Queue { DURABLE, MEMORY }

    private static final String SEND = "reports.send";
    /** What the DNS or the queue leaves open is tried for so long: a day whose end is further away is no news to anybody. */
    static final Duration PATIENCE = Duration.ofDays(3);
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final int MAX_BYTES = 50 << 20;

    SendingSettings {
        skip = List.copyOf(skip);
    }

    static SendingSettings of(Parameters from) {
        SendingSettings settings = new SendingSettings(
                from.flag(SEND, false),
                from.address("reports.email", "dmarc@example.org"),
                from.read("reports.domain", "a domain name", DomainName::parse),
                from.text("reports.organization"),
                from.text("reports.contact"),
                from.address("reports.bounces", "dmarc-bounces@example.org"),
                from.duration("reports.delay", Duration.ZERO, Duration.ofHours(12)).orElse(Duration.ofMinutes(30)),
                from.duration("reports.window", Duration.ZERO, Duration.ofHours(20)).orElse(Duration.ofHours(6)),
                from.duration("reports.lease", Duration.ofSeconds(1), Duration.ofHours(1)).orElse(Duration.ofMinutes(1)),
                from.choice("reports.queue", Queue.DURABLE),
                from.number("reports.min-messages", 1, 1, Integer.MAX_VALUE),
                from.domains("reports.skip"),
                from.flag("reports.skip-local", false),
                from.number("reports.max-uris", 5, 1, 100),
                from.number("reports.max-per-host", 1000, 1, Integer.MAX_VALUE),
                from.number("reports.max-bytes", 5 << 20, AggregateReportWriter.MIN_BYTES, MAX_BYTES),
                from.choice("reports.format", ReportFormat.RFC9990),
                from.duration("reports.suppression", Duration.ofDays(1), Duration.ofDays(3650)).orElse(Duration.ofDays(30)));
        if (settings.on()) {
            if (!from.flag("reports", false)) {
                throw from.wrong(SEND, "true", "reports = true beside it: what is not recorded cannot be sent");
            }
            if (settings.email().isEmpty()) {
                throw from.wrong(SEND, "true", "reports.email beside it: who sends them, an address of a domain that SignDkim signs for");
            }
        }
        return settings;
    }

    Reporter reporter() {
        DomainName receiver = domain.orElseGet(() -> DomainName.of(sender().getDomain().asString()));
        return new Reporter(receiver, organization.orElse(receiver.toString()), sender().asString(), contact.orElse(""), Reporter.SOFTWARE);
    }

    AggregateReportWriter writer() {
        return new AggregateReportWriter(reporter(), format, maxBytes);
    }

    SendingOptions options() {
        return new SendingOptions(
                sender().asString(), bounces().address().asString(), delay, window, lease, queue == Queue.DURABLE, PACE, PATIENCE);
    }

    /** @param isLocal whether a domain is served here */
    SendingRules rules(Predicate<Domain> isLocal) {
        Predicate<DomainName> ours = name -> isLocal.test(Domain.of(name.ascii()));
        return new SendingRules(minMessages, skip, skipLocal ? ours : name -> false, maxPerHost);
    }

    /** Where what comes back comes to. */
    BounceAddress bounces() {
        return new BounceAddress(bounceAddress.orElseGet(this::sender));
    }

    /** Whether nothing can come to an address but a report of ours that could not be delivered. */
    boolean comesBackTo(MailAddress recipient) {
        return on && bounces().token(recipient).isPresent();
    }

    /** Whether what comes to an address is likely to be an answer to a report of ours. */
    boolean hearsOfReports(MailAddress recipient) {
        return comesBackTo(recipient) || (on && email.filter(recipient::equals).isPresent());
    }

    private MailAddress sender() {
        return email.orElseThrow(() -> new IllegalStateException("no reports are sent"));
    }
}
