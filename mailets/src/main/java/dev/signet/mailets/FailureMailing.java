// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dmarc.PolicyDiscovery;
import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.MessageDns;
import dev.signet.dns.RecordType;
import dev.signet.report.FailedMessage;
import dev.signet.report.FailureLimits;
import dev.signet.report.FailureReportWriter;
import dev.signet.report.ReportDestination;
import dev.signet.report.ReportDestinations;
import dev.signet.report.ReportKind;
import dev.signet.report.Reporter;
import dev.signet.sending.SendingOptions;
import dev.signet.sending.SuppressionList;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import jakarta.mail.MessagingException;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Asks to whom a failure report may go, and hands it to James's own queue like mail of its mailets, so that {@link SignDkim} signs it.
 * It takes the time that the DNS takes.
 *
 * <p>Where aggregate reports are sent, it comes back to where those do, and {@link TrackReports} learns who refuses it. Elsewhere it has
 * the null sender, so that nothing comes back: of such a mail James 3.8.1 tells no processor that it could not be delivered.
 */
final class FailureMailing {

    private static final Logger LOGGER = LoggerFactory.getLogger(FailureMailing.class);

    private static final int REDACTION_KEY_BYTES = 32;
    // RFC 9991 §2: "MUST make an attempt to deliver to each of them"; nobody has as many as this.
    private static final int MAX_URIS = 10;
    // Two walks to an organization and one record for each URI, and the SPF record.
    private static final int MAX_QUERIES = 200;
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final AttributeName MARK = AttributeName.of("dev.signet.failure-report");

    private final Signet signet;
    private final MailetContext james;
    private final JamesQueue queue;
    private final SecureRandom random;
    private final byte[] redactionKey = new byte[REDACTION_KEY_BYTES];

    FailureMailing(Signet signet, MailetContext james, SecureRandom random) {
        this.signet = signet;
        this.james = james;
        this.queue = new JamesQueue(james);
        this.random = random;
        random.nextBytes(redactionKey);
    }

    /** Whether a mail is a failure report of ours. */
    static boolean isReport(Mail mail) {
        return mail.getAttribute(MARK).isPresent();
    }

    /** Never throws: whatever goes wrong is logged. */
    void report(FailedMessage message, FailureLimits.Claim claim) {
        boolean sent = false;
        try {
            Dns dns = new MessageDns(signet.dns(), MAX_QUERIES, DEADLINE);
            PolicyDiscovery.Found policy = message.dmarc().policy().orElseThrow();
            ReportDestinations destinations = new ReportDestinations(signet.options().dmarc().orElseThrow().discovery(), MAX_URIS);
            for (ReportDestination destination :
                    destinations.of(policy.policyDomain(), policy.record(), ReportKind.FAILURE, dns).join()) {
                sent |= report(message, claim, destination, dns);
            }
        } catch (RuntimeException e) {
            LOGGER.error("{}: no failure report", message.envelopeId(), e);
        } finally {
            if (!sent) {
                signet.failureLimits().foundNobody(claim);
            }
        }
    }

    private boolean report(FailedMessage message, FailureLimits.Claim claim, ReportDestination destination, Dns dns) {
        try {
            Optional<String> reason = switch (destination) {
                case ReportDestination.Allowed allowed -> send(message, claim.incidents(), new MailAddress(allowed.address()), dns);
                case ReportDestination.Refused refused -> Optional.of(refused.reason());
                // It tells of what happens now; tomorrow the aggregate report does.
                case ReportDestination.Later later -> Optional.of(later.cause());
            };
            reason.ifPresent(why -> LOGGER.debug("{}: no failure report to {}: {}", message.envelopeId(), destination.uri(), why));
            return reason.isEmpty();
        } catch (MessagingException | SQLException | RuntimeException e) {
            LOGGER.error("{}: no failure report to {}", message.envelopeId(), destination.uri(), e);
            return false;
        }
    }

    /** Returns why it was not sent, if it was not. */
    private Optional<String> send(FailedMessage message, long incidents, MailAddress to, Dns dns) throws MessagingException, SQLException {
        Domain host = to.getDomain();
        Instant now = signet.clock().instant();
        if (james.isLocalServer(host)) {
            // What it would tell stands in our own log, and a report from here to here passes no DMARC.
            return Optional.of("it is served here");
        }
        DomainName name = DomainName.of(host.asString());
        Optional<String> skipped = signet.settings().sending().rules(james::isLocalServer).reasonAgainstHost(name);
        if (skipped.isPresent()) {
            return skipped;
        }
        Optional<SuppressionList> suppression = signet.suppressionList();
        Optional<String> suppressed = suppression.isPresent() ? suppression.get().reasonAgainst(to.asString()) : Optional.empty();
        if (suppressed.isPresent()) {
            return suppressed;
        }
        if (!signet.failureLimits().claim(name)) {
            return Optional.of("the limit of its host is reached");
        }
        byte[] report = writer().write(message, incidents, spfRecord(message, dns), to.asString(), now);
        MailImpl mail = MailImpl.builder().name(MailImpl.getId()).sender(MaybeSender.getMailSender(sender())).addRecipient(to).build();
        queue.put(mail, report, Attribute.convertToAttribute(MARK.asString(), true));
        LOGGER.info("{}: failure report to {}, incidents: {}", message.envelopeId(), to, incidents);
        return Optional.empty();
    }

    private @Nullable String sender() {
        SendingSettings sending = signet.settings().sending();
        return sending.on() ? sending.options().sender(SendingOptions.word(random)) : null;
    }

    private FailureReportWriter writer() {
        String receiver = signet.authservId(james);
        String from = signet.settings().failures().from().orElseThrow().asString();
        return new FailureReportWriter(new Reporter(DomainName.of(receiver), receiver, from, "", Reporter.SOFTWARE), redactionKey);
    }

    private static Optional<String> spfRecord(FailedMessage message, Dns dns) {
        return FailureReportWriter.spfDomain(message)
                .flatMap(domain -> dns.lookup(domain, RecordType.TXT).join() instanceof DnsAnswer.Found<String> found
                        ? found.records().stream().filter(text -> text.regionMatches(true, 0, "v=spf1", 0, 6)).findFirst()
                        : Optional.empty());
    }
}
