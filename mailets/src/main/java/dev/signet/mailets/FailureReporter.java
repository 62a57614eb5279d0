// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.DomainName;
import dev.signet.inbound.ClientVerdict;
import dev.signet.inbound.Connection;
import dev.signet.inbound.Verdict;
import dev.signet.message.HeaderBlock;
import dev.signet.message.MessageReader;
import dev.signet.report.ActionTaken;
import dev.signet.report.AutomaticMail;
import dev.signet.report.Delivery;
import dev.signet.report.FailedMessage;
import dev.signet.report.FailureLimits;
import org.apache.james.server.core.MimeMessageInputStream;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.mail.MessagingException;

import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends failure reports (RFC 9991) to owners of domains who ask for them, where {@code conf/signet.properties} says so
 * ({@link Settings}, {@code failure-reports}). The mail that a report is about does not wait for it: what takes time is done by a
 * thread of its own, and where that one does not keep up, reports are dropped and counted in later ones.
 */
@Singleton
public final class FailureReporter {

    private static final Logger LOGGER = LoggerFactory.getLogger(FailureReporter.class);

    // Reports that wait: each holds the header of its message, which may be as large as the limit on headers.
    private static final int MAX_WAITING = 100;

    private final Signet signet;
    private final MailetContext james;
    private final Executor executor;
    private final FailureMailing mailing;
    private final AtomicLong dropped = new AtomicLong();

    @Inject
    public FailureReporter(Signet signet, MailetContext james) {
        this(signet, james, oneThread(), new SecureRandom());
    }

    FailureReporter(Signet signet, MailetContext james, Executor executor, SecureRandom random) {
        this.signet = signet;
        this.james = james;
        this.executor = executor;
        this.mailing = new FailureMailing(signet, james, random);
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
            DomainName policyDomain = failed.get().dmarc().policy().orElseThrow().policyDomain();
            Optional<FailureLimits.Claim> claim =
                    signet.failureLimits().claim(policyDomain, failed.get().delivery().client());
            claim.ifPresentOrElse(
                    report -> execute(failed.get(), report),
                    () -> LOGGER.debug("{}: no failure report about {}, the limit is reached", mail.getName(), policyDomain));
        } catch (MessagingException | IOException | RuntimeException e) {
            LOGGER.error("{}: no failure report", mail.getName(), e);
        }
    }

    private void execute(FailedMessage failed, FailureLimits.Claim claim) {
        try {
            executor.execute(() -> mailing.report(failed, claim));
        } catch (RejectedExecutionException full) {
            signet.failureLimits().giveBack(claim);
            long count = dropped.incrementAndGet();
            // The first one, and then less and less often: under a flood the log is not to be flooded too.
            if (Long.bitCount(count) == 1) {
                LOGGER.warn("{} failure reports dropped so far: {} were waiting", count, MAX_WAITING);
            }
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
        if (isOptedOut(dmarc)) {
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
        // Known where it is recorded for aggregate reports.
        Optional<ActionTaken> action =
                refused ? Optional.of(ActionTaken.REJECT) : signet.reporting().map(reporting -> reporting.whenAccepted(dmarc));
        return Optional.of(
                new FailedMessage(delivery, mail.getName(), dmarc, verdict.dkim(), Optional.of(client.mailFrom()), header, action));
    }

    /** Who is in no aggregate report is in no failure report either. */
    private boolean isOptedOut(DmarcResult dmarc) {
        DomainName policyDomain = dmarc.policy().orElseThrow().policyDomain();
        return signet.settings().reports().excepts(policyDomain, dmarc.authorDomain())
                || signet.settings().sending().rules(james::isLocalServer).reasonAgainst(policyDomain).isPresent();
    }

    private HeaderBlock header(Mail mail) throws MessagingException, IOException {
        try (InputStream message = new MimeMessageInputStream(mail.getMessage())) {
            return MessageReader.open(message, signet.settings().inbound().limits()).header();
        }
    }
}
