// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dkim.SigningOptions;
import dev.signet.interop.Dkimpy;
import dev.signet.interop.OpenDkim;
import dev.signet.interop.Tools;
import dev.signet.keys.KeyRecord;
import dev.signet.scenario.Expectation;
import dev.signet.scenario.MailingLists;
import dev.signet.scenario.Outcome;
import dev.signet.scenario.Scenario;
import dev.signet.scenario.Scenario.Origin;
import dev.signet.scenario.ScenarioRunner;
import dev.signet.scenario.Scenarios;
import dev.signet.scenario.SigningDomain;
import dev.signet.scenario.World;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.SmtpClient;
import dev.signet.testing.Behaviour;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A whole James 3.8 with Signet: mail in over SMTP, out of a mailbox or at a server outside. */
class James38IT {

    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Origin OUTSIDER = new Origin.Outsider("192.0.2.77", "mail.strange.example");

    private static World world;
    private static ScenarioRunner runner;

    @BeforeAll
    static void start() throws Exception {
        world = World.start(
                TestBuild.emptyDirectory("james-3.8"), TestBuild.james38(), TestBuild.signetFor38(), James38IT::change, System.out::println);
        MailingLists.open(world);
        runner = new ScenarioRunner(world);
    }

    @AfterAll
    static void stop() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    private static void change(JamesInstall install) throws IOException {
        MailingLists.layOut(install);
        install.set(Map.of("deadline", DEADLINE.toSeconds() + " s", "dns.timeout", "20 s"));
        XmlFile.read(install.conf().resolve("mailetcontainer.xml"))
                .mailetBefore("//mailet[@match='RecipientIsLocal']", "dev.signet.matchers.DkimIs=policy", "SetMimeHeader")
                .append("//mailet[@class='SetMimeHeader']", "name", "X-Dkim-Is")
                .append("//mailet[@class='SetMimeHeader']", "value", "policy")
                .write();
        // Users may come to the port of the MX, too, where the hook sees them.
        XmlFile.read(install.conf().resolve("smtpserver.xml"))
                .attribute("//smtpserver[jmxName='mx']/tls", "startTLS", "true")
                .text("//smtpserver[jmxName='mx']/auth/announce", "always")
                .write();
    }

    @TestFactory
    Stream<DynamicTest> messagesOfTheDemonstration() {
        return tests(Scenarios.of(world).stream());
    }

    @TestFactory
    Stream<DynamicTest> whatPassesThroughDiffersByOurFieldsAlone() {
        return tests(Stream.of(
                        passingThrough("odd-fields", "Subject :  odd \r\n\tfolding  \r\nX-Empty:\r\nx-lower:case\r\n\r\nText\r\n"),
                        passingThrough("odd-body", "\r\n8 bit: \u00E9\u00FF\r\n.\r\n..\r\n \t\r\n\r\n\r\n"),
                        passingThrough("empty-body", "Subject: empty\r\n\r\n"),
                        passingThrough("results-of-others", "Authentication-Results: other.example; dkim=pass\r\n\r\nText\r\n"),
                        passingThrough("long-lines", "X-Long: " + "a".repeat(900) + "\r\n\r\n" + "b".repeat(990) + "\r\n")));
    }

    @Test
    void everySignatureIsReportedAndABrokenOneHidesNothing() throws Exception {
        SigningDomain other = SigningDomain.create("other.example");
        other.publishIn(world.dns());
        String message = "DKIM-Signature: v=1; a=rsa-sha256; d=x.example\r\n" + other.sign(message("several"));
        assertFate(incoming("several", message, List.of(
                "dkim=permerror",
                "dkim=pass header.d=other.example header.a=rsa-sha256",
                "dkim=pass header.d=other.example header.a=ed25519-sha256")));
    }

    @Test
    void aNameServerThatIsSilentIsATemporaryErrorAndTheMailArrivesWithinTheDeadline() throws Exception {
        SigningDomain silent = SigningDomain.create("silent.example");
        world.dns().behave("r._domainkey.silent.example", Behaviour.SILENT).behave("e._domainkey.silent.example", Behaviour.SILENT);
        Scenario scenario = incoming("silent", silent.sign(message("silent")), List.of("dkim=temperror", "dkim=temperror"));
        long begin = System.nanoTime();
        assertFate(scenario);
        // Room for delivery on a machine that is busy; one attempt at the name server alone would take longer.
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(DEADLINE.plusSeconds(5));
    }

    @Test
    void aMatcherOfOursChoosesMailsByTheVerdictOfTheHook() throws Exception {
        SigningDomain late = SigningDomain.create("late.example");
        late.publishIn(world.dns());
        // Expired long ago, which is found out before the signature is looked at.
        String expired = late.sign(message("late"), SigningOptions.DEFAULT.withExpireIn(Duration.ofSeconds(1)))
                .replaceAll("t=\\d+; x=\\d+", "t=1500000000; x=1500000001");
        // The mailet behind the matcher changes the message, so this is no scenario for byte comparison.
        Outcome outcome = runner.run(incoming("late", expired, List.of("dkim=policy", "dkim=policy")));
        assertThat(outcome.seen()).contains("dkim=policy");
        try (ImapMailbox inbox = world.openInbox()) {
            assertThat(inbox.await(m -> m.contains("<late@strange.example>"), DEADLINE)).contains("X-Dkim-Is: policy\r\n");
        }
    }

    @Test
    void theHookSaysWhoLoggedInAndOverWhichTls() throws Exception {
        String user = world.user().address();
        try (SmtpClient smtp = SmtpClient.connect(world.ports().mx())) {
            smtp.ehlo("laptop.home.example");
            smtp.startTls();
            smtp.ehlo("laptop.home.example");
            smtp.authPlain(user, world.user().password());
            assertThat(smtp.send(new Envelope(user, user), message("logged-in")).code()).isEqualTo(250);
        }
        try (ImapMailbox inbox = world.openInbox()) {
            String stored = inbox.await(m -> m.contains("<logged-in@strange.example>"), PATIENCE);
            assertThat(stored.replaceAll("\r\n[ \t]", " "))
                    .containsPattern("Authentication-Results: " + World.AUTHSERV_ID + "; auth=pass \\(TLSv1\\.[23] TLS_\\w+\\) smtp\\.auth=" + user + ";")
                    .doesNotContain("spf=", "iprev=", "dmarc=");
        }
    }

    @Test
    void whatLeavesIsWhatWasSigned() throws Exception {
        // No Date and no MIME-Version, which James likes to add, and bytes that it likes to encode.
        String user = world.user().address();
        String message = "From: " + user + "\r\nTo: d@outside.example\r\nMessage-ID: <leaves@home.example>\r\nSubject:   two  spaces \r\n"
                + "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                + "\u00E9\u00E8 trailing space \r\n.\r\n..dots\r\n\r\n\r\n";
        assertFate(new Scenario(
                "odd, submitted",
                new Origin.Submission(),
                new Envelope(user, "d@outside.example"),
                message,
                new Expectation.LeavesSigned(world.home().name())));
    }

    @Test
    void whatSignDkimSignsHoldsForDkimpyAndOpenDkim(@TempDir Path directory) throws Exception {
        String user = world.user().address();
        String message = "From: " + user + "\r\nMessage-ID: <interop@home.example>\r\nSubject: folded\r\n here\r\n\r\nText \r\n\r\n\r\n";
        assertFate(new Scenario(
                "interop",
                new Origin.Submission(),
                new Envelope(user, "e@outside.example"),
                message,
                new Expectation.LeavesSigned(world.home().name())));
        String left = world.outside().await(mail -> mail.message().contains("<interop@home.example>"), DEADLINE).message();
        Tools.assume("dkimpy", Dkimpy.missing());
        try (Dkimpy dkimpy = Dkimpy.start(directory)) {
            for (KeyRecord record : world.home().records()) {
                dkimpy.publish(record);
            }
            assertThat(dkimpy.verify(left)).isEqualTo("pass");
        }
        Tools.assume("OpenDKIM", OpenDkim.missing());
        OpenDkim openDkim = new OpenDkim(directory);
        for (KeyRecord record : world.home().records()) {
            openDkim.publish(record);
        }
        assertThat(openDkim.verify(left)).isEqualTo("pass");
    }

    private static Stream<DynamicTest> tests(Stream<Scenario> scenarios) {
        return scenarios.map(scenario -> DynamicTest.dynamicTest(scenario.title(), () -> assertFate(scenario)));
    }

    private static void assertFate(Scenario scenario) throws InterruptedException {
        Outcome outcome = runner.run(scenario);
        assertThat(outcome.problems()).as("%s got: %s", scenario.title(), outcome.seen()).isEmpty();
    }

    private static Scenario passingThrough(String id, String rest) {
        return incoming(id, "Message-ID: <" + id + "@strange.example>\r\n" + rest, List.of("dkim=none"));
    }

    private static Scenario incoming(String title, String message, List<String> results) {
        Envelope envelope = new Envelope("someone@strange.example", world.user().address());
        return new Scenario(title, OUTSIDER, envelope, message, new Expectation.Delivered(results, message));
    }

    private static String message(String id) {
        return "From: someone@strange.example\r\nMessage-ID: <" + id + "@strange.example>\r\nSubject: " + id + "\r\n\r\nText.\r\n";
    }
}
