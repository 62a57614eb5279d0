// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static dev.signet.mailets.MailWorld.MESSAGE;
import static dev.signet.mailets.MailWorld.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class RewriteSenderTest {

    private static final String FORGED = "SRS0=aaaa=JM=example.com=alice@home.example";

    private final FakeMailContext james = FakeMailContext.builder().build();
    private final Path directory;
    private final MailWorld world;

    RewriteSenderTest(@TempDir Path directory) {
        this.directory = directory;
        world = new MailWorld(directory, Map.of("srs.domain", "home.example", "srs.secrets", "conf/srs.secrets"));
    }

    @BeforeEach
    void writeSecrets() throws IOException {
        world.write("conf/srs.secrets", "0123456789abcdef\n");
    }

    @AfterEach
    void freeMails() {
        world.close();
    }

    @Test
    void aForwardedMailHasASenderOfOurOwnAndTheSameBytes() throws Exception {
        MailImpl mail = world.mail(MESSAGE);

        mailet("forward").service(mail);

        assertThat(mail.getMaybeSender().asString()).matches("SRS0=....=JM=example.com=alice@home.example");
        assertThat(bytes(mail)).isEqualTo(MESSAGE);
    }

    @ParameterizedTest
    @CsvSource({"bob@localhost", "bob@LocalHost", "<>"}) // Of all names this MailetContext serves one.
    void ourOwnSendersAndTheNullSenderStay(String sender) throws Exception {
        MailImpl mail = world.mail(MESSAGE);
        mail.setSender(MaybeSender.getMailSender(sender).asOptional().orElse(null));

        mailet("forward").service(mail);

        assertThat(mail.getMaybeSender()).isEqualTo(MaybeSender.getMailSender(sender));
    }

    @Test
    void aSenderThatHasNoRewrittenAddressStays() throws Exception {
        String sender = "a".repeat(240) + "@far.example";
        MailImpl mail = world.mail(MESSAGE);
        mail.setSender(new MailAddress(sender));

        mailet("forward").service(mail);

        assertThat(mail.getMaybeSender().asString()).isEqualTo(sender);
    }

    @Test
    void aBounceGoesBackToWhoeverSentIt() throws Exception {
        MailImpl bounce = bounceTo(rewritten("alice@example.com"));

        mailet("reverse").service(bounce);

        assertThat(bounce.getState()).isEqualTo(Mail.GHOST);
        assertThat(bounce.getRecipients()).isEmpty();
        assertThat(james.getSentMails()).singleElement().satisfies(sent -> {
            assertThat(sent.getRecipients()).containsExactly(new MailAddress("alice@example.com"));
            assertThat(sent.getSender()).isNull();
        });
    }

    @Test
    void otherRecipientsKeepTheirMail() throws Exception {
        MailImpl bounce = bounceTo(rewritten("alice@example.com"), "bob@home.example", FORGED);

        mailet("reverse").service(bounce);

        assertThat(bounce.getState()).isEqualTo(Mail.DEFAULT);
        assertThat(bounce.getRecipients()).containsExactly(new MailAddress("bob@home.example"), new MailAddress(FORGED));
        assertThat(james.getSentMails()).singleElement().satisfies(sent ->
                assertThat(sent.getRecipients()).containsExactly(new MailAddress("alice@example.com")));
    }

    @Test
    void addressesOfOtherDomainsAreNotOursHoweverTheyLook() throws Exception {
        String elsewhere = rewritten("alice@example.com").replace("@home.example", "@other.example");
        MailImpl bounce = bounceTo(elsewhere);

        mailet("reverse").service(bounce);

        assertThat(bounce.getRecipients()).containsExactly(new MailAddress(elsewhere));
        assertThat(james.getSentMails()).isEmpty();
    }

    @Test
    void theHookTakesWhatHoldsRefusesWhatDoesNotAndLeavesTheRestToOthers() throws Exception {
        RewriteSenderHook hook = new RewriteSenderHook(world.signet);
        hook.init(new BaseHierarchicalConfiguration());
        String sound = rewritten("alice@example.com");

        assertThat(answer(hook, sound)).isEqualTo(HookResult.OK);
        assertThat(answer(hook, sound.replace("@home.example", "@HOME.example"))).isEqualTo(HookResult.OK);
        assertThat(answer(hook, "bob@home.example")).isEqualTo(HookResult.DECLINED);
        assertThat(answer(hook, sound.replace("@home.example", "@other.example"))).isEqualTo(HookResult.DECLINED);
        HookResult refused = answer(hook, FORGED);
        assertThat(refused.getSmtpRetCode()).isEqualTo("550");
        assertThat(refused.getSmtpDescription()).isEqualTo("5.1.1 an SRS address that was not made here");
    }

    @Test
    void aMistakeStopsMailetAndHook() throws Exception {
        for (Map.Entry<Map<String, String>, String> mistake : Map.of(
                Map.of("srs.secrets", "conf/srs.secrets"), "srs.domain: found none, expected the domain of rewritten senders",
                Map.of("srs.domain", "home.example"), "srs.secrets: found none, expected a file with a secret on each line",
                Map.of("srs.domain", "home.example", "srs.secrets", "conf/missing"),
                "srs.secrets: SRS secrets " + directory.resolve("conf/missing") + ": found no such file").entrySet()) {
            try (MailWorld wrong = new MailWorld(directory, new HashMap<>(mistake.getKey()))) {
                assertThatThrownBy(() -> new RewriteSender(wrong.signet).init(config("forward")))
                        .isInstanceOf(MessagingException.class)
                        .hasMessageStartingWith("conf/signet.properties: " + mistake.getValue());
                assertThatThrownBy(() -> new RewriteSenderHook(wrong.signet).init(new BaseHierarchicalConfiguration()))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageStartingWith("conf/signet.properties: " + mistake.getValue());
            }
        }
        assertThatThrownBy(() -> mailet("back"))
                .hasMessage("mailet RewriteSender: direction: found \"back\", expected one of forward, reverse");
    }

    private String rewritten(String sender) throws MessagingException {
        MailImpl mail = world.mail(MESSAGE);
        mail.setSender(new MailAddress(sender));
        mailet("forward").service(mail);
        return mail.getMaybeSender().asString();
    }

    private MailImpl bounceTo(String... recipients) throws MessagingException {
        MailImpl bounce = world.mail(MESSAGE);
        bounce.setSender(MailAddress.nullSender());
        bounce.setRecipients(List.of(recipients).stream().map(RewriteSenderTest::address).toList());
        return bounce;
    }

    private static HookResult answer(RewriteSenderHook hook, String recipient) {
        return hook.doRcpt(Sessions.from("192.0.2.7"), MaybeSender.nullSender(), address(recipient));
    }

    private static MailAddress address(String text) {
        try {
            return new MailAddress(text);
        } catch (AddressException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private RewriteSender mailet(String direction) throws MessagingException {
        RewriteSender mailet = new RewriteSender(world.signet);
        mailet.init(config(direction));
        return mailet;
    }

    private FakeMailetConfig config(String direction) {
        return FakeMailetConfig.builder().mailetName("RewriteSender").setProperty("direction", direction).mailetContext(james).build();
    }
}
