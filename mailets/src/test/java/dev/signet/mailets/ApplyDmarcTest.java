// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static dev.signet.mailets.MailWorld.bytes;
import static dev.signet.mailets.MailWorld.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import jakarta.mail.MessagingException;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class ApplyDmarcTest {

    private static final String MESSAGE = "Received: from a by b\r\nFrom: ceo@example.com\r\nX-Dmarc :  forged \r\nMessage-ID: <1@example.com>\r\n\r\nPay.\r\n";

    private final MailWorld world;

    /** Names of the mails in it. */
    private final List<String> stored = new ArrayList<>();

    ApplyDmarcTest(@TempDir Path directory) {
        world = new MailWorld(directory);
    }

    @AfterEach
    void freeMails() {
        world.close();
    }

    private ApplyDmarc mailet(Map<String, String> parameters) throws MessagingException {
        ApplyDmarc mailet = new ApplyDmarc(world.signet, repositories());
        FakeMailetConfig.Builder config = FakeMailetConfig.builder().mailetName("ApplyDmarc");
        parameters.forEach(config::setProperty);
        mailet.init(config.build());
        return mailet;
    }

    /** A mail whose hook found this policy, and nothing that passes. */
    private MailImpl mail(String policy) throws Exception {
        world.dns.txt("_dmarc.example.com", "v=DMARC1; " + policy);
        MailImpl mail = world.mail(MESSAGE);
        mail.setState(Mail.TRANSPORT);
        new VerifyMailHook(world.signet, world.failures).onMessage(Sessions.from("192.0.2.7"), mail);
        return mail;
    }

    @ParameterizedTest
    @CsvSource({"p=reject, spam", "p=quarantine, spam", "p=none, transport"})
    void sendsWhatIsToBeKeptAwayToProcessorSpamUnlessToldOtherwise(String policy, String state) throws Exception {
        MailImpl mail = mail(policy);

        mailet(Map.of()).service(mail);

        assertThat(mail.getState()).isEqualTo(state);
        assertThat(bytes(mail)).isEqualTo(MESSAGE);
    }

    @Test
    void saysWhyInTheErrorMessage() throws Exception {
        MailImpl mail = mail("p=reject");

        mailet(Map.of("reject", "processor quarantine")).service(mail);

        assertThat(mail.getState()).isEqualTo("quarantine");
        assertThat(mail.getErrorMessage()).isEqualTo("dmarc=fail, neither SPF nor DKIM passed");
    }

    @Test
    void dropsIntoARepositoryAndEndsThere() throws Exception {
        MailImpl mail = mail("p=reject");

        mailet(Map.of("reject", "repository memory://var/mail/dmarc/")).service(mail);

        assertThat(mail.getState()).isEqualTo(Mail.GHOST);
        assertThat(stored).containsExactly("memory://var/mail/dmarc Mail1 transport");
    }

    @Test
    void failsWhereThatIsWanted() throws Exception {
        MailImpl mail = mail("p=quarantine");

        assertThatThrownBy(() -> mailet(Map.of("quarantine", "error")).service(mail))
                .isInstanceOf(MessagingException.class)
                .hasMessage("Mail1: dmarc=fail, neither SPF nor DKIM passed");
    }

    @ParameterizedTest
    @CsvSource({"p=reject, X-Dmarc: stop", "p=quarantine, x-dmarc: keep: apart", "p=none, ''"})
    void writesAFieldInFrontAndRemovesThoseThatCameFromOutside(String policy, String field) throws Exception {
        MailImpl mail = mail(policy);

        mailet(Map.of("reject", "header X-Dmarc:stop", "quarantine", "header x-dmarc: keep: apart")).service(mail);

        String expected = (field.isEmpty() ? "" : field + "\r\n") + MESSAGE.replace("X-Dmarc :  forged \r\n", "");
        assertThat(bytes(mail)).isEqualTo(expected);
        assertThat(sent(mail)).as("what James would send").isEqualTo(expected);
        assertThat(mail.getState()).isEqualTo(Mail.TRANSPORT);
    }

    @Test
    void removesForgedFieldsAlsoFromMailWithoutAVerdict() throws Exception {
        MailImpl mail = world.mail(MESSAGE);

        mailet(Map.of("none", "header X-Dmarc: fine")).service(mail);

        assertThat(bytes(mail)).isEqualTo(MESSAGE.replace("X-Dmarc :  forged \r\n", ""));
    }

    @Test
    void asksTheDnsNothing() throws Exception {
        MailImpl mail = mail("p=reject");
        List<String> asked = ImmutableList.copyOf(world.dns.asked());

        mailet(Map.of()).service(mail);
        MailImpl unseen = world.mail(MESSAGE);
        mailet(Map.of()).service(unseen);

        assertThat(world.dns.asked()).isEqualTo(asked).isNotEmpty();
        assertThat(unseen.getState()).isEqualTo(Mail.DEFAULT);
    }

    /** RemoveMimeHeader, which all samples have in front, makes James 3.8 add what a message lacks. */
    @Test
    void aMissingMessageIdIsNoWayAroundAPolicy() throws Exception {
        world.dns.txt("_dmarc.example.com", "v=DMARC1; p=reject");
        MailImpl mail = world.mail("Bcc: a@example.org\r\n" + MESSAGE.replaceFirst("Message-ID: .*\r\n", ""));
        mail.setState(Mail.TRANSPORT);
        new VerifyMailHook(world.signet, world.failures).onMessage(Sessions.from("192.0.2.7"), mail);
        mail.getMessage().removeHeader("Bcc");
        mail.getMessage().setHeader("Message-ID", "<made@home.example>");

        mailet(Map.of()).service(mail);

        assertThat(mail.getState()).isEqualTo("spam");
    }

    /** James's DSNBounce copies all attributes of the mail that it returns. */
    @Test
    void leavesABounceAloneThatCarriesTheVerdictOfAnother() throws Exception {
        MailImpl bounce = world.mail(MESSAGE.replace("<1@example.com>", "<bounce@home.example>"));
        mail("p=reject").attributes().forEach(bounce::setAttribute);

        mailet(Map.of("none", "error")).service(bounce);

        assertThat(bounce.getState()).isEqualTo(Mail.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "bounce", "nothing at all", "processor", "processor two words", "repository", "repository var/mail/", "header", "header X-Dmarc", "header X-Dmarc:",
        "header X Dmarc: a", "header X-Dmarc: \u00e9", "header X-Dmarc: a\r\nX-Other: b", "error now"
    })
    void refusesActionsThatAreNone(String action) {
        assertThatThrownBy(() -> mailet(Map.of("reject", action)))
                .isInstanceOf(MessagingException.class)
                .hasMessage("mailet ApplyDmarc: reject: found \"" + action + "\", expected " + DmarcAction.EXPECTED);
    }

    @Test
    void refusesARepositoryThatJamesHasNot() {
        assertThatThrownBy(() -> mailet(Map.of("reject", "repository unknown://var/mail/")))
                .isInstanceOf(MessagingException.class)
                .hasMessage("mailet ApplyDmarc: reject: no such protocol");
    }

    @Test
    void refusesDispositionsThatAreNone() {
        assertThatThrownBy(() -> mailet(Map.of("discard", "nothing")))
                .hasMessage("mailet ApplyDmarc: found an unknown parameter discard, expected only none, quarantine, reject");
    }

    private MailRepositoryStore repositories() {
        return proxy(MailRepositoryStore.class, (method, argument) -> {
            MailRepositoryUrl url = (MailRepositoryUrl) argument;
            if (!url.asString().startsWith("memory://")) {
                throw new MailRepositoryStore.MailRepositoryStoreException("no such protocol");
            }
            return proxy(MailRepository.class, (store, mail) -> {
                stored.add(url.asString() + " " + ((Mail) mail).getName() + " " + ((Mail) mail).getState());
                return null;
            });
        });
    }

    private interface Answer {
        Object to(String method, Object argument) throws Exception;
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer.to(method.getName(), arguments[0])));
    }
}
