// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static dev.signet.mailets.MailWorld.MESSAGE;
import static dev.signet.mailets.MailWorld.RSA;
import static dev.signet.mailets.MailWorld.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import dev.signet.dns.DomainName;
import dev.signet.inbound.Connection;
import dev.signet.message.MessageLimits;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import jakarta.mail.MessagingException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Whose mail {@link SignDkim} signs in whose name. */
class SignedAuthorsTest {

    private static final String RSA_FILE = "file://conf/rsa.pem";

    private final MailWorld world;

    SignedAuthorsTest(@TempDir Path directory) {
        world = new MailWorld(directory);
    }

    @AfterEach
    void freeMails() {
        world.close();
    }

    @BeforeEach
    void writeKey() throws IOException {
        world.write("conf/rsa.pem", RSA.pem());
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "example.org"})
    void signsNothingOfAStrangerInTheNameOfItsAuthor(String policy) throws Exception {
        world.dns.txt("_dmarc." + policy, "v=DMARC1; p=reject");
        MailImpl forged = arrived(MESSAGE, stranger("x@evil.example"));

        world.signing("key", "example.com rsa " + RSA_FILE + ", * any " + RSA_FILE).service(forged);

        assertThat(bytes(forged)).isEqualTo(MESSAGE);
    }

    @Test
    void signsNothingOfAStrangerWithADomainOfTheAuthorsOrganization() throws Exception {
        MailImpl forged = arrived(MESSAGE, stranger("x@evil.example"));

        world.signing("domain", "lists.example.com", "selector", "rsa", "keyFile", RSA_FILE).service(forged);

        assertThat(bytes(forged)).isEqualTo(MESSAGE);
    }

    @Test
    void signsWhatAStrangerWroteAsWhoSendsIt() throws Exception {
        MailImpl forged = arrived(MESSAGE, stranger("x@evil.example"));

        world.signing("key", "* any " + RSA_FILE + " domain=list.example, example.com rsa " + RSA_FILE).service(forged);
        assertThat(bytes(forged)).isEqualTo(MESSAGE);

        world.signing("domain", "list.example", "selector", "any", "keyFile", RSA_FILE).service(forged);
        assertThat(bytes(forged)).containsOnlyOnce("DKIM-Signature:").contains("d=list.example;");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void signsMailFromOutsideForWhoseAuthorSomethingAnswered(boolean policy) throws Exception {
        if (policy) {
            world.dns.txt("_dmarc.example.com", "v=DMARC1; p=reject");
        }
        world.dns.txt("example.com", "v=spf1 ip4:192.0.2.1 -all");
        MailImpl bySpf = arrived(MESSAGE, stranger("alice@example.com"));
        MailImpl byDkim = arrived(MailWorld.signed(MESSAGE), stranger("x@evil.example"));
        MailImpl bySpfOfAnother = arrived(MESSAGE.replace("alice@example.com", "alice@example.org"), stranger("alice@example.com"));
        SignDkim mailet = world.signing("key", "example.com new " + RSA_FILE + ", example.org new " + RSA_FILE);

        mailet.service(bySpf);
        mailet.service(byDkim);
        mailet.service(bySpfOfAnother);

        assertThat(bytes(bySpf)).contains("s=new;");
        assertThat(bytes(byDkim)).contains("s=new;");
        assertThat(bytes(bySpfOfAnother)).doesNotContain("s=new;");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "auth=pass smtp.auth=alice | true",
        "dmarc=pass header.from=example.com | true",
        "dmarc=pass header.from=example.net | false",
        "dmarc=fail header.from=example.com; dkim=pass header.d=example.com | false",
        "dmarc=none header.from=example.com; dkim=pass header.d=example.com | true",
        "spf=pass smtp.mailfrom=x@example.com | true",
        "spf=pass smtp.helo=example.com | false",
        "spf=pass smtp.mailfrom=x@com | false",
        "dkim=pass header.d=news.example.com | false",
        "dkim=fail header.d=example.com | false",
    })
    void signsWhatWasSentOnByTheResultsOfTheFirstTime(String results, boolean signed) throws Exception {
        MailImpl mail = world.mail("Authentication-Results: " + MailWorld.ID + "; " + results + "; arc=none\r\n" + MESSAGE);
        mail.setAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE);
        VerifyMail verify = new VerifyMail(world.signet, world.failures);
        verify.init(FakeMailetConfig.builder().mailetName("VerifyMail").mailetContext(world.james).build());
        verify.service(mail);

        world.signing("key", "example.com rsa " + RSA_FILE).service(mail);

        assertThat(bytes(mail).contains("DKIM-Signature:")).isEqualTo(signed);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "false, false"})
    void whereNothingIsVerifiedSignsForWhoMayRelay(boolean mayRelay, boolean signed) throws Exception {
        MailImpl mail = world.mail(MESSAGE);
        mail.setAttribute(Attribute.convertToAttribute(Mail.SMTP_HELO.asString(), "client.example"));
        if (mayRelay) {
            mail.setAttribute(Attribute.convertToAttribute("org.apache.james.SMTPIsAuthNetwork", "true"));
        }

        world.signing("key", "example.com rsa " + RSA_FILE).service(mail);

        assertThat(bytes(mail).contains("DKIM-Signature:")).isEqualTo(signed);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void signsWhatJamesWroteAndNotWhatItSentOn(boolean verified, boolean written) throws Exception {
        String message = written ? MESSAGE.replaceFirst("Received: .*\r\n", "") : MESSAGE;
        MailImpl mail = world.mail(message);
        mail.setAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE);
        if (verified) {
            StoredVerdict.check(world.signet.check(), Envelope.of(mail), mail);
        }

        world.signing("key", "example.com rsa " + RSA_FILE).service(mail);

        assertThat(bytes(mail).contains("DKIM-Signature:")).isEqualTo(written);
    }

    @Test
    void signsWhatAUserOfJmapSendsToAForwardedAddress() throws Exception {
        String message = "Authentication-Results: " + MailWorld.ID + "; dkim=none; arc=none\r\n" + MESSAGE.replaceFirst("Received: .*\r\n", "");
        MailImpl mail = world.mail(message);
        mail.setAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE);
        assertThat(StoredVerdict.keepResults(MailWorld.ID, MessageLimits.DEFAULT, mail)).isTrue();

        world.signing("key", "example.com rsa " + RSA_FILE).service(mail);

        assertThat(world.dkim(bytes(mail))).containsExactly("pass example.com rsa");
    }

    @Test
    void signsForOwnNetworksButNotForRelaysAmongThem(@TempDir Path directory) throws Exception {
        try (MailWorld own = new MailWorld(directory, Map.of(
                "authserv-id", MailWorld.ID, "own-networks", "192.0.2.0/24", "relays", "192.0.2.25", "dmarc", "false"))) {
            own.write("conf/rsa.pem", RSA.pem());
            SignDkim mailet = new SignDkim(own.signet);
            mailet.init(FakeMailetConfig.builder().mailetName("SignDkim").setProperty("key", "example.com rsa " + RSA_FILE).build());
            for (String client : List.of("192.0.2.1", "192.0.2.25")) {
                MailImpl mail = own.mail(MESSAGE);
                mail.setRemoteAddr(client);
                mail.setAttribute(Attribute.convertToAttribute(Mail.SMTP_HELO.asString(), "client.example"));
                StoredVerdict.check(own.signet.check(), Envelope.of(mail), mail);

                mailet.service(mail);

                assertThat(bytes(mail).contains("DKIM-Signature:")).as(client).isEqualTo(client.equals("192.0.2.1"));
            }
        }
    }

    @Test
    void signsAStrangersMailThatGoesOutInTheNameOfTheList() throws Exception {
        MailImpl munged = arrived(MESSAGE.replace("alice@example.com", "alice@strict.example"), stranger("x@evil.example"));
        munged.setMessageContent(MimeMessageInputStreamSource.create("Mail1", MailWorld.in(MESSAGE)));
        SignDkim mailet = world.signing("key", "example.com rsa " + RSA_FILE);

        mailet.service(munged);
        assertThat(bytes(munged)).isEqualTo(MESSAGE);

        Authorship.becomes(munged, DomainName.of("example.com"));
        mailet.service(munged);
        assertThat(world.dkim(bytes(munged))).containsExactly("pass example.com rsa");
    }

    @Test
    void signsAllIfToldTo() throws Exception {
        MailImpl forged = arrived(MESSAGE, stranger("x@evil.example"));

        world.signing("key", "example.com rsa " + RSA_FILE, "sign", "all").service(forged);

        assertThat(world.dkim(bytes(forged))).containsExactly("pass example.com rsa");
    }

    private MailImpl arrived(String message, Connection connection) throws MessagingException, IOException {
        MailImpl mail = world.mail(message);
        StoredVerdict.check(world.signet.check(), connection, mail);
        return mail;
    }

    private static Connection stranger(String sender) {
        return new Connection(InetAddresses.forString("192.0.2.1"), "client.example", sender, null, null);
    }
}
