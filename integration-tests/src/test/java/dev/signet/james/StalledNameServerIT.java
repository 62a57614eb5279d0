// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.scenario.SigningDomain;
import dev.signet.scenario.World;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.SmtpClient;
import dev.signet.testing.Behaviour;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * James 3.8 runs SMTP hooks in Netty's IO threads: while one waits for the DNS, the other connections of its thread wait too.
 * What INSTALL says helps: more IO threads.
 */
@Timeout(120)
class StalledNameServerIT {

    private static final int STALLED = 4;

    private static ExecutorService threads;
    private static SigningDomain silent;
    private static World world;

    @BeforeAll
    static void start() throws Exception {
        threads = Executors.newVirtualThreadPerTaskExecutor();
        silent = SigningDomain.create("silent.example");
        world = World.start(
                TestBuild.emptyDirectory("james-3.8-stalled"),
                TestBuild.james38(),
                TestBuild.signetFor38(),
                StalledNameServerIT::change,
                System.out::println);
    }

    @AfterAll
    static void stop() throws Exception {
        if (world != null) {
            world.close();
        }
        threads.close();
    }

    private static void change(JamesInstall install) throws IOException {
        install.set(Map.of("deadline", "6 s", "dns.timeout", "3 s"));
        XmlFile.read(install.conf().resolve("smtpserver.xml"))
                .append("//smtpserver[jmxName='proxied-mx']", "ioWorkerCount", "32")
                .append("//smtpserver[jmxName='mx']", "ioWorkerCount", "1")
                .write();
    }

    @Test
    void withMoreIoThreadsOtherConnectionsAreServedMeanwhile() throws Exception {
        List<CompletableFuture<Integer>> stalled = IntStream.range(0, STALLED)
                .mapToObj(i -> send(world.ports().proxiedMx(), true, signedBySilent("many-" + i + ".example")))
                .toList();
        awaitQueries("many-", STALLED);
        List<Integer> replies = new ArrayList<>();
        for (int i = 0; i < 2 * STALLED; i++) {
            replies.add(send(world.ports().proxiedMx(), true, "Message-ID: <quick-" + i + ">\r\n\r\n").join());
        }
        assertThat(stalled).as("all still waiting when the others had their answers").noneMatch(CompletableFuture::isDone);
        assertThat(replies).containsOnly(250);
        assertThat(stalled).as("taken in the end").allSatisfy(reply -> assertThat(reply.join()).isEqualTo(250));
    }

    @Test
    void withOneIoThreadTheyWait() throws Exception {
        CompletableFuture<Integer> stalled = send(world.ports().mx(), false, signedBySilent("one.example"));
        awaitQueries("one.example", 1);
        CompletableFuture<Integer> other = send(world.ports().mx(), false, "Message-ID: <other>\r\n\r\n");
        assertThat(other.join()).isEqualTo(250);
        assertThat(stalled).as("done first").isDone();
    }

    /** Sends in a thread of its own; the reply is that to DATA. */
    private static CompletableFuture<Integer> send(int port, boolean proxied, String message) {
        return CompletableFuture.supplyAsync(() -> {
            try (SmtpClient smtp = proxied ? SmtpClient.connectAs(port, "192.0.2.9") : SmtpClient.connect(port)) {
                smtp.ehlo("mail.stalled.example");
                return smtp.send(new Envelope("a@stalled.example", world.user().address()), message).code();
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        }, threads);
    }

    /** Each has a domain of its own: the answers about one domain are shared. */
    private static String signedBySilent(String domain) {
        world.dns().behave("r._domainkey." + domain, Behaviour.SILENT).behave("e._domainkey." + domain, Behaviour.SILENT);
        return silent.sign("From: a@silent.example\r\nSubject: wait\r\n\r\nText.\r\n").replace("d=silent.example", "d=" + domain);
    }

    private static void awaitQueries(String part, int domains) {
        while (world.dns().queries().stream().filter(q -> q.contains("r._domainkey." + part)).distinct().count() < domains) {
            // The time limit of the test ends this.
            LockSupport.parkNanos(10_000_000);
        }
    }
}
