// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dmarc.DmarcChecker;
import dev.signet.report.ReportDestinations;
import dev.signet.sending.ReportPlanner;
import dev.signet.sending.ReportSender;
import org.apache.james.utils.UserDefinedStartable;
import org.apache.mailet.MailetContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import jakarta.inject.Inject;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends aggregate reports (RFC 9990) to owners of domains who ask for them, where {@code conf/signet.properties} says so ({@link
 * Settings}, {@code reports.send}): once a day, and when the command line asks for it. James starts it where {@code
 * conf/extensions.properties} names it:
 *
 * <pre>{@code guice.extension.startable=dev.signet.mailets.ReportSchedule}</pre>
 *
 * <p>Any number of nodes that share a database may run it.
 */
public final class ReportSchedule implements UserDefinedStartable {

    private static final Logger LOGGER = LoggerFactory.getLogger(ReportSchedule.class);

    private static final Duration ROUND_EVERY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int BEATS_IN_A_LEASE = 3;

    private interface Task {
        void run() throws SQLException;
    }

    /** What is done again and again, and may fail for a while. */
    private record Repeated(Task task, AtomicLong failures) implements Runnable {

        @Override
        public void run() {
            try {
                task.run();
                failures.set(0);
            } catch (SQLException | RuntimeException e) {
                long count = failures.incrementAndGet();
                // The first time, and then less and less often.
                if (Long.bitCount(count) == 1) {
                    LOGGER.error("Reports cannot be sent at the moment, attempt {}; nothing is lost", count, e);
                }
            }
        }
    }

    private final Signet signet;
    private final MailetContext james;

    @Inject
    public ReportSchedule(Signet signet, MailetContext james) {
        this.signet = signet;
        this.james = james;
    }

    /** @throws ParameterException for a mistake in the settings, which stops James */
    @Override
    public void start() {
        SendingSettings settings = signet.settings().sending();
        if (!settings.on()) {
            return;
        }
        DmarcChecker dmarc = signet.options().dmarc()
                .orElseThrow(() -> new ParameterException(Settings.FILE, "reports.send: found true, expected dmarc = true beside it"));
        ReportPlanner planner = new ReportPlanner(
                new ReportDestinations(dmarc.discovery(), settings.maxUris()), settings.rules(james::isLocalServer), signet.dns());
        ReportSender sender = new ReportSender(
                signet.reporting().orElseThrow().database(), planner, settings.writer(), settings.options(), new JamesQueue(james),
                signet.clock(), new SecureRandom());
        // Two threads: a long report must not keep this node from saying that it is alive.
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(2, Thread.ofPlatform().daemon().name("signet-reports-", 0).factory());
        long beat = settings.lease().toMillis() / BEATS_IN_A_LEASE;
        signet.closing(() -> end(threads));
        // Nobody waits for them: they go on for as long as James does.
        Future<?> unusedBeats = threads.scheduleWithFixedDelay(repeated(sender::beat), 0, beat, TimeUnit.MILLISECONDS);
        Future<?> unusedRounds =
                threads.scheduleWithFixedDelay(repeated(() -> round(sender)), 0, ROUND_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Runnable repeated(Task task) {
        return new Repeated(task, new AtomicLong());
    }

    /** Never by an interrupt, which would close the files of an embedded database. What is left over somebody takes over. */
    private static void end(ScheduledExecutorService threads) throws InterruptedException {
        threads.shutdown();
        if (!threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            LOGGER.warn("A report is still being sent at the end; it goes on after the next start, or on another node");
        }
    }

    private void round(ReportSender sender) throws SQLException {
        // James starts us before its own mailets, and has no queue for mail until then.
        if (james.getPostmaster() != null) {
            sender.round();
        }
    }
}
