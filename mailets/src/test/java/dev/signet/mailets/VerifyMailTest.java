// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static dev.signet.mailets.MailWorld.ID;
import static dev.signet.mailets.MailWorld.MESSAGE;
import static dev.signet.mailets.MailWorld.bytes;
import static dev.signet.mailets.MailWorld.queue;
import static dev.signet.mailets.MailWorld.sent;
import static dev.signet.mailets.MailWorld.signed;
import static dev.signet.mailets.MailWorld.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.inbound.Connection;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import jakarta.mail.MessagingException;

import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.Map;

class VerifyMailTest {

    private static final String OTHER = "Message-ID: <other@home.example>\r\nFrom: postmaster@home.example\r\n\r\nReturned.\r\n";

    private final MailWorld world;
    private final VerifyMail mailet;

    VerifyMailTest(@TempDir Path directory) {
        world = new MailWorld(directory);
        mailet = new VerifyMail(world.signet, world.failures);
    }

    @AfterEach
    void freeMails() {
        world.close();
    }

    @BeforeEach
    void init() throws MessagingException {
        mailet.init(FakeMailetConfig.builder().mailetName("VerifyMail").build());
    }

    @Test
    void putsTheResultsInFrontAndChangesNothingElse() throws Exception {
        String message = signed(MESSAGE);
        MailImpl mail = world.mail(message);

        mailet.service(mail);

        assertThat(bytes(mail)).startsWith("Authentication-Results: " + ID).endsWith("\r\n" + message);
        assertThat(ourFields(bytes(mail), message)).contains("dkim=pass").contains("header.d=example.com");
        assertThat(sent(mail)).isEqualTo(bytes(mail));
        assertThat(world.dkim(bytes(mail))).containsExactly("pass example.com rsa");
    }

    @Test
    void asksNothingAboutAClientOfMailThatJamesMadeItself() throws Exception {
        MailImpl bounce = world.mail(MESSAGE);
        bounce.setRemoteAddr("127.0.0.1");
        mailet.service(bounce);
        assertThat(ourFields(bytes(bounce), MESSAGE)).contains("dkim=none").doesNotContain("spf=", "dmarc=");

        MailImpl fromThisMachine = world.mail(MESSAGE);
        fromThisMachine.setRemoteAddr("127.0.0.1");
        fromThisMachine.setAttribute(Attribute.convertToAttribute(Mail.SMTP_HELO.asString(), "localhost"));
        mailet.service(fromThisMachine);
        assertThat(ourFields(bytes(fromThisMachine), MESSAGE)).contains("dkim=none", "spf=", "dmarc=");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "X: y\r\n\r\nno final newline",
        "\r\nonly a body\r\n",
        "Subject: no empty line\r\n",
        "Subject : odd\r\n\tspacing \r\n here\r\nNo colon\r\n\r\n\r\n\r\nblank lines\r\n\r\n\r\n",
        "Subject: eight bit body\r\n\r\n\u00c3\u00a9 \u00e9\r\n"
    })
    void keepsEveryByteOfAnOddMessage(String message) throws Exception {
        MailImpl mail = world.mail(message);

        mailet.service(mail);

        assertThat(bytes(mail)).startsWith("Authentication-Results: " + ID).endsWith("\r\n" + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Authentication-Results: mx.home.example; dkim=pass header.d=bank.example",
        "AUTHENTICATION-results : MX.Home.Example; dkim=pass",
        "Authentication-Results: (me) \"mx.home.example\"\r\n\t(really) 1;\r\n dkim=pass",
        "Authentication-Results: mx.home.example(.evil.example; dkim=pass",
        "Subject: hidden\rAuthentication-Results: mx.home.example; dkim=pass",
        "Received-SPF: pass (mx.home.example: trust me) client-ip=192.0.2.1; receiver=mx.home.example",
        "RECEIVED-spf : Pass\r\n\treceiver = \"MX.Home.Example\"",
        "Received-SPF: pass",
        "Subject: hidden\rReceived-SPF: pass receiver=mx.home.example",
    })
    void removesForgedFieldsWhereverTheyStand(String forged) throws Exception {
        String[] lines = MESSAGE.split("(?<=\r\n)", 2);
        MailImpl mail = world.mail(forged + "\r\n" + lines[0] + forged + "\r\n" + forged + "\r\n" + lines[1]);

        mailet.service(mail);

        assertThat(bytes(mail)).startsWith("Authentication-Results: " + ID + ";").endsWith("\r\n" + MESSAGE);
        assertThat(ourFields(bytes(mail), MESSAGE)).contains("dkim=none").doesNotContain("pass");
    }

    @Test
    void leavesTheFieldsOfOthers() throws Exception {
        String others = "Authentication-Results: mx.other.example; dkim=pass\r\n"
                + "X-Authentication-Results: mx.home.example; dkim=pass\r\n"
                + "Received-SPF: pass (mx.other.example: yes) receiver=mx.other.example\r\n" + MESSAGE;
        MailImpl mail = world.mail(others);

        mailet.service(mail);

        assertThat(bytes(mail)).endsWith("\r\n" + others);
    }

    @Test
    void tellsWhatSpfFoundInReceivedSpfFieldsWhereThatIsWanted() throws Exception {
        world.dns.txt("example.com", "v=spf1 ip4:192.0.2.1 -all");
        MailImpl mail = world.mail("Received-SPF: fail receiver=" + ID + "\r\n" + MESSAGE);
        initWithReceivedSpf();

        mailet.service(mail);

        assertThat(ourFields(bytes(mail), MESSAGE).replaceAll("\r\n[ \t]", " ").lines()).satisfiesExactly(
                results -> assertThat(results).startsWith("Authentication-Results: " + ID).contains("spf=pass"),
                spf -> assertThat(spf).startsWith("Received-SPF: pass (" + ID).contains("client-ip=192.0.2.1; ", "; receiver=" + ID));
        assertThat(world.dkim(bytes(mail))).isEmpty();
    }

    @Test
    void tellsNothingInReceivedSpfFieldsWhereSpfIsNotAsked() throws Exception {
        MailImpl mail = world.mail(MESSAGE);
        mail.setAttribute(Attribute.convertToAttribute(Mail.SMTP_AUTH_USER.asString(), "alice"));
        initWithReceivedSpf();

        mailet.service(mail);

        assertThat(ourFields(bytes(mail), MESSAGE)).contains("auth=pass").doesNotContain("Received-SPF");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void changesNothingWhenItRunsAgain(boolean receivedSpf) throws Exception {
        if (receivedSpf) {
            initWithReceivedSpf();
        }
        MailImpl mail = world.mail(signed(MESSAGE));
        mailet.service(mail);
        String once = bytes(mail);

        mailet.service(mail);
        queue(mail);
        mailet.service(mail);

        assertThat(bytes(mail)).isEqualTo(once);
    }

    @Test
    void takesOverTheVerdictOfTheHookWithoutADnsQuery() throws Exception {
        // What the hook sees and a mailet never does: James makes question marks of the subject when it queues the mail.
        String message = signed(MESSAGE.replace("dinner", "d\u00c3\u00aener"));
        MailImpl mail = world.mail(message);
        StoredVerdict.check(world.signet.check(), Connection.UNKNOWN, mail);
        queue(mail);
        int asked = world.dns.asked().size();

        mailet.service(mail);

        assertThat(bytes(mail)).contains("d??ner").contains("dkim=pass");
        assertThat(world.dns.asked()).hasSize(asked);
    }

    @Test
    void doesNotTakeOverTheVerdictOfAnotherMessage() throws Exception {
        // What DSNBounce does: a new message with the attributes of the one that it returns.
        MailImpl original = world.mail(signed(MESSAGE));
        StoredVerdict.check(world.signet.check(), Connection.UNKNOWN, original);
        MailImpl bounce = world.mail(OTHER);
        original.attributes().forEach(bounce::setAttribute);

        mailet.service(bounce);

        assertThat(verdict(bounce).dkim()).isEmpty();
        assertThat(bytes(bounce)).contains("dkim=none");
    }

    @Test
    void doesNotTakeOverTheVerdictOfTheHookForWhatAMailetMadeOfTheMail() throws Exception {
        MailImpl original = world.mail(signed(MESSAGE));
        new VerifyMailHook(world.signet, world.failures).onMessage(Sessions.from("192.0.2.1"), original);
        MailImpl copy = MailImpl.duplicate(original);
        copy.setMessageContent(MimeMessageInputStreamSource.create("Copy", MailWorld.in(OTHER)));

        mailet.service(copy);

        assertThat(bytes(copy)).contains("dkim=none");
        LifecycleUtil.dispose(copy);
    }

    @Test
    void takesOverTheVerdictOfTheHookOnceWhateverTheMessageIs() throws Exception {
        MailImpl mail = world.mail(signed(MESSAGE));
        new VerifyMailHook(world.signet, world.failures).onMessage(Sessions.from("192.0.2.1"), mail);
        mailet.service(mail);
        assertThat(bytes(mail)).contains("dkim=pass");
        mail.setMessageContent(MimeMessageInputStreamSource.create("Mail1", MailWorld.in(OTHER)));

        mailet.service(mail);

        assertThat(bytes(mail)).contains("dkim=none");
    }

    @Test
    void verifiesAnewWhereTheStoredVerdictCannotBeRead() throws Exception {
        MailImpl mail = world.mail(signed(MESSAGE));
        StoredVerdict.check(world.signet.check(), Connection.UNKNOWN, mail);
        mail.setAttribute(Attribute.convertToAttribute("dev.signet.verdict", "{\"dkim\":[{}]}"));

        mailet.service(mail);

        assertThat(verdict(mail).dkim()).extracting(DkimResult::state).containsExactly(DkimState.PASS);
    }

    @Test
    void streamsALargeMessage() throws Exception {
        long size = 300L << 20;
        MailImpl mail = world.mail(new SequenceInputStream(MailWorld.in(MESSAGE), new Zeros(size)));

        mailet.service(mail);

        assertThat(mail.getMessageSize()).isGreaterThan(size + MESSAGE.length());
    }

    @Test
    void namesThePostmastersDomainWhereNoAuthservIdIsSet(@TempDir Path directory) throws Exception {
        MailWorld unset = new MailWorld(directory, Map.of());
        VerifyMail unnamed = new VerifyMail(unset.signet, unset.failures);
        unnamed.init(FakeMailetConfig.builder()
                .mailetName("VerifyMail")
                .mailetContext(FakeMailContext.builder().postmaster(new org.apache.james.core.MailAddress("postmaster@home.example")).build())
                .build());
        MailImpl mail = world.mail(MESSAGE);

        unnamed.service(mail);

        assertThat(bytes(mail)).startsWith("Authentication-Results: home.example;");
    }

    @Test
    void refusesParametersThatItDoesNotHave() {
        FakeMailetConfig config = FakeMailetConfig.builder().mailetName("VerifyMail").setProperty("authservId", "x").build();

        assertThatThrownBy(() -> new VerifyMail(world.signet, world.failures).init(config))
                .isInstanceOf(MessagingException.class)
                .hasMessage("mailet VerifyMail: found an unknown parameter authservId, expected only receivedSpf");
    }

    private void initWithReceivedSpf() throws MessagingException {
        mailet.init(FakeMailetConfig.builder().mailetName("VerifyMail").setProperty("receivedSpf", "true").build());
    }

    private static String ourFields(String bytes, String message) {
        return bytes.substring(0, bytes.length() - message.length());
    }

    /** Lines of zeros, as many bytes as asked for. */
    private static final class Zeros extends InputStream {

        private long left;

        Zeros(long size) {
            this.left = size;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (left == 0) {
                return -1;
            }
            int count = (int) Math.min(length, left);
            for (int i = 0; i < count; i++) {
                long position = left - i;
                bytes[offset + i] = (byte) (position % 64 == 1 ? '\n' : position % 64 == 2 ? '\r' : '0');
            }
            left -= count;
            return count;
        }
    }
}
