// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import com.google.common.net.InetAddresses;
import dev.signet.dns.DomainName;
import dev.signet.dns.DomainPattern;
import dev.signet.report.AggregateReportWriter;
import dev.signet.report.ReportFormat;
import dev.signet.report.Reporter;
import dev.signet.sending.SendingOptions;
import dev.signet.sending.SendingRules;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;

import jakarta.mail.internet.AddressException;

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
    private static final String GENERATOR = "Signet";
    /** What the DNS or the queue leaves open is tried for so long: a day whose end is further away is no news to anybody. */
    static final Duration PATIENCE = Duration.ofDays(3);
    private static final int MAX_BYTES = 50 << 20;

    SendingSettings {
        skip = List.copyOf(skip);
    }

    static SendingSettings of(Parameters from) {
        SendingSettings settings = new SendingSettings(
                from.flag(SEND, false),
                from.read("reports.email", "a mail address, such as dmarc@example.org", SendingSettings::address),
                from.read("reports.domain", "a domain name", DomainName::parse),
                from.text("reports.organization"),
                from.text("reports.contact"),
                from.read("reports.bounces", "a mail address, such as dmarc-bounces@example.org", SendingSettings::address),
                from.duration("reports.delay", Duration.ZERO, Duration.ofHours(12)).orElse(Duration.ofMinutes(30)),
                from.duration("reports.window", Duration.ZERO, Duration.ofHours(20)).orElse(Duration.ofHours(6)),
                from.duration("reports.lease", Duration.ofSeconds(1), Duration.ofHours(1)).orElse(Duration.ofMinutes(1)),
                from.choice("reports.queue", Queue.DURABLE),
                from.number("reports.min-messages", 1, 1, Integer.MAX_VALUE),
                from.list("reports.skip").stream().map(text -> pattern(from, text)).toList(),
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

    private static Optional<MailAddress> address(String text) {
        try {
            return Optional.of(new MailAddress(text)).filter(address -> !InetAddresses.isInetAddress(address.getDomain().asString()));
        } catch (AddressException e) {
            return Optional.empty();
        }
    }

    private static DomainPattern pattern(Parameters from, String text) {
        try {
            return DomainPattern.of(text);
        } catch (IllegalArgumentException e) {
            throw from.wrong("reports.skip", e);
        }
    }

    Reporter reporter() {
        DomainName receiver = domain.orElseGet(() -> DomainName.of(sender().getDomain().asString()));
        return new Reporter(receiver, organization.orElse(receiver.toString()), sender().asString(), contact.orElse(""), GENERATOR);
    }

    AggregateReportWriter writer() {
        return new AggregateReportWriter(reporter(), format, maxBytes);
    }

    SendingOptions options() {
        return new SendingOptions(
                sender().asString(), bounces().address().asString(), delay, window, lease, queue == Queue.DURABLE, PATIENCE);
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

    private MailAddress sender() {
        return email.orElseThrow(() -> new IllegalStateException("no reports are sent"));
    }
}
