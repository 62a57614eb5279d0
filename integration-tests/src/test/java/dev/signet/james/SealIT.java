// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.interop.ArcPeers;
import dev.signet.interop.SignetJar;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
import dev.signet.scenario.World;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.ReceivedMail;
import dev.signet.smtp.SmtpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Seals of the sample {@code forward} on a real James 3.8, judged where they arrive: by dkimpy and Mail::DKIM, by our command line with
 * and without a trusted sealer, and by the same James when the message comes back.
 */
@Timeout(300)
class SealIT {

    private static final String FORWARDED = "carol@home.example";
    private static final String CHANGED = "list@home.example";
    private static final String RESENT = "resent@home.example";
    private static final String TARGET = "member@outside.example";
    private static final String STRICT_SERVER = "192.0.2.30";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String FORGED = "Authentication-Results: home.example; dmarc=pass header.from=bank.example; arc=none\r\n";

    @TempDir
    private static Path directory;

    private static World world;
    private static ArcPeers peers;

    @BeforeAll
    static void start() throws Exception {
        world = World.start(
                TestBuild.emptyDirectory("james-3.8-seal"), TestBuild.james38(), TestBuild.signetFor38(), SealIT::change, System.out::println);
        world.dns().txt("strict.example", "v=spf1 ip4:" + STRICT_SERVER + " -all");
        WebAdmin admin = new WebAdmin(world.ports().webAdmin());
        admin.redirect(FORWARDED, TARGET);
        admin.redirect(CHANGED, TARGET);
        admin.addUser(new Account(RESENT, "secret"));
        peers = ArcPeers.start(directory);
        peers.publish(world.home().records());
    }

    @AfterAll
    static void stop() throws Exception {
        if (peers != null) {
            peers.close();
        }
        if (world != null) {
            world.close();
        }
    }

    /** The sample; what James has for lists, in front of the seal; and a mailet that makes a new mail of what it gets. */
    private static void change(JamesInstall install) throws IOException {
        install.useSample("forward");
        install.set(Map.of("srs.domain", JamesInstall.DOMAIN, "srs.secrets", "file://conf/srs.secrets"));
        Files.writeString(install.conf().resolve("srs.secrets"), "0123456789abcdef\n");
        String seal = "//mailet[@class='dev.signet.mailets.SealArc']";
        String list = "HasHeader=X-List";
        String delivery = "//mailet[@class='RemoteDelivery']";
        String table = "//mailet[@class='RecipientRewriteTable']";
        XmlFile.read(install.conf().resolve("mailetcontainer.xml"))
                .mailetBefore(seal, list, "AddSubjectPrefix")
                .append("//mailet[@class='AddSubjectPrefix']", "subjectPrefix", "[list]")
                .mailetBefore(seal, list, "AddFooter")
                .append("//mailet[@class='AddFooter']", "text", "-- the list")
                .mailetBefore(table, "RecipientIs=" + RESENT, "Resend")
                .append("//mailet[@class='Resend']", "recipients", TARGET)
                .append("//mailet[@class='Resend']", "inline", "unaltered")
                .append("//mailet[@class='Resend']", "passThrough", "false")
                // What the log has to warn of; nothing that the tests send has such a field.
                .mailetBefore(delivery, "HasHeader=X-Late", "AddHabeasWarrantMark")
                .write();
    }

    /** What members write, with the bytes that break first. */
    enum Body {
        PLAIN("", "Hello.\r\n"),
        EIGHT_BIT("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n", "Gr\u00C3\u00BC\u00C3\u009Fe\r\n.\r\n\r\n\r\n"),
        EIGHT_BIT_HEADER("Cc: J\u00C3\u00BCrgen <j@strict.example>\r\nContent-Type: text/plain; charset=utf-8\r\n", "Hello.\r\n"),
        MULTIPART(
                "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n",
                "--b\r\nContent-Type: text/plain\r\n\r\nHello.\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Hello.</p>\r\n--b--\r\n"),
        BARE("Bcc: hidden@strict.example\r\n", "Neither date nor ID: James adds them.\r\n");

        private final String header;
        private final String body;

        Body(String header, String body) {
            this.header = header;
            this.body = body;
        }

        String message(String subject, String fields) {
            String id = this == BARE ? "" : "Message-ID: <" + subject + "@strict.example>\r\nDate: Mon, 23 Nov 2026 12:00:00 +0000\r\n";
            return fields + "From: Ann <ann@strict.example>\r\nTo: list@home.example\r\nSubject: " + subject + "\r\n" + id + header + "\r\n" + body;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aForwardArrivesSealedAndHoldsForAll(Body body) throws Exception {
        String subject = "forward-" + body;
        send(FORWARDED, world.strict().sign(body.message(subject, "")));

        ReceivedMail arrived = world.outside().await(withSubject(subject), PATIENCE);
        assertThat(arrived.envelope().sender()).startsWith("SRS0=");
        assertHoldsForAll(arrived.message());
        assertThat(top(arrived.message(), "ARC-Authentication-Results")).startsWith("i=1; home.example;")
                .contains("spf=pass smtp.mailfrom=ann@strict.example", "header.d=strict.example", "dmarc=pass", "arc=none");
    }

    @ParameterizedTest
    @EnumSource
    void whatAListChangedIsLetThroughWhereItsSealerIsTrusted(Body body) throws Exception {
        String subject = "changed-" + body;
        send(CHANGED, world.strict().sign(body.message(subject, "X-List: yes\r\n")));

        ReceivedMail arrived = world.outside().await(withSubject("[list] " + subject), PATIENCE);
        assertHoldsForAll(arrived.message());
        String stranger = verify(arrived.message(), "--ip", "198.51.100.9", "--mail-from", arrived.envelope().sender());
        assertThat(stranger).contains("\"arc\":{\"result\":\"pass\",\"instances\":1,\"oldestPass\":0,\"sealers\":[\"home.example\"],\"reason\":\"")
                .contains("\"dmarc\":{\"result\":\"fail\"", "\"disposition\":\"reject\"");
        Path sealers = Files.writeString(directory.resolve("sealers"), "home.example # our list\n");
        String trusting = verify(
                arrived.message(),
                "--ip", "198.51.100.9", "--mail-from", arrived.envelope().sender(), "--trusted-sealers", sealers.toString());
        assertThat(trusting).contains("\"dmarc\":{\"result\":\"fail\"", "\"disposition\":\"none\"", "\"type\":\"local_policy\"", "as[1].d=home.example");
    }

    @Test
    void theSecondHopCountsOnAndAChainThatArrivesBrokenIsSealedOnce() throws Exception {
        send(FORWARDED, world.strict().sign(Body.PLAIN.message("hops", "")));
        String first = await(withSubject("hops"));
        send(FORWARDED, first);
        String second = await(withSubject("hops").and(mail -> fields(mail.message(), "ARC-Seal").size() == 2));
        assertThat(top(second, "ARC-Seal")).contains("i=2;", "cv=pass;");
        assertThat(top(second, "ARC-Authentication-Results")).contains("arc=pass (as.1.home.example=pass)");
        assertHoldsForAll(second);

        send(FORWARDED, second.replace("Subject: hops", "Subject: tampered"));
        String third = await(withSubject("tampered"));
        assertThat(fields(third, "ARC-Seal")).hasSize(3);
        assertThat(top(third, "ARC-Seal")).contains("i=3;", "cv=fail;");

        send(FORWARDED, third.replace("Subject: tampered", "Subject: condemned"));
        assertThat(fields(await(withSubject("condemned")), "ARC-Seal")).hasSize(3);
    }

    /** One who sends from outside, one with a password, one of our own machines: each writes a field like ours, and has it sent on as new. */
    @ParameterizedTest
    @ValueSource(strings = {"stranger", "user", "loopback"})
    void aForgedFieldNeverReachesASeal(String attacker) throws Exception {
        for (String recipient : List.of(FORWARDED, RESENT)) {
            String subject = "forged-" + attacker + "-" + recipient.charAt(0);
            String message = Body.PLAIN.message(subject, FORGED + FORGED.replace("home.example;", "HOME.example(x) 1;"));
            switch (attacker) {
                case "stranger" -> send(recipient, message);
                case "user" -> submit(recipient, message);
                default -> sendFromLoopback(recipient, message);
            }
            ReceivedMail arrived = world.outside().await(withSubject(subject), PATIENCE);
            assertThat(fields(arrived.message(), "ARC-Seal")).hasSize(1);
            assertThat(top(arrived.message(), "ARC-Authentication-Results")).contains("dkim=none", "arc=none");
            assertThat(arrived.message()).doesNotContain("bank.example");
            assertThat(fields(arrived.message(), "Authentication-Results")).hasSize(1);
            assertHoldsForAll(arrived.message());
        }
    }

    @Test
    void whatAMailetSentOnIsSealedByWhatOurBorderFound() throws Exception {
        send(RESENT, world.strict().sign(Body.EIGHT_BIT.message("sent-on", FORGED)));

        ReceivedMail arrived = world.outside().await(withSubject("sent-on"), PATIENCE);
        assertThat(top(arrived.message(), "ARC-Authentication-Results"))
                .contains("spf=pass smtp.mailfrom=ann@strict.example", "header.d=strict.example", "dmarc=pass", "arc=none");
        assertHoldsForAll(arrived.message());
    }

    @Test
    void whatOurUsersSendIsNotSealed() throws Exception {
        submit("friend@outside.example", Body.PLAIN.message("own", ""));

        assertThat(fields(world.outside().await(withSubject("own"), PATIENCE).message(), "ARC-Seal")).isEmpty();
    }

    @Test
    void theLogWarnsOfWhatChangesMailBehindItsSignature() throws Exception {
        assertThat(Files.readAllLines(world.james().install().log(), StandardCharsets.UTF_8))
                .filteredOn(line -> line.contains("AddHabeasWarrantMark changes mail behind"))
                .singleElement().asString()
                .contains("WARN", "in processor outgoing, ", "dev.signet.mailets.SealArc and dev.signet.mailets.SignDkim", "put it in front");
    }

    private static void assertHoldsForAll(String message) throws Exception {
        peers.assertPass(message);
        assertThat(verify(message)).contains("\"arc\":{\"result\":\"pass\"");
    }

    /** By our command line. */
    private static String verify(String message, String... options) throws Exception {
        String nameServer = "127.0.0.1:" + world.dns().socketAddress().getPort();
        return new SignetJar(directory).verify(nameServer, List.of(options), message);
    }

    private static String await(Predicate<ReceivedMail> wanted) throws Exception {
        return world.outside().await(wanted, PATIENCE).message();
    }

    private static Predicate<ReceivedMail> withSubject(String subject) {
        return mail -> fields(mail.message(), "Subject").stream().anyMatch(subject::equals);
    }

    private static void send(String recipient, String message) throws IOException {
        try (SmtpClient smtp = SmtpClient.connectAs(world.ports().proxiedMx(), STRICT_SERVER)) {
            smtp.ehlo("mail.strict.example");
            assertThat(smtp.send(new Envelope("ann@strict.example", recipient), message).code()).isEqualTo(250);
        }
    }

    private static void sendFromLoopback(String recipient, String message) throws IOException {
        try (SmtpClient smtp = SmtpClient.connect(world.ports().mx())) {
            smtp.ehlo("localhost");
            assertThat(smtp.send(new Envelope("ann@strict.example", recipient), message).code()).isEqualTo(250);
        }
    }

    private static void submit(String recipient, String message) throws IOException {
        String user = world.user().address();
        try (SmtpClient smtp = SmtpClient.connect(world.ports().submission())) {
            smtp.ehlo("laptop.home.example");
            smtp.startTls();
            smtp.ehlo("laptop.home.example");
            smtp.authPlain(user, world.user().password());
            assertThat(smtp.send(new Envelope(user, recipient), message.replace("ann@strict.example", user)).code()).isEqualTo(250);
        }
    }

    /** The topmost field of that name, unfolded. */
    private static String top(String message, String name) {
        return fields(message, name).getFirst();
    }

    private static List<String> fields(String message, String name) {
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        return HeaderBlock.parse(bytes, message.indexOf("\r\n\r\n"), MessageLimits.DEFAULT).all(name).stream()
                .map(HeaderField::unfolded)
                .map(field -> field.replaceAll("\\s+", " ").replaceFirst("^[^:]*: ?", "").strip())
                .toList();
    }
}
