// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static dev.signet.james.Post.results;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.authres.MethodResult;
import dev.signet.scenario.SigningDomain;
import dev.signet.scenario.World;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.SmtpClient;
import dev.signet.smtp.SmtpReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;

/** DMARC on the wire of a real James 3.8, with the sample {@code mx-and-outbound}; loopback is a relay of ours. */
@Timeout(180)
class DmarcIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String HELP = ", see https://www.rfc-editor.org/info/rfc9989";

    private static World world;

    @BeforeAll
    static void start() throws Exception {
        world = World.start(
                TestBuild.emptyDirectory("james-3.8-dmarc"),
                TestBuild.james38(),
                TestBuild.signetFor38(),
                install -> install.set(Map.of("relays", "127.0.0.1")),
                System.out::println);
    }

    @AfterAll
    static void stop() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    private static String message(String from, String id) {
        return "From: " + from + "\r\nMessage-ID: <" + id + "@spoofer.example>\r\nSubject: invoice\r\n\r\nPay at once.\r\n";
    }

    private static Envelope envelope() {
        return new Envelope("somebody@spoofer.example", world.user().address());
    }

    /** From a stranger. */
    private static SmtpReply send(String message) throws IOException {
        try (SmtpClient smtp = SmtpClient.connectAs(world.ports().proxiedMx(), "192.0.2.66")) {
            smtp.ehlo("spoofer.example");
            return smtp.send(envelope(), message);
        }
    }

    private static String delivered(String folder, String id) throws IOException, TimeoutException {
        try (ImapMailbox mailbox = world.openFolder(folder)) {
            return mailbox.await(message -> message.contains("<" + id + "@spoofer.example>"), PATIENCE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "v=DMARC1; p=none,             none,  INBOX, dmarc=fail none",
        "v=DMARC1; p=quarantine,       quar,  Spam,  dmarc=fail quarantine",
        "v=DMARC1; p=reject; t=y,      test,  Spam,  dmarc=fail quarantine",
        "v=DMARC1; p=quarantine; t=y,  qtest, INBOX, dmarc=fail none",
        "v=DMARC1; p=reject; pct=0,    pct,   Spam,  dmarc=fail quarantine",
        "no policy,                    free,  INBOX, dmarc=none null"
    })
    void acceptsWhatIsNotToBeRejectedAndPutsItWhereItBelongs(String policy, String id, String folder, String result) throws Exception {
        world.dns().txt("_dmarc." + id + ".example", policy);

        assertThat(send(message("ceo@" + id + ".example", id)).code()).isEqualTo(250);

        MethodResult dmarc = results(delivered(folder, id), "dmarc").getFirst();
        String disposition = dmarc.properties().stream().filter(p -> p.name().equals("dmarc")).map(p -> p.value()).findFirst().orElse(null);
        assertThat("dmarc=" + dmarc.result() + " " + disposition).isEqualTo(result);
    }

    @Test
    void refusesWhatIsToBeRejectedAndServesTheClientFurther() throws Exception {
        world.dns().txt("_dmarc.wire.example", "v=DMARC1; p=reject");
        try (SmtpClient smtp = SmtpClient.connectAs(world.ports().proxiedMx(), "192.0.2.66")) {
            smtp.ehlo("spoofer.example");
            SmtpReply refused = smtp.send(envelope(), message("ceo@wire.example", "refused"));
            SmtpReply accepted = smtp.send(envelope(), message("ceo@free.example", "afterwards"));

            assertThat(refused).isEqualTo(new SmtpReply(550, List.of("5.7.1 Email rejected per DMARC policy for wire.example" + HELP)));
            assertThat(accepted.code()).isEqualTo(250);
        }
        delivered("INBOX", "afterwards");
        try (ImapMailbox spam = world.openFolder("Spam"); ImapMailbox inbox = world.openInbox()) {
            for (ImapMailbox folder : List.of(spam, inbox)) {
                assertThatThrownBy(() -> folder.await(message -> message.contains("<refused@spoofer.example>"), Duration.ZERO))
                        .isInstanceOf(TimeoutException.class);
            }
        }
    }

    @Test
    void acceptsWhatTheDomainSigned() throws Exception {
        SigningDomain signer = SigningDomain.create("signer.example");
        signer.publishIn(world.dns());
        world.dns().txt("_dmarc.signer.example", "v=DMARC1; p=reject");

        assertThat(send(signer.sign(message("ceo@signer.example", "signed"))).code()).isEqualTo(250);
        assertThat(results(delivered("INBOX", "signed"), "dmarc").getFirst().result()).isEqualTo("pass");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "a@free.example, ceo@odd.example",
        "ceo@odd.example\r\nFROM : a@free.example",
        "\"250 2.6.0 taken\u0007\" <ceo@odd.example>",
        "=?utf-8?q?ceo=40free=2Eexample?= <ceo@odd.example>",
        "\u00e9\u00ff <ceo@odd.example>",
        "\"a@free.example\"@odd.example"
    })
    void anOddFromFieldIsNoWayAroundAPolicyNorIntoTheReply(String from) throws Exception {
        world.dns().txt("_dmarc.odd.example", "v=DMARC1; p=reject");

        SmtpReply reply = send(message(from, "odd"));

        assertThat(reply).isEqualTo(new SmtpReply(550, List.of("5.7.1 Email rejected per DMARC policy for odd.example" + HELP)));
    }

    @Test
    void afterTheHookNobodyAsksTheDnsAgain() throws Exception {
        SigningDomain once = SigningDomain.create("once.example");
        // No cache may answer in place of the name server.
        world.dns().ttl(Duration.ZERO);
        once.publishIn(world.dns());
        world.dns()
                .txt("_dmarc.once.example", "v=DMARC1; p=quarantine; adkim=s")
                .txt("once.example", "v=spf1 include:spf.once.example -all")
                .txt("spf.once.example", "v=spf1 ip4:192.0.2.1")
                .ttl(Duration.ofMinutes(1));
        for (int time = 1; time <= 2; time++) {
            String signed = once.sign(message("ceo@once.example", "asked-" + time)).replace("Pay at once", "Pay me at once");
            try (SmtpClient smtp = SmtpClient.connectAs(world.ports().proxiedMx(), "192.0.2.66")) {
                smtp.ehlo("spoofer.example");
                assertThat(smtp.send(new Envelope("ceo@once.example", world.user().address()), signed).code()).isEqualTo(250);
            }
            // Through VerifyMail, ApplyDmarc and the matchers, and into a mailbox.
            delivered("Spam", "asked-" + time);

            Map<String, Long> asked = world.dns().queries().stream()
                    .filter(query -> query.endsWith("once.example"))
                    .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
            assertThat(asked.keySet()).isEqualTo(Set.of(
                    "TXT _dmarc.once.example",
                    "TXT once.example",
                    "TXT spf.once.example",
                    "TXT r._domainkey.once.example",
                    "TXT e._domainkey.once.example"));
            assertThat(asked.values()).as("once for each message, by the hook").containsOnly((long) time);
        }
    }

    @Test
    void whatARelayAcceptedIsPutAsideAndNobodyGetsABounce() throws Exception {
        world.dns().txt("_dmarc.relayed.example", "v=DMARC1; p=reject");
        String received = """
                Received: from spoofer.example (unknown [192.0.2.66])\r
                \tby relay.home.example (Postfix) with ESMTP id 4XyZ1;\r
                \tMon, 23 Nov 2026 12:00:00 +0000 (UTC)\r
                """;
        try (SmtpClient relay = SmtpClient.connect(world.ports().mx())) {
            relay.ehlo("relay.home.example");
            Envelope forged = new Envelope("victim@outside.example", world.user().address());
            assertThat(relay.send(forged, received + message("ceo@relayed.example", "relayed")).code()).isEqualTo(250);
        }
        assertThat(await("var/mail/dmarc-reject/"))
                .singleElement()
                .asString()
                .contains("victim@outside.example", "dmarc=fail, neither SPF nor DKIM passed");

        // Whatever was on its way to the outside before this one would be there before it.
        try (SmtpClient user = SmtpClient.connect(world.ports().submission())) {
            user.ehlo("laptop.home.example");
            user.startTls();
            user.ehlo("laptop.home.example");
            user.authPlain(world.user().address(), world.user().password());
            Envelope outward = new Envelope(world.user().address(), "friend@outside.example");
            assertThat(user.send(outward, message(world.user().address(), "sentinel")).code()).isEqualTo(250);
        }
        world.outside().await(mail -> mail.message().contains("<sentinel@spoofer.example>"), PATIENCE);
        assertThat(world.outside().received())
                .noneMatch(mail -> mail.envelope().recipients().contains("victim@outside.example") || mail.envelope().sender().isEmpty());
        assertThat(new WebAdmin(world.ports().webAdmin()).mailsIn("var/mail/error/")).isEmpty();
    }

    private static List<String> await(String repository) throws IOException, InterruptedException {
        WebAdmin james = new WebAdmin(world.ports().webAdmin());
        List<String> mails = james.mailsIn(repository);
        while (mails.isEmpty()) {
            // The time limit of the test ends this.
            LockSupport.parkNanos(20_000_000);
            mails = james.mailsIn(repository);
        }
        return mails;
    }
}
