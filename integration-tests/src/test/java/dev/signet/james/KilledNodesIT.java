// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import dev.signet.dmarc.DiscoveryMethod;
import dev.signet.dmarc.DmarcRecord;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.DomainName;
import dev.signet.report.ActionTaken;
import dev.signet.report.AggregateReport;
import dev.signet.report.Observation;
import dev.signet.report.ReportedMessage;
import dev.signet.scenario.SigningDomain;
import dev.signet.sending.SendRequest;
import dev.signet.smtp.ReceivedMail;
import dev.signet.smtp.SmtpSink;
import dev.signet.store.Database;
import dev.signet.store.DatabaseSettings;
import dev.signet.store.JournalPosition;
import dev.signet.store.ReportStore;
import dev.signet.testing.LoopbackDns;
import dev.signet.testing.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Real Jameses with one PostgreSQL send reports, and one of them is killed while it does, again and again. Their queues are in memory
 * and go with them, or on disk and come back with them. Two or three are there at any time, as long as it takes to start one.
 */
@Timeout(480)
class KilledNodesIT {

    private static final int RUNS_IN_MEMORY = 20;
    private static final int RUNS_ON_DISK = 6;
    private static final int REPORTS = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    // The common pool has one on two processors.
    private static final Executor OWN_THREAD = Thread::startVirtualThread;

    private final LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(1);
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<Node> nodes = new ArrayList<>();

    /** A James and its successors in the same place. */
    private static final class Node {

        private final String name;
        private final JamesInstall install;
        private CompletableFuture<JamesProcess> process;

        Node(String name, JamesInstall install) {
            this.name = name;
            this.install = install;
            this.process = start();
        }

        CompletableFuture<JamesProcess> start() {
            return CompletableFuture.supplyAsync(() -> {
                try {
                    return JamesProcess.start(install, "192m");
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }, OWN_THREAD);
        }

        boolean isUp() {
            return process.isDone() && process.join().isAlive();
        }

        void kill() {
            process.join().close();
        }

        void awaitEmptyQueues() throws IOException, InterruptedException {
            process.join();
            new WebAdmin(install.ports().webAdmin()).awaitEmptyQueues();
        }
    }

    @Test
    void noReportIsLostAndNoneIsDoubledWhoeverIsKilledWhileItIsSent() throws Exception {
        killAgainAndAgain("queues in memory", false, RUNS_IN_MEMORY);
    }

    @Test
    void aNodeThatComesBackWithItsQueueSendsNothingThatOthersTookOver() throws Exception {
        killAgainAndAgain("queues on disk", true, RUNS_ON_DISK);
    }

    private void killAgainAndAgain(String queues, boolean onDisk, int runs) throws Exception {
        System.out.println("KilledNodesIT, " + queues + ": seed " + seed);
        SigningDomain home = SigningDomain.create(JamesInstall.DOMAIN);
        try (PostgresServer postgres = PostgresServer.start("KilledNodesIT"); LoopbackDns dns = LoopbackDns.start(); SmtpSink outside = SmtpSink.start()) {
            home.publishIn(dns);
            dns.txt("_dmarc." + JamesInstall.DOMAIN, "v=DMARC1; p=reject; adkim=s");
            String url = postgres.newDatabase();
            try (Database database = Database.open(DatabaseSettings.of(url, postgres.user(), ""))) {
                for (String name : List.of("a", "b", "c")) {
                    JamesInstall install = ReportingJames.layOut("james-3.8-" + (onDisk ? "durable-node-" : "node-") + name, dns, outside, home, Map.of(
                            "reports.database", url, "reports.user", postgres.user(), "reports.lease", "2 s",
                            "reports.queue", onDisk ? "durable" : "memory"));
                    XmlFile mailets = XmlFile.read(install.conf().resolve("mailetcontainer.xml"))
                            .append("//mailet[@class='RemoteDelivery']", "heloName", name + ".home.example");
                    // As the sample says: with queues on disk James would send what it finds in them twice.
                    (onDisk ? mailets.remove("//onSuccess") : mailets).write();
                    nodes.add(new Node(name, onDisk ? install.withDurableQueue(TestBuild.durableFor38()) : install));
                }
                int doubled = 0;
                for (int run = 1; run <= runs; run++) {
                    doubled += run(run, onDisk, database, outside);
                }
                for (ReceivedMail mail : outside.received()) {
                    AggregateReport report = ReportMails.read(mail);
                    assertThat(report.messages()).isEqualTo(1);
                    assertThat(report.metadata().generator()).as("name and version").matches("Signet/[0-9]+\\.[0-9]+.*");
                    assertThat(ReportMails.dmarc(mail, dns, Instant.now()).status()).isEqualTo(DmarcResult.Status.PASS);
                }
                System.out.println(runs + " kills, " + queues + ": " + doubled + " reports twice, each for the one reason that there may be");
            } finally {
                for (Node node : nodes) {
                    node.process.thenAccept(JamesProcess::close).exceptionally(e -> null).join();
                }
            }
        }
    }

    /** Returns how many reports came twice, all of them for the one reason that there may be. */
    private int run(int run, boolean onDisk, Database database, SmtpSink outside) throws Exception {
        awaitTwoNodes();
        boolean inTheMiddle = random.nextBoolean();
        int count = 1 + random.nextInt(REPORTS - 1);
        long pause = random.nextInt(60);
        CompletableFuture<Node> killed = new CompletableFuture<>();
        Set<String> seen = new HashSet<>();
        Map<Node, Set<String>> brought = new ConcurrentHashMap<>();
        outside.hangUpOn(mail -> {
            Node node = sender(mail);
            synchronized (seen) {
                if (seen.add(ReportMails.messageId(mail)) && seen.size() == count) {
                    if (inTheMiddle) {
                        node.kill();
                        killed.complete(node);
                        return true;
                    }
                    CompletableFuture<Node> unused = killed.completeAsync(() -> {
                        LockSupport.parkNanos(pause * 1_000_000);
                        node.kill();
                        return node;
                    }, OWN_THREAD);
                }
            }
            brought.computeIfAbsent(node, any -> ConcurrentHashMap.newKeySet()).addAll(mail.envelope().recipients());
            return false;
        });
        record(database, run);
        new SendRequest(database, day, false);
        Node victim = killed.join();
        // All that it brought; of some of it nobody could say so any more.
        Set<String> broughtByVictim = Set.copyOf(brought.getOrDefault(victim, Set.of()));
        Set<String> unsettled = onDisk ? Set.of() : recipients(database, run, "state <> 'delivered'");
        // What its receiver has, and so has its queue; or what its queue has twice.
        Map<String, Integer> copies = onDisk ? copies(victim, outside) : Map.of();
        victim.process = victim.start();

        if (onDisk) {
            awaitAllReceived(outside, run);
            victim.awaitEmptyQueues();
        } else {
            awaitAllDelivered(database, run);
        }
        Map<String, Long> received = received(outside, run);
        Set<String> twice = received.entrySet().stream().filter(e -> e.getValue() > 1).map(Map.Entry::getKey).collect(Collectors.toSet());
        System.out.println("Run " + run + ": " + victim.name + " killed " + (inTheMiddle ? "in the middle of" : pause + " ms after") + " report "
                + count + (onDisk ? "" : ", " + unsettled.size() + " to be settled") + ", twice " + twice);
        assertThat(received.keySet()).as("none is lost").hasSize(REPORTS);
        assertThat(messageIds(outside, run).keySet()).as("copies have the Message-ID of what they are copies of").hasSize(REPORTS);
        if (onDisk) {
            assertThat(messageIds(outside, run)).as("as often as it was there when its James was killed, and once at most if it was not")
                    .allSatisfy((id, times) -> assertThat(times).isLessThanOrEqualTo(Math.max(1, copies.getOrDefault(id, 1))));
        } else {
            assertThat(unsettled).as("none is doubled that was settled").containsAll(twice);
            assertThat(broughtByVictim).as("nor one that had not come before").containsAll(twice);
            assertThat(twice).as("nor more than the one that was under way").hasSizeLessThanOrEqualTo(inTheMiddle ? 0 : 1);
            assertThat(received.values()).as("nor more than once").allMatch(times -> times <= 2);
        }
        return twice.size();
    }

    /** Of each mail that it had to do with, those that have arrived and those in its queues. */
    private static Map<String, Integer> copies(Node victim, SmtpSink outside) throws Exception {
        outside.awaitIdle(PATIENCE);
        return Copies.of(outside, LeftMail.in(victim.install)).all();
    }

    private void awaitTwoNodes() {
        // The time limit of the test ends this.
        while (nodes.stream().filter(Node::isUp).count() < 2) {
            LockSupport.parkNanos(20_000_000);
        }
    }

    private Node sender(ReceivedMail mail) {
        return nodes.stream().filter(node -> mail.helo().equals(node.name + ".home.example")).findFirst().orElseThrow();
    }

    private void record(Database database, int run) throws SQLException {
        List<ReportedMessage> messages = IntStream.range(0, REPORTS).mapToObj(i -> {
            String domain = "d" + i + ".run" + run + ".example";
            DmarcRecord policy = DmarcRecord.parse("v=DMARC1; p=none; rua=mailto:r@" + domain).orElseThrow();
            Observation observation = new Observation(InetAddresses.forString("192.0.2.1"), ActionTaken.NONE, false, false, List.of(), domain,
                    Optional.of(domain), Optional.empty(), List.of(), Optional.empty());
            return new ReportedMessage(day.atTime(12, 0).toInstant(ZoneOffset.UTC), DomainName.of(domain), policy, DiscoveryMethod.TREEWALK,
                    false, observation);
        }).toList();
        new ReportStore(database).record(new JournalPosition(UUID.randomUUID().toString(), 1), messages);
    }

    private static Set<String> recipients(Database database, int run, String condition) throws SQLException {
        return database.transaction(connection -> {
            Set<String> found = new HashSet<>();
            try (PreparedStatement select = connection.prepareStatement(
                    "select recipient from signet_outgoing_mail where recipient like ? and " + condition)) {
                select.setString(1, "%.run" + run + ".example");
                try (ResultSet results = select.executeQuery()) {
                    while (results.next()) {
                        found.add(results.getString(1));
                    }
                }
            }
            return found;
        });
    }

    private static void awaitAllDelivered(Database database, int run) throws SQLException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (recipients(database, run, "state = 'delivered'").size() < REPORTS) {
            assertThat(System.nanoTime()).as("not all are delivered: %s", recipients(database, run, "state <> 'delivered'")).isLessThan(end);
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static void awaitAllReceived(SmtpSink outside, int run) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (received(outside, run).size() < REPORTS) {
            assertThat(System.nanoTime()).as("not all have come, but %s", received(outside, run)).isLessThan(end);
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static Map<String, Long> received(SmtpSink outside, int run) {
        return outside.received().stream()
                .flatMap(mail -> mail.envelope().recipients().stream())
                .filter(to -> to.endsWith(".run" + run + ".example"))
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }

    private static Map<String, Long> messageIds(SmtpSink outside, int run) {
        return outside.received().stream()
                .filter(mail -> mail.envelope().recipients().getFirst().endsWith(".run" + run + ".example"))
                .collect(Collectors.groupingBy(ReportMails::messageId, TreeMap::new, Collectors.counting()));
    }
}
