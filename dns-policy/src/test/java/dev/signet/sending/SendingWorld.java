// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import com.google.common.net.InetAddresses;
import dev.signet.dmarc.DiscoveryMethod;
import dev.signet.dmarc.DmarcDiscovery;
import dev.signet.dmarc.DmarcRecord;
import dev.signet.dns.DomainName;
import dev.signet.dns.DomainPattern;
import dev.signet.report.ActionTaken;
import dev.signet.report.AggregateReportWriter;
import dev.signet.report.Observation;
import dev.signet.report.ReportDestinations;
import dev.signet.report.ReportFormat;
import dev.signet.report.ReportedMessage;
import dev.signet.report.Reporter;
import dev.signet.store.Database;
import dev.signet.store.DatabaseSettings;
import dev.signet.store.JournalPosition;
import dev.signet.store.ReportStore;
import dev.signet.testing.FakeDns;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A database, a name server, a clock, and nodes that send. */
final class SendingWorld implements AutoCloseable {

    static final LocalDate DAY = LocalDate.of(2026, 11, 22);
    static final Duration LEASE = Duration.ofSeconds(3);

    final FakeDns dns = new FakeDns();
    final Database database;
    /** What any node put into its queue, in order. */
    final List<OutgoingMail> queued = Collections.synchronizedList(new ArrayList<>());
    Instant now = Instant.parse("2026-11-23T12:00:00Z");
    boolean durable = true;
    /** None of these queues brings anything on its way by itself. */
    Duration pace = Duration.ZERO;
    SendingRules rules = new SendingRules(1, List.of(DomainPattern.of("skipped.example")), DomainName.of("home.example")::equals, 1000);

    private final List<ReportedMessage> messages = new ArrayList<>();

    SendingWorld(DatabaseSettings settings) {
        this.database = Database.open(settings);
    }

    /** In memory, with nothing in it. */
    static DatabaseSettings h2() {
        return DatabaseSettings.of("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
    }

    /** Adds messages of a domain whose record is {@code record} without its version, each from another client. */
    SendingWorld add(String domain, String record, int count) {
        for (int i = 0; i < count; i++) {
            // Without repetition, which would compress to nothing.
            long number = i * 0x9E3779B97F4A7C15L;
            add(domain, record, ActionTaken.NONE, false, "2001:db8::" + String.format("%016x", number).replaceAll("(.{4})(?=.)", "$1:"));
        }
        return this;
    }

    SendingWorld add(String domain, String record, ActionTaken action, boolean report, String client) {
        Observation observation = new Observation(InetAddresses.forString(client), action, false, false, List.of(), domain,
                Optional.of(domain), Optional.empty(), List.of(), Optional.empty());
        messages.add(new ReportedMessage(DAY.atTime(12, 0).toInstant(ZoneOffset.UTC), DomainName.of(domain),
                DmarcRecord.parse("v=DMARC1; " + record).orElseThrow(), DiscoveryMethod.TREEWALK, report, observation));
        return this;
    }

    /** Has what was added recorded. */
    SendingWorld record() throws SQLException {
        new ReportStore(database).record(new JournalPosition(UUID.randomUUID().toString(), 1), messages);
        messages.clear();
        return this;
    }

    /** A new node with a queue that takes everything. */
    ReportSender node() throws SQLException {
        return node(queued::add);
    }

    ReportSender node(ReportQueue queue) throws SQLException {
        Reporter reporter = new Reporter(DomainName.of("mx.home.example"), "Home", "dmarc@home.example", "", "test");
        ReportPlanner planner = new ReportPlanner(new ReportDestinations(DmarcDiscovery.treeWalk(), 5), rules, dns);
        SendingOptions options = new SendingOptions("dmarc@home.example", "bounces@home.example", Duration.ofMinutes(30),
                Duration.ofHours(6), LEASE, durable, pace, Duration.ofDays(3));
        ReportSender sender = new ReportSender(database, planner,
                new AggregateReportWriter(reporter, ReportFormat.RFC9990, AggregateReportWriter.MIN_BYTES), options, queue, () -> now, new SecureRandom());
        sender.beat();
        return sender;
    }

    /** A round during which the node says that it is alive, and after which it does not. */
    void roundWithBeats(ReportSender node) throws SQLException {
        try (ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor()) {
            Future<?> unused = beats.scheduleAtFixedRate(() -> beat(node), 0, LEASE.toMillis() / 6, TimeUnit.MILLISECONDS);
            node.beat();
            node.round();
            beats.shutdownNow();
        }
    }

    private static void beat(ReportSender node) {
        try {
            node.beat();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    MailProgress progress() {
        return new MailProgress(database, Duration.ofDays(30), () -> now);
    }

    /** Goes forward in time; the database does not. */
    void later(Duration time) {
        now = now.plus(time);
    }

    /** Until the lease of a node that says nothing any more is over, by the clock of the database. */
    static void untilTheLeaseIsOver() {
        long end = System.nanoTime() + LEASE.plusMillis(100).toNanos();
        for (long left = LEASE.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    List<String> recipients() {
        return queued.stream().map(OutgoingMail::recipient).toList();
    }

    /** What became of the reports about the day. */
    List<String> lines() throws SQLException {
        return states().stream().map(ReportState::line).toList();
    }

    List<ReportState> states() throws SQLException {
        return new Outbox(database, "reader", durable, LEASE).states(DAY);
    }

    static String text(OutgoingMail mail) {
        return new String(mail.message(), StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        database.close();
    }
}
