// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static dev.signet.james.Post.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.authres.MethodResult;
import dev.signet.scenario.SigningDomain;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.ReceivedMail;
import dev.signet.smtp.SmtpClient;
import dev.signet.smtp.SmtpReply;
import dev.signet.smtp.SmtpSink;
import dev.signet.testing.LoopbackDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * A James that several clients send to as fast as they can is killed (SIGKILL) at any moment and started again at once, several times.
 * Every mail that it accepted arrives, with its verdict, and once, but for one reason: what was under way at a kill and not yet
 * acknowledged James takes out of its queue once more. What that was stands in its queues, which are read while it is down.
 */
@Timeout(150)
class KilledUnderLoadIT {

    private static final int CLIENTS = 4;

    // So many mails can be under way: in the spooler, and in RemoteDelivery, whose scheduler is Reactor's.
    private static final int UNDER_WAY = RelayingJames.SPOOL_THREADS + 10 * Runtime.getRuntime().availableProcessors();

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final SigningDomain author = SigningDomain.create("news.example");
    // Message-ID fields of what a client read 250 for.
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void whateverIsAcceptedArrivesWithOneVerdictAndTwiceOnlyIfItWasUnderWayAtAKill() throws Exception {
        try (LoopbackDns dns = LoopbackDns.start(); SmtpSink behind = SmtpSink.start();
                RelayingJames james = RelayingJames.start("james-3.8-killed-under-load", dns, behind)) {
            author.publishIn(dns);
            dns.txt("_dmarc.news.example", "v=DMARC1; p=reject");
            killUnderLoad("James with Signet", 3, james, behind);
            for (ReceivedMail mail : behind.received()) {
                assertThat(results(mail.message(), "dkim")).hasSize(2).extracting(MethodResult::result).isSubsetOf("pass", "temperror");
                assertThat(results(mail.message(), "dmarc")).hasSize(1).extracting(MethodResult::result).isSubsetOf("pass", "temperror");
            }
        }
    }

    @Test
    void jamesByItselfHasTheSameReasonAndTheSameBound() throws Exception {
        try (LoopbackDns dns = LoopbackDns.start(); SmtpSink behind = SmtpSink.start();
                RelayingJames james = RelayingJames.startWithoutSignet("james-3.8-killed-by-itself", dns, behind)) {
            killUnderLoad("James by itself", 2, james, behind);
            assertThat(behind.received()).noneMatch(mail -> mail.message().contains("Authentication-Results:"));
        }
    }

    private void killUnderLoad(String who, int kills, RelayingJames james, SmtpSink behind) throws Exception {
        System.out.println(who + ": seed " + seed);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<CompletableFuture<Void>> clients = IntStream.range(0, CLIENTS)
                    .mapToObj(client -> CompletableFuture.runAsync(() -> sendUntilOver(james.ports().mx(), client), threads))
                    .toList();
            Copies before = new Copies(Map.of(), Map.of(), Map.of());
            for (int kill = 1; kill <= kills; kill++) {
                awaitMoreAccepted(20 + random.nextInt(150));
                LockSupport.parkNanos(random.nextInt(20_000_000));
                james.kill();
                Copies now = james.copies();
                assertThat(now.all().keySet()).as("accepted is behind it or in a queue").containsAll(accepted);
                assertThat(now.fewerThan(before)).as("nothing that was there is lost").isEmpty();
                assertThat(now.all()).as("what was in no queue comes no more").containsAllEntriesOf(before.settled());
                System.out.println(who + ", kill " + kill + ": " + accepted.size() + " accepted; " + now.describe(before));
                assertThat(now.moreThan(before)).as("doubled by this kill").isLessThanOrEqualTo(UNDER_WAY);
                before = now;
                james.startAgain();
            }
            awaitMoreAccepted(20);
            over.set(true);
            clients.forEach(CompletableFuture::join);
            james.admin().awaitEmptyQueues();
            Map<String, Integer> end = Copies.of(behind, List.of()).all();
            assertThat(end.keySet()).as("none is lost").containsAll(accepted);
            assertThat(end).as("what was there at the last kill comes as often as it was there").containsAllEntriesOf(before.all());
            end.keySet().removeAll(before.all().keySet());
            assertThat(end.values()).as("what came later comes once").containsOnly(1);
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
    }

    private void awaitMoreAccepted(int more) {
        int target = accepted.size() + more;
        while (accepted.size() < target) {
            // The time limit of the test ends this.
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** A client that does not send again what it got no reply to: whether that arrives is open. */
    private void sendUntilOver(int port, int client) {
        int number = 0;
        while (!over.get()) {
            try (SmtpClient smtp = SmtpClient.connect(port)) {
                smtp.ehlo("mail.news.example");
                while (!over.get()) {
                    String id = "Message-ID: <" + client + "-" + number + "@news.example>";
                    number++;
                    String message = author.sign("From: a@news.example\r\n" + id + "\r\nSubject: news\r\n\r\nText.\r\n");
                    SmtpReply reply = smtp.send(new Envelope("a@news.example", "bob@" + JamesInstall.DOMAIN), message);
                    if (reply.code() != 250) {
                        throw new IllegalStateException(id + ": " + reply);
                    }
                    accepted.add(id);
                }
            } catch (IOException notThere) {
                LockSupport.parkNanos(20_000_000);
            }
        }
    }
}
