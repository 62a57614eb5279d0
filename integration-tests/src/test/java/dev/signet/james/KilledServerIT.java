// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static dev.signet.james.Post.results;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.authres.MethodResult;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.ReceivedMail;
import dev.signet.smtp.SmtpClient;
import dev.signet.smtp.SmtpSink;
import dev.signet.testing.Behaviour;
import dev.signet.testing.LoopbackDns;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** A James whose queue is on disk is killed (SIGKILL) at a certain moment and started again. {@link KilledUnderLoadIT} has any moment. */
@Timeout(90)
class KilledServerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static LoopbackDns dns;
    private static SmtpSink behind;
    private static RelayingJames james;

    @BeforeAll
    static void start() throws Exception {
        dns = LoopbackDns.start();
        behind = SmtpSink.start();
        james = RelayingJames.start("james-3.8-killed", dns, behind);
    }

    @AfterAll
    static void stop() throws Exception {
        if (james != null) {
            james.close();
        }
        behind.close();
        dns.close();
    }

    @Test
    void killedWhileItReceivesAndVerifiesInDataItHasAcceptedNothingAndSendsNothing() throws Exception {
        send(james.ports().mx(), "before-0");
        await("before-0");
        james.admin().awaitEmptyQueues();
        try (Socket half = new Socket(InetAddress.getLoopbackAddress(), james.ports().mx())) {
            write(half, "EHLO x.example\r\nMAIL FROM:<a@half-0.example>\r\nRCPT TO:<bob@" + JamesInstall.DOMAIN + ">\r\nDATA\r\n");
            BufferedReader replies = new BufferedReader(new InputStreamReader(half.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(replies.lines().anyMatch(line -> line.startsWith("354"))).as("goes ahead").isTrue();
            write(half, message("half-0"));
            silence("verifying-0");
            CompletableFuture<Void> verifying = CompletableFuture.runAsync(() -> send(james.ports().mx(), "verifying-0"), Thread::startVirtualThread);
            awaitQueries("verifying-", 1);
            james.kill();
            assertThatThrownBy(verifying::join).as("no reply").hasCauseInstanceOf(IOException.class);
        }
        assertThat(james.copies().waiting()).isEmpty();
        answer("verifying-0");
        james.startAgain();
        send(james.ports().mx(), "after-0");
        await("after-0");
        james.admin().awaitEmptyQueues();
        assertThat(received("before-")).hasSize(1);
        assertThat(received("after-")).hasSize(1);
        assertThat(received("half-")).isEmpty();
        assertThat(received("verifying-")).isEmpty();
    }

    @Test
    void killedWhileItVerifiesWhatItHasAcceptedItSendsAllOfItOnceWithItsVerdict() throws Exception {
        // As many as the spooler works on, and as many again that wait for it.
        List<String> ids = IntStream.range(0, 2 * RelayingJames.SPOOL_THREADS).mapToObj(i -> "spooled-" + i).toList();
        ids.forEach(KilledServerIT::silence);
        ids.forEach(id -> send(james.ports().proxiedMx(), id));
        awaitQueries("spooled-", RelayingJames.SPOOL_THREADS);
        james.kill();
        assertThat(james.copies().spool()).hasSameSizeAs(ids);
        ids.forEach(KilledServerIT::answer);
        james.startAgain();
        arriveOnce("spooled-", ids);
    }

    @Test
    void killedWhileItWaitsForTheServerBehindItSendsAllOfItOnceWithItsVerdict() throws Exception {
        List<String> ids = IntStream.range(0, 8).mapToObj(i -> "late-" + i).toList();
        Set<String> tried = ConcurrentHashMap.newKeySet();
        AtomicBoolean away = new AtomicBoolean(true);
        behind.hangUpOn(mail -> {
            tried.add(ReportMails.messageId(mail));
            return away.get();
        });
        ids.forEach(id -> send(james.ports().mx(), id));
        while (tried.size() < ids.size()) {
            LockSupport.parkNanos(10_000_000);
        }
        // Each is back in the queue, and only there.
        james.admin().awaitSize("spool", 0);
        behind.awaitIdle(PATIENCE);
        james.admin().awaitSize("outgoing", ids.size());
        james.kill();
        assertThat(james.copies().outgoing()).hasSameSizeAs(ids);
        away.set(false);
        james.startAgain();
        arriveOnce("late-", ids);
    }

    /** RFC 1047: the server behind has it and James cannot know. With any software in James, or none. */
    @Test
    void killedBetweenTheLastByteAndItsReplyItSendsTheSameBytesOnceMore() throws Exception {
        AtomicBoolean killed = new AtomicBoolean();
        CompletableFuture<Void> dead = new CompletableFuture<>();
        behind.hangUpOn(mail -> {
            if (mail.message().contains("<unanswered-0@") && killed.compareAndSet(false, true)) {
                james.kill();
                dead.complete(null);
            }
            return false;
        });
        send(james.ports().mx(), "unanswered-0");
        dead.join();
        assertThat(james.copies().outgoing()).containsOnlyKeys(ReportMails.messageId(received("unanswered-").getFirst()));
        james.startAgain();
        james.admin().awaitEmptyQueues();
        assertThat(received("unanswered-")).hasSize(2).extracting(ReceivedMail::message).allMatch(received("unanswered-").getFirst().message()::equals);
        verdict(received("unanswered-").getFirst());
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static void arriveOnce(String kind, List<String> ids) throws Exception {
        for (String id : ids) {
            await(id);
        }
        james.admin().awaitEmptyQueues();
        assertThat(received(kind)).hasSameSizeAs(ids).allSatisfy(KilledServerIT::verdict);
    }

    private static void verdict(ReceivedMail mail) {
        assertThat(results(mail.message(), "dmarc")).extracting(MethodResult::result).containsExactly("none");
    }

    private static String message(String id) {
        return "From: a@" + id + ".example\r\nMessage-ID: <" + id + "@sender.example>\r\nSubject: x\r\n\r\nText.\r\n";
    }

    private static void send(int port, String id) {
        try (SmtpClient smtp = port == james.ports().mx() ? SmtpClient.connect(port) : SmtpClient.connectAs(port, "192.0.2.9")) {
            smtp.ehlo("mail.sender.example");
            assertThat(smtp.send(new Envelope("", "bob@" + JamesInstall.DOMAIN), message(id)).code()).isEqualTo(250);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** Whether its author asks for DMARC is not to be had for now. */
    private static void silence(String id) {
        dns.behave("_dmarc." + id + ".example", Behaviour.SILENT);
    }

    private static void answer(String id) {
        dns.behave("_dmarc." + id + ".example");
    }

    private static void awaitQueries(String kind, int domains) {
        while (dns.queries().stream().filter(query -> query.contains("_dmarc." + kind)).distinct().count() < domains) {
            // The time limit of the test ends this.
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static void await(String id) throws Exception {
        behind.await(mail -> mail.message().contains("Message-ID: <" + id + "@"), PATIENCE);
    }

    private static List<ReceivedMail> received(String kind) {
        return behind.received().stream().filter(mail -> mail.message().contains("Message-ID: <" + kind)).toList();
    }
}
