// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static dev.signet.james.Post.message;
import static dev.signet.james.Post.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.authres.MethodResult;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.inbound.Connection;
import dev.signet.inbound.InboundCheck;
import dev.signet.inbound.InboundOptions;
import dev.signet.keys.KeyRecord;
import dev.signet.scenario.SigningDomain;
import dev.signet.scenario.World;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.ReceivedMail;
import dev.signet.smtp.SmtpClient;
import dev.signet.testing.Behaviour;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A whole James 3.8 under load while something around it goes wrong: every message that it accepts arrives, once, with its verdict. */
@Timeout(180)
class FaultsIT {

    private static final int CLIENTS = 100;
    private static final int MESSAGES = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern ID = Pattern.compile("Message-ID: <([a-z]+-\\d+)@");

    private static World world;
    private static SigningDomain flapping;
    private static ExecutorService threads;

    @BeforeAll
    static void start() throws Exception {
        threads = Executors.newFixedThreadPool(CLIENTS + 1);
        world = World.start(
                TestBuild.emptyDirectory("james-3.8-faults"),
                TestBuild.james38(),
                TestBuild.signetFor38(),
                install -> install.set(Map.of("deadline", "2 s", "dns.timeout", "500 ms")),
                System.out::println);
        // Nobody is to remember how it was.
        world.dns().ttl(Duration.ZERO);
        flapping = SigningDomain.create("flapping.example");
        flapping.publishIn(world.dns());
    }

    @AfterAll
    static void stop() throws Exception {
        threads.shutdownNow();
        if (world != null) {
            world.close();
        }
    }

    @Test
    void aNameServerThatFlapsAndLiesCostsAVerdictAndNoMail() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger flaps = new AtomicInteger();
        Future<?> changing = threads.submit(() -> flap(over, flaps));
        List<Callable<Boolean>> sending = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            String message = flapping.sign("From: a@flapping.example\r\nMessage-ID: <flapping-" + i + "@flapping.example>\r\n\r\nText.\r\n");
            sending.add(() -> send(message));
        }
        for (Future<Boolean> sent : threads.invokeAll(sending)) {
            assertThat(sent.get()).as("accepted").isTrue();
        }
        over.set(true);
        changing.get();
        world.dns().delay(Duration.ZERO);

        List<String> stored = delivered("flapping", MESSAGES);
        TreeSet<String> verdicts = new TreeSet<>();
        for (String mail : stored) {
            for (String method : List.of("dkim", "dmarc")) {
                assertThat(results(mail, method)).isNotEmpty().extracting(MethodResult::result)
                        .allSatisfy(result -> assertThat(result).isIn(method.equals("dmarc") ? List.of("pass", "none", "temperror") : List.of("pass", "temperror")));
            }
            results(mail, "dkim").forEach(result -> verdicts.add(result.result()));
        }
        System.out.println(MESSAGES + " messages, " + flaps + " flaps: " + verdicts);
        assertThat(verdicts).as("it was up, and it was down").containsExactly("pass", "temperror");
    }

    private static void flap(AtomicBoolean over, AtomicInteger flaps) {
        List<Behaviour> wrong = List.of(Behaviour.SERVFAIL, Behaviour.GARBAGE, Behaviour.WRONG_NAME, Behaviour.REFERRAL, Behaviour.CNAME_LOOP);
        List<String> keys = List.of("r._domainkey.flapping.example", "e._domainkey.flapping.example");
        for (int queries = 0; !over.get(); ) {
            int asked = world.dns().queries().size();
            if (asked < queries + 20) {
                Thread.onSpinWait();
                continue;
            }
            queries = asked;
            int flap = flaps.getAndIncrement();
            keys.forEach(flap % 2 == 0 ? key -> world.dns().behave(key, wrong.get(flap / 2 % wrong.size())) : world.dns()::behave);
            world.dns().delay(Duration.ofMillis(flap % 3 == 0 ? 50 : 0));
        }
        keys.forEach(world.dns()::behave);
    }

    @Test
    void keysThatAreRotatedUnderLoadSignEveryMessageWithTheOldOnesOrTheNew(@TempDir Path directory) throws Exception {
        SigningDomain next = SigningDomain.create(JamesInstall.DOMAIN);
        Path keys = world.james().install().conf().resolve("dkim");
        List<Integer> accepted = new ArrayList<>();
        FakeDns old = published(world.home());
        FakeDns young = published(next);
        boolean rotated = false;
        int withOld = 0;
        int withNew = 0;
        // The time limit of the test ends this.
        for (int i = 0; withNew < 20; i++) {
            int first = 4 * i;
            List<Callable<Boolean>> sending = new ArrayList<>();
            for (int j = first; j < first + 4; j++) {
                int number = j;
                sending.add(() -> submit(number));
            }
            for (Future<Boolean> sent : threads.invokeAll(sending)) {
                assertThat(sent.get()).isTrue();
            }
            for (int j = first; j < first + 4; j++) {
                accepted.add(j);
                String mail = outside(j).message();
                List<DkimState> byOld = states(mail, old);
                List<DkimState> byYoung = states(mail, young);
                // Each key is a file of its own, and has its own moment.
                for (int key = 0; key < 2; key++) {
                    assertThat(List.of(byOld.get(key), byYoung.get(key))).as(mail).containsExactlyInAnyOrder(DkimState.PASS, DkimState.FAIL);
                }
                withOld += byYoung.contains(DkimState.PASS) ? 0 : 1;
                withNew += byOld.contains(DkimState.PASS) ? 0 : 1;
            }
            if (!rotated && withOld >= 20) {
                next.writeKeysTo(directory);
                for (String name : List.of("r", "e")) {
                    String file = JamesInstall.DOMAIN + "." + name + ".pem";
                    Path beside = Files.move(directory.resolve("dkim").resolve(file), keys.resolve(file + ".new"));
                    Files.move(beside, keys.resolve(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                }
                rotated = true;
            }
        }
        System.out.println(withOld + " messages with the old keys, " + withNew + " with the new ones");
        assertThat(world.outside().received().stream().filter(mail -> mail.message().contains("<rotation-"))).hasSize(accepted.size());
    }

    @Test
    void bareLineEndsSmuggleNothing() throws Exception {
        // CVE-2023-51747: what one server takes for text is another message to the next.
        for (String end : List.of("\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), world.ports().mx())) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                String smuggled = "MAIL FROM:<a@news.example>\r\nRCPT TO:<" + world.user().address() + ">\r\nDATA\r\n" + message("smuggled", "") + ".\r\n";
                socket.getOutputStream().write(("EHLO x.example\r\nMAIL FROM:<a@news.example>\r\nRCPT TO:<" + world.user().address() + ">\r\nDATA\r\n"
                        + message("carrier", "") + end + smuggled + "QUIT\r\n").getBytes(StandardCharsets.ISO_8859_1));
                socket.getInputStream().readAllBytes();
            }
        }
        send("Message-ID: <after-0@sender.example>\r\n" + message("after", "").replaceFirst("Message-ID: .*\r\n", ""));
        List<String> stored = new ArrayList<>();
        try (ImapMailbox inbox = world.openInbox()) {
            inbox.await(mail -> stored.add(mail) && mail.contains("<after-0@"), PATIENCE);
        }
        assertThat(stored).noneMatch(mail -> mail.substring(0, mail.indexOf("\r\n\r\n")).contains("<smuggled@"));
    }

    private static boolean send(String message) throws IOException {
        try (SmtpClient smtp = SmtpClient.connectAs(world.ports().proxiedMx(), "192.0.2.25")) {
            smtp.ehlo("mail.news.example");
            return smtp.send(new Envelope("a@news.example", world.user().address()), message).code() == 250;
        }
    }

    private static boolean submit(int number) throws IOException {
        String message = "From: " + world.user().address() + "\r\nMessage-ID: <rotation-" + number + "@home.example>\r\nSubject: x\r\n\r\nText.\r\n";
        try (SmtpClient smtp = SmtpClient.connect(world.ports().submission())) {
            smtp.ehlo("laptop.example");
            smtp.startTls();
            smtp.ehlo("laptop.example");
            smtp.authPlain(world.user().address(), world.user().password());
            return smtp.send(new Envelope(world.user().address(), "x@elsewhere.example"), message).code() == 250;
        }
    }

    private static ReceivedMail outside(int number) throws InterruptedException, TimeoutException {
        return world.outside().await(mail -> mail.message().contains("<rotation-" + number + "@"), PATIENCE);
    }

    private static FakeDns published(SigningDomain domain) {
        FakeDns dns = new FakeDns();
        for (KeyRecord record : domain.records()) {
            dns.txt(record.name().ascii(), record.value());
        }
        return dns;
    }

    private static List<DkimState> states(String mail, FakeDns dns) {
        InboundCheck check = new InboundCheck(dns, InboundOptions.DEFAULT, Runnable::run, InstantSource.system());
        List<DkimState> states = check.check(Connection.UNKNOWN, new ByteArrayInputStream(mail.getBytes(StandardCharsets.ISO_8859_1)))
                .dkim().stream().map(DkimResult::state).toList();
        assertThat(states).hasSize(2);
        return states;
    }

    /** All messages of a kind, each of which came exactly once: a last one behind them shows that nothing follows. */
    private static List<String> delivered(String kind, int count) throws Exception {
        Map<String, Integer> seen = new HashMap<>();
        List<String> mails = new ArrayList<>();
        try (ImapMailbox inbox = world.openInbox()) {
            inbox.await(mail -> {
                seen.merge(id(mail), 1, Integer::sum);
                return seen.keySet().stream().filter(id -> id.startsWith(kind)).count() == count;
            }, PATIENCE);
            send("From: a@news.example\r\nMessage-ID: <last-0@news.example>\r\nSubject: last\r\n\r\nText.\r\n");
            seen.clear();
            inbox.await(mail -> {
                seen.merge(id(mail), 1, Integer::sum);
                if (id(mail).startsWith(kind)) {
                    mails.add(mail);
                }
                return id(mail).equals("last-0");
            }, PATIENCE);
        }
        assertThat(seen.values()).containsOnly(1);
        assertThat(mails).hasSize(count);
        return mails;
    }

    private static String id(String mail) {
        Matcher id = ID.matcher(mail);
        return id.find() ? id.group(1) : "other-" + mail.hashCode();
    }
}
