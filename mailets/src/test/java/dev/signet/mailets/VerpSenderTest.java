// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static dev.signet.mailets.MailWorld.MESSAGE;
import static dev.signet.mailets.MailWorld.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailContext.SentMail;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import jakarta.mail.MessagingException;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

class VerpSenderTest {

    private final FakeMailContext james = FakeMailContext.builder().build();
    private final MailWorld world;

    VerpSenderTest(@TempDir Path directory) {
        world = new MailWorld(directory);
    }

    @AfterEach
    void freeMails() {
        world.close();
    }

    @Test
    void everyRecipientHasAMailWithASenderOfItsOwnAndTheSameBytes() throws Exception {
        MailImpl mail = mail("talk-bounces@home.example", "Ann@far.example", "bob@home.example", "\"a b\"@far.example");

        mailet().service(mail);

        assertThat(mail.getState()).isEqualTo(Mail.GHOST);
        List<SentMail> sent = james.getSentMails();
        assertThat(sent).map(one -> one.getSender() + " > " + one.getRecipients() + " " + one.getState()).containsExactly(
                "talk-bounces+Ann=far.example@home.example > [Ann@far.example] list-delivery",
                "talk-bounces+bob=home.example@home.example > [bob@home.example] list-delivery",
                "talk-bounces@home.example > [\"a b\"@far.example] list-delivery");
        for (SentMail one : sent) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            one.getMsg().writeTo(out);
            assertThat(out.toString(StandardCharsets.ISO_8859_1)).isEqualTo(MESSAGE);
        }
    }

    @Test
    void aMailToOneRecipientIsNotCopied() throws Exception {
        MailImpl mail = mail("talk-bounces@home.example", "ann@far.example");

        mailet().service(mail);

        assertThat(james.getSentMails()).isEmpty();
        assertThat(mail.getState()).isEqualTo("list-delivery");
        assertThat(mail.getMaybeSender().asString()).isEqualTo("talk-bounces+ann=far.example@home.example");
        assertThat(bytes(mail)).isEqualTo(MESSAGE);
    }

    @Test
    void theNullSenderStays() throws Exception {
        MailImpl mail = mail("<>", "ann@far.example");

        mailet().service(mail);

        assertThat(mail.getMaybeSender().isNullSender()).isTrue();
        assertThat(mail.getState()).isEqualTo("list-delivery");
    }

    @Test
    void withoutAProcessorItDoesNotStart() {
        assertThatThrownBy(() -> new VerpSender().init(FakeMailetConfig.builder().mailetName("VerpSender").mailetContext(james).build()))
                .hasMessage("mailet VerpSender: processor: found \"\", expected the name of the processor that sends the mails");
    }

    private MailImpl mail(String sender, String... recipients) throws MessagingException {
        MailImpl mail = world.mail(MESSAGE);
        mail.setSender(sender.equals("<>") ? MailAddress.nullSender() : new MailAddress(sender));
        MailAddress[] addresses = new MailAddress[recipients.length];
        for (int i = 0; i < recipients.length; i++) {
            addresses[i] = new MailAddress(recipients[i]);
        }
        mail.setRecipients(List.of(addresses));
        return mail;
    }

    private VerpSender mailet() throws MessagingException {
        VerpSender mailet = new VerpSender();
        mailet.init(FakeMailetConfig.builder()
                .mailetName("VerpSender")
                .setProperty("processor", "list-delivery")
                .mailetContext(james)
                .build());
        return mailet;
    }
}
