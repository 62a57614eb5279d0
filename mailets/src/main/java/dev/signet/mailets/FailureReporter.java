// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dmarc.DmarcResult;
import dev.signet.dmarc.PolicyDiscovery;
import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.MessageDns;
import dev.signet.dns.RecordType;
import dev.signet.inbound.ClientVerdict;
import dev.signet.inbound.Connection;
import dev.signet.inbound.Verdict;
import dev.signet.message.HeaderBlock;
import dev.signet.message.MessageReader;
import dev.signet.report.AutomaticMail;
import dev.signet.report.Delivery;
import dev.signet.report.FailedMessage;
import dev.signet.report.FailureReportWriter;
import dev.signet.report.ReportDestination;
import dev.signet.report.ReportDestinations;
import dev.signet.report.ReportKind;
import dev.signet.report.Reporter;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStream;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.mail.MessagingException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends failure reports (RFC 9991) to owners of domains who ask for them, where {@code conf/signet.properties} says so
 * ({@link Settings}, {@code failure-reports}). The mail that a report is about does not wait for it: what takes time is done by a
 * thread of its own, and where that one does not keep up, reports are dropped.
 *
 * <p>Reports go through James's own queue like mail of its mailets, so that {@link SignDkim} signs them, with the null sender: nobody
 * answers them, and nobody reports on them.
 */
@Singleton
public final class FailureReporter {

    private static final Logger LOGGER = LoggerFactory.getLogger(FailureReporter.class);

    // Reports that wait: each holds the header of its message, which may be as large as the limit on headers.
    private static final int MAX_WAITING = 100;
    private static final int REDACTION_KEY_BYTES = 32;
    // RFC 9991 §2: "MUST make an attempt to deliver to each of them"; nobody has as many as this.
    private static final int MAX_URIS = 10;
    // Two walks to an organization and one record for each URI, and the SPF record.
    private static final int MAX_QUERIES = 200;
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String GENERATOR = "Signet";

    private final Signet signet;
    private final MailetContext james;
    private final Executor executor;
    private final byte[] redactionKey = new byte[REDACTION_KEY_BYTES];
    private final AtomicLong dropped = new AtomicLong();

    @Inject
    public FailureReporter(Signet signet, MailetContext james) {
        this(signet, james, oneThread(), new SecureRandom());
    }

    FailureReporter(Signet signet, MailetContext james, Executor executor, SecureRandom random) {
        this.signet = signet;
        this.james = james;
        this.executor = executor;
        random.nextBytes(redactionKey);
    }

    private static Executor oneThread() {
        ThreadPoolExecutor one = new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING),
                Thread.ofPlatform().daemon().name("signet-failure-reports").factory());
        one.allowCoreThreadTimeOut(true);
        return one;
    }

    /**
     * Has a report sent where somebody wants one. Never waits for the DNS, and never throws: whatever goes wrong is logged.
     *
     * @param mail whose message is as it came
     * @param refused whether the client was told that it is refused
     */
    void offer(Mail mail, Connection connection, Verdict verdict, boolean refused) {
        if (!signet.settings().failures().on()) {
            return;
        }
        try {
            Optional<FailedMessage> failed = failed(mail, connection, verdict, refused);
            if (failed.isEmpty()) {
                return;
            }
            PolicyDiscovery.Found policy = failed.get().dmarc().policy().orElseThrow();
            OptionalLong incidents = signet.failureLimits().claim(policy.policyDomain(), failed.get().delivery().client());
            if (incidents.isEmpty()) {
                LOGGER.debug("{}: no failure report to {}, the limit is reached", mail.getName(), policy.policyDomain());
                return;
            }
            executor.execute(() -> report(failed.get(), policy, incidents.getAsLong()));
        } catch (RejectedExecutionException full) {
            long count = dropped.incrementAndGet();
            // The first one, and then less and less often: under a flood the log is not to be flooded too.
            if (Long.bitCount(count) == 1) {
                LOGGER.warn("{} failure reports dropped so far: {} were waiting", count, MAX_WAITING);
            }
        } catch (MessagingException | IOException | RuntimeException e) {
            LOGGER.error("{}: no failure report", mail.getName(), e);
        }
    }

    /** Empty where nobody wants to know, or is to know. Our own users and machines have no DMARC result. */
    private Optional<FailedMessage> failed(Mail mail, Connection connection, Verdict verdict, boolean refused)
            throws MessagingException, IOException {
        if (verdict.dmarc().isEmpty() || verdict.client().isEmpty()) {
            return Optional.empty();
        }
        DmarcResult dmarc = verdict.dmarc().get();
        ClientVerdict client = verdict.client().get();
        if (!FailedMessage.isWanted(dmarc, verdict.dkim(), Optional.of(client.mailFrom()))) {
            return Optional.empty();
        }
        HeaderBlock header = header(mail);
        String mailFrom = Optional.ofNullable(connection.mailFrom()).orElse("");
        Optional<String> automatic = AutomaticMail.reason(header, mailFrom);
        if (automatic.isPresent()) {
            LOGGER.debug("{}: no failure report, {}", mail.getName(), automatic.get());
            return Optional.empty();
        }
        Delivery delivery = new Delivery(signet.clock().instant(), client.request().ip(), mailFrom, Optional.empty(), false);
        return Optional.of(
                new FailedMessage(delivery, mail.getName(), dmarc, verdict.dkim(), Optional.of(client.mailFrom()), header, refused));
    }

    private HeaderBlock header(Mail mail) throws MessagingException, IOException {
        try (InputStream message = new MimeMessageInputStream(mail.getMessage())) {
            return MessageReader.open(message, signet.settings().inbound().limits()).header();
        }
    }

    private void report(FailedMessage message, PolicyDiscovery.Found policy, long incidents) {
        try {
            Dns dns = new MessageDns(signet.dns(), MAX_QUERIES, DEADLINE);
            ReportDestinations destinations = new ReportDestinations(signet.options().dmarc().orElseThrow().discovery(), MAX_URIS);
            for (ReportDestination destination :
                    destinations.of(policy.policyDomain(), policy.record(), ReportKind.FAILURE, dns).join()) {
                switch (destination) {
                    case ReportDestination.Allowed allowed -> send(message, incidents, new MailAddress(allowed.address()), dns);
                    case ReportDestination.Refused(String uri, String reason) ->
                        LOGGER.debug("{}: no failure report to {}: {}", message.envelopeId(), uri, reason);
                    // It tells of what happens now; tomorrow the aggregate report does.
                    case ReportDestination.Later(String uri, String cause) ->
                        LOGGER.debug("{}: no failure report to {}: {}", message.envelopeId(), uri, cause);
                }
            }
        } catch (MessagingException | RuntimeException e) {
            LOGGER.error("{}: no failure report", message.envelopeId(), e);
        }
    }

    private void send(FailedMessage message, long incidents, MailAddress to, Dns dns) throws MessagingException {
        Domain host = to.getDomain();
        if (james.isLocalServer(host)) {
            // What it would tell stands in our own log, and a report from here to here passes no DMARC.
            LOGGER.debug("{}: no failure report to {}, which is served here", message.envelopeId(), host);
            return;
        }
        if (!signet.failureLimits().claim(DomainName.of(host.asString()))) {
            LOGGER.debug("{}: no failure report to {}, the limit is reached", message.envelopeId(), host);
            return;
        }
        byte[] report = writer().write(message, incidents, spfRecord(message, dns), to.asString(), signet.clock().instant());
        MimeMessageInputStreamSource source = MimeMessageInputStreamSource.create(MailImpl.getId(), new ByteArrayInputStream(report));
        MimeMessageWrapper mail = new MimeMessageWrapper(source);
        try {
            james.sendMail(MailAddress.nullSender(), List.of(to), mail);
        } finally {
            // James has a copy.
            LifecycleUtil.dispose(mail);
        }
        LOGGER.info("{}: failure report to {}, incidents: {}", message.envelopeId(), to, incidents);
    }

    private FailureReportWriter writer() {
        String receiver = signet.authservId(james);
        String from = signet.settings().failures().from().orElseThrow().asString();
        return new FailureReportWriter(new Reporter(DomainName.of(receiver), receiver, from, "", GENERATOR), redactionKey);
    }

    private static Optional<String> spfRecord(FailedMessage message, Dns dns) {
        return FailureReportWriter.spfDomain(message)
                .flatMap(domain -> dns.lookup(domain, RecordType.TXT).join() instanceof DnsAnswer.Found<String> found
                        ? found.records().stream().filter(text -> text.regionMatches(true, 0, "v=spf1", 0, 6)).findFirst()
                        : Optional.empty());
    }
}
