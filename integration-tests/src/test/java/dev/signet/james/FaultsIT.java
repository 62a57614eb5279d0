// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static dev.signet.james.Post.message;
import static dev.signet.james.Post.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.authres.MethodResult;
import dev.signet.authres.Property;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimSigner;
import dev.signet.dkim.DkimState;
import dev.signet.dkim.Signer;
import dev.signet.dkim.SigningOptions;
import dev.signet.dns.DomainName;
import dev.signet.inbound.Connection;
import dev.signet.inbound.InboundCheck;
import dev.signet.inbound.InboundOptions;
import dev.signet.keys.GeneratedKey;
import dev.signet.keys.KeyGenerator;
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
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A whole James 3.8 under load: keys change, a hundred threads meet in one mailet, and clients lie about where a message ends. */
@Timeout(180)
class FaultsIT {

    private static final int CLIENTS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String VERIFY_MAIL = "dev.signet.mailets.VerifyMail.service(";

    private static World world;
    private static ExecutorService threads;

    @BeforeAll
    static void start() throws Exception {
        threads = Executors.newFixedThreadPool(CLIENTS + 1);
        world = World.start(
                TestBuild.emptyDirectory("james-3.8-faults"),
                TestBuild.james38(),
                TestBuild.signetFor38(),
                FaultsIT::change,
                System.out::println);
    }

    private static void change(JamesInstall install) throws IOException {
        install.set(Map.of("deadline", "60 s", "dns.timeout", "5 s", "dns.attempts", "10"));
        XmlFile.read(install.conf().resolve("mailetcontainer.xml")).text("//spooler/threads", Integer.toString(CLIENTS)).write();
        // The mailet verifies what comes here by itself.
        XmlFile.read(install.conf().resolve("smtpserver.xml")).remove("//smtpserver[jmxName='mx']" + JamesInstall.HOOK).write();
    }

    @AfterAll
    static void stop() throws Exception {
        threads.shutdownNow();
        if (world != null) {
            world.close();
        }
    }

    @Test
    void aHundredThreadsInOneMailetGetAVerdictEach() throws Exception {
        GeneratedKey key = new KeyGenerator(new SecureRandom()).ed25519();
        List<String> keys = IntStream.range(0, CLIENTS).mapToObj(i -> "k" + i + "._domainkey.threads.example").toList();
        String record = KeyRecord.of(key.key(), "k", DomainName.of("threads.example")).value();
        keys.forEach(name -> world.dns().txt(name, record).behave(name, Behaviour.SILENT));
        List<Callable<Boolean>> sending = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            String message = signed(new Signer(DomainName.of("threads.example"), "k" + i, key.key()),
                    "From: a@threads.example\r\nMessage-ID: <threads-" + i + "@threads.example>\r\n\r\nText.\r\n");
            sending.add(() -> sendPastTheHook(message));
        }
        for (Future<Boolean> sent : threads.invokeAll(sending)) {
            assertThat(sent.get()).as("accepted").isTrue();
        }
        // None has its answer yet, so all of them are in VerifyMail now.
        while (!asked().containsAll(keys)) {
            // The time limit of the test ends this.
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(stacksIn(world.james().threads(), VERIFY_MAIL)).isEqualTo(CLIENTS);
        keys.forEach(world.dns()::behave);

        List<String> mails = delivered("threads");
        assertThat(mails).hasSize(CLIENTS);
        for (int i = 0; i < CLIENTS; i++) {
            String id = "<threads-" + i + "@";
            String mail = mails.stream().filter(each -> each.contains(id)).findFirst().orElseThrow();
            assertThat(results(mail, "dkim")).extracting(MethodResult::result).containsExactly("pass");
            assertThat(results(mail, "dkim").getFirst().properties()).extracting(Property::value).contains("k" + i);
        }
    }

    private static Set<String> asked() {
        return world.dns().queries().stream().map(query -> query.substring(query.indexOf(' ') + 1)).collect(Collectors.toSet());
    }

    /** How many threads have this call in their stacks. */
    private static long stacksIn(String dump, String call) {
        return Pattern.compile("\\R\\R").splitAsStream(dump).filter(stack -> stack.contains(call)).count();
    }

    private static String signed(Signer signer, String message) throws IOException {
        DkimSigner dkim = new DkimSigner(SigningOptions.DEFAULT, InstantSource.system());
        return switch (dkim.sign(new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)), List.of(signer))) {
            case DkimSigner.Result.Signed signed -> signed.fields().getFirst() + "\r\n" + message;
            case DkimSigner.Result.NotSigned refused -> throw new AssertionError(refused.reason());
        };
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
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), world.ports().proxiedMx())) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                String smuggled = "MAIL FROM:<a@news.example>\r\nRCPT TO:<" + world.user().address() + ">\r\nDATA\r\n" + message("smuggled", "") + ".\r\n";
                socket.getOutputStream().write(("PROXY TCP4 192.0.2.25 127.0.0.1 40000 25\r\n"
                        + "EHLO x.example\r\nMAIL FROM:<a@news.example>\r\nRCPT TO:<" + world.user().address() + ">\r\nDATA\r\n"
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

    private static boolean sendPastTheHook(String message) throws IOException {
        try (SmtpClient smtp = SmtpClient.connect(world.ports().mx())) {
            smtp.ehlo("mail.threads.example");
            return smtp.send(new Envelope("a@threads.example", world.user().address()), message).code() == 250;
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

    /** What came once James has done with everything. */
    private static List<String> delivered(String kind) throws Exception {
        while (new WebAdmin(world.ports().webAdmin()).queued("spool") > 0) {
            // The time limit of the test ends this.
            LockSupport.parkNanos(50_000_000);
        }
        try (ImapMailbox inbox = world.openInbox()) {
            return inbox.messages().stream().filter(mail -> mail.contains("Message-ID: <" + kind + "-")).toList();
        }
    }
}
