// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static dev.signet.james.Post.message;
import static dev.signet.james.Post.results;
import static dev.signet.james.Post.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.signet.authres.MethodResult;
import dev.signet.interop.SignetJar;
import dev.signet.scenario.World;
import dev.signet.testing.Behaviour;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;

/** SPF in a whole James 3.8, from the client's first word to the field in the mailbox. */
@Timeout(180)
class SpfIT {

    private static final Duration DEADLINE = Duration.ofSeconds(3);

    private static ExecutorService threads;
    private static World world;
    private static Post post;

    /** What a client says, and what is to be found out about it. */
    private record Case(String ip, String helo, String mailFrom, String result) {
        String line() {
            return ip + "\t" + helo + "\t" + mailFrom;
        }
    }

    private static final List<Case> CASES = List.of(
            new Case("192.0.2.25", "mail.sender.example", "a@sender.example", "pass"),
            new Case("2001:db8::25", "mail.sender.example", "a@sender.example", "pass"),
            new Case("192.0.2.26", "mail.sender.example", "a@sender.example", "neutral"),
            new Case("192.0.2.27", "mail.sender.example", "a@sender.example", "softfail"),
            new Case("192.0.2.28", "mail.sender.example", "a@sender.example", "fail"),
            new Case("2001:db8::28", "mail.sender.example", "a@sender.example", "fail"),
            new Case("192.0.2.25", "mail.sender.example", "a@nothing.example", "none"),
            new Case("192.0.2.25", "mail.sender.example", "a@broken.example", "permerror"),
            new Case("192.0.2.25", "mail.sender.example", "a@twice.example", "permerror"),
            new Case("192.0.2.25", "mail.sender.example", "a@down.example", "temperror"),
            // The null sender: postmaster at the HELO name.
            new Case("192.0.2.25", "mail.sender.example", "", "pass"),
            new Case("192.0.2.28", "mail.sender.example", "", "fail"),
            new Case("192.0.2.25", "[192.0.2.25]", "", "none"));

    @BeforeAll
    static void start() throws Exception {
        threads = Executors.newVirtualThreadPerTaskExecutor();
        world = World.start(
                TestBuild.emptyDirectory("james-3.8-spf"), TestBuild.james38(), TestBuild.signetFor38(), SpfIT::change, System.out::println);
        post = new Post(world);
        world.dns()
                .txt("sender.example", "v=spf1 a:mail.sender.example ?ip4:192.0.2.26 ~ip4:192.0.2.27 -all")
                .txt("mail.sender.example", "v=spf1 a -all")
                .address("mail.sender.example", "192.0.2.25")
                .address("mail.sender.example", "2001:db8::25")
                .txt("broken.example", "v=spf1 moo -all")
                .txt("twice.example", "v=spf1 +all")
                .txt("twice.example", "v=spf1 -all")
                .behave("down.example", Behaviour.SERVFAIL);
    }

    @AfterAll
    static void stop() throws Exception {
        if (world != null) {
            world.close();
        }
        threads.close();
    }

    private static void change(JamesInstall install) throws IOException {
        // A silent name server is to run into the deadline of the message, and to keep no other connection waiting.
        install.set(Map.of("deadline", DEADLINE.toSeconds() + " s", "dns.timeout", "20 s"));
        XmlFile.read(install.conf().resolve("smtpserver.xml"))
                .append("//smtpserver[jmxName='proxied-mx']", "ioWorkerCount", "32")
                .write();
    }

    @Test
    void whatStandsInTheMailboxIsWhatTheCommandLinePrints(@TempDir Path directory) throws Exception {
        String nameServer = "127.0.0.1:" + world.dns().socketAddress().getPort();
        List<String> printed = new SignetJar(directory).spf(nameServer, CASES.stream().map(Case::line).toList());
        assertThat(printed).hasSameSizeAs(CASES);
        for (int i = 0; i < CASES.size(); i++) {
            Case client = CASES.get(i);
            post.send(client.ip(), client.helo(), client.mailFrom(), message("case-" + i, ""));
            MethodResult stored = results(post.delivered("case-" + i), "spf").getFirst();
            JsonNode json = JsonMapper.builder().build().readTree(printed.get(i));
            assertThat(stored.result()).as(client.line()).isEqualTo(client.result()).isEqualTo(json.get("result").asText());
            assertThat(stored.reason().orElse("pass")).isEqualTo(client.result().equals("pass") ? "pass" : json.get("reason").asText());
            assertThat(value(stored)).endsWith("@" + (json.get("domain").isNull() ? client.helo() : json.get("domain").asText()));
        }
    }

    @Test
    void aClientIsWhoIsConnectedWhateverItsMessageSays() throws Exception {
        String forged = "Received: from mail.sender.example (mail.sender.example [192.0.2.25]) by " + World.AUTHSERV_ID + "; date\r\n";
        post.sendFromLoopback("mail.sender.example", "a@sender.example", message("claims", forged + forged));
        String stored = post.delivered("claims");
        assertThat(results(stored, "iprev")).extracting(Post::value).containsExactly("127.0.0.1");
        assertThat(results(stored, "spf")).extracting(MethodResult::result).containsExactly("fail", "fail");
    }

    @Test
    void aNameServerThatLiesFailsOrSaysNothingIsATemporaryErrorAndTheMailArrives() throws Exception {
        // These two do say it: over TCP, or piece by piece. Alone, as queries over TCP share a connection, which others get closed.
        Set<Behaviour> sound = EnumSet.of(Behaviour.TRUNCATED_OVER_UDP, Behaviour.ONE_CNAME_A_REPLY);
        for (Behaviour behaviour : sound) {
            sendFrom(behaviour).join();
            assertMailFrom(behaviour, "pass");
        }
        Set<Behaviour> others = EnumSet.complementOf(EnumSet.copyOf(sound));
        others.stream().map(SpfIT::sendFrom).toList().forEach(CompletableFuture::join);
        for (Behaviour behaviour : others) {
            assertMailFrom(behaviour, "temperror");
        }
    }

    @Test
    void anAnswerThatNeverComesEndsAtTheDeadlineAndLeavesNoThreadBehind() throws Exception {
        world.dns().txt("waiting.example", "v=spf1 include:never.example a:never.example -all").behave("never.example", Behaviour.SILENT);
        long begin = System.nanoTime();
        CompletableFuture<Void> sent = sendInBackground("a@waiting.example", "waiting");
        List<String> dumps = new ArrayList<>();
        while (!sent.isDone()) {
            dumps.add(world.james().threads());
        }
        sent.join();
        // Room for a machine that is busy; one attempt at the name server alone would take longer.
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(DEADLINE.minusMillis(500), DEADLINE.plusSeconds(10));
        assertThat(dumps).as("a dump shows who waits").anyMatch(dump -> dump.contains("dev.signet.spf."));
        assertThat(results(post.delivered("waiting"), "spf").getFirst().result()).isEqualTo("temperror");
        // The time limit of the test ends this.
        String dump = world.james().threads();
        while (dump.contains("dev.signet.")) {
            dump = world.james().threads();
        }
        assertThat(dump).as("a dump all the same").contains("org.apache.james");
    }

    private static CompletableFuture<Void> sendFrom(Behaviour behaviour) {
        world.dns().txt(domain(behaviour), "v=spf1 +all").behave(domain(behaviour), behaviour);
        return sendInBackground("a@" + domain(behaviour), behaviour.name());
    }

    private static void assertMailFrom(Behaviour behaviour, String result) throws IOException, TimeoutException {
        MethodResult found = results(post.delivered(behaviour.name()), "spf").getFirst();
        assertThat(found.result()).as("%s: %s", behaviour, found).isEqualTo(result);
    }

    private static String domain(Behaviour behaviour) {
        return behaviour.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".example";
    }

    private static CompletableFuture<Void> sendInBackground(String sender, String id) {
        return CompletableFuture.runAsync(() -> {
            try {
                post.send("192.0.2.25", "mail.sender.example", sender, message(id, ""));
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        }, threads);
    }
}
