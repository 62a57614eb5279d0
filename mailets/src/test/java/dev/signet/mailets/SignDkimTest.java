// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static dev.signet.mailets.MailWorld.ED25519;
import static dev.signet.mailets.MailWorld.MESSAGE;
import static dev.signet.mailets.MailWorld.RSA;
import static dev.signet.mailets.MailWorld.bytes;
import static dev.signet.mailets.MailWorld.queue;
import static dev.signet.mailets.MailWorld.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.eclipse.angus.mail.util.CRLFOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import jakarta.mail.MessagingException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

class SignDkimTest {

    private static final String RSA_FILE = "file://conf/rsa.pem";
    private static final String ED_FILE = "file://conf/ed.pem";

    private final MailWorld world;

    SignDkimTest(@TempDir Path directory) {
        world = new MailWorld(directory);
    }

    @AfterEach
    void freeMails() {
        world.close();
    }

    @BeforeEach
    void writeKeys() throws IOException {
        world.write("conf/rsa.pem", RSA.pem());
        world.write("conf/ed.pem", ED25519.pem());
    }

    @Test
    void signsForOneDomain() throws Exception {
        MailImpl mail = own(MESSAGE);

        world.signing("domain", "example.com", "selector", "rsa", "keyFile", RSA_FILE).service(mail);

        assertThat(world.dkim(bytes(mail))).containsExactly("pass example.com rsa");
        assertThat(bytes(mail)).startsWith("DKIM-Signature:").endsWith("\r\n" + MESSAGE);
    }

    @Test
    void signsWithAllKeysOfADomain() throws Exception {
        MailImpl mail = own(MESSAGE);

        world.signing("key", "example.com rsa " + RSA_FILE + ",example.com ed " + ED_FILE).service(mail);

        assertThat(world.dkim(bytes(mail))).containsExactly("pass example.com rsa", "pass example.com ed");
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, s-exact",
        "EXAMPLE.org, s-exact",
        "a.example.org, s-below",
        "a.b.example.org, s-below",
        "x.deep.example.org, s-deeper",
        "deep.example.org, s-below",
        "other.example, s-any",
        "badexample.org, s-any",
    })
    void choosesTheKeysThatFitTheAuthorBest(String author, String selector) throws Exception {
        MailImpl mail = own(MESSAGE.replace("alice@example.com", "alice@" + author));

        world.signing("key", "example.org s-exact " + RSA_FILE + ", *.example.org s-below " + RSA_FILE
                + ", *.deep.example.org s-deeper " + RSA_FILE + ", * s-any " + RSA_FILE).service(mail);

        assertThat(bytes(mail)).containsOnlyOnce("DKIM-Signature:").contains("s=" + selector + ";");
    }

    @Test
    void signsForTheDomainAboveUnlessToldOtherwise() throws Exception {
        SignDkim mailet = world.signing("key", "*.example.com rsa " + RSA_FILE + ", *.example.net ed " + ED_FILE + " domain=example.com");
        MailImpl below = own(MESSAGE.replace("alice@example.com", "alice@news.example.com"));
        MailImpl other = own(MESSAGE.replace("alice@example.com", "alice@news.example.net"));

        mailet.service(below);
        mailet.service(other);

        assertThat(world.dkim(bytes(below))).containsExactly("pass example.com rsa");
        assertThat(world.dkim(bytes(other))).containsExactly("pass example.com ed");
    }

    @Test
    void signsForTheAuthorWhereOneKeyServesAll() throws Exception {
        MailImpl mail = own(MESSAGE);

        world.signing("key", "* rsa " + RSA_FILE).service(mail);

        assertThat(world.dkim(bytes(mail))).containsExactly("pass example.com rsa");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "From: alice@example.com, bob@example.net",
        "From: nobody",
        "X: no From at all",
    })
    void leavesMailWithoutOneAuthorDomainAlone(String from) throws Exception {
        String message = MESSAGE.replace("From: Alice <alice@example.com>", from);
        MailImpl mail = own(message);

        world.signing("key", "example.com rsa " + RSA_FILE + ", * ed " + ED_FILE).service(mail);

        assertThat(bytes(mail)).isEqualTo(message);
    }

    @Test
    void signsWhatLeavesAfterAnEarlierMailetChangedTheHeader() throws Exception {
        String bare = MESSAGE.replaceFirst("Date: .*\r\n", "").replaceFirst("Message-ID: .*\r\n", "");
        MailImpl mail = own(bare);
        mail.getMessage().addHeader("X-Added", "by another mailet");
        mail.getMessage().saveChanges();

        world.signing("key", "example.com rsa " + RSA_FILE).service(mail);
        queue(mail);

        assertThat(world.dkim(sent(mail))).containsExactly("pass example.com rsa");
    }

    @Test
    void signsWhatLeavesWhereEightBitFieldsAreLost() throws Exception {
        MailImpl mail = own(MESSAGE.replace("dinner", "d\u00c3\u00aener"));

        world.signing("key", "example.com rsa " + RSA_FILE).service(mail);
        queue(mail);

        assertThat(world.dkim(sent(mail))).containsExactly("pass example.com rsa");
    }

    @Test
    void signsTheLineEndsThatLeave() throws Exception {
        MailImpl mail = own(MESSAGE.replace("hungry?", "hungry?\nOr\rnot?\r\r\n"));

        world.signing("key", "example.com rsa " + RSA_FILE, "canonicalization", "simple/simple").service(mail);
        queue(mail);

        assertThat(bytes(mail)).endsWith("hungry?\r\nOr\r\nnot?\r\n\r\n\r\n");
        ByteArrayOutputStream left = new ByteArrayOutputStream();
        mail.getMessage().writeTo(new CRLFOutputStream(left));
        assertThat(world.dkim(left.toString(StandardCharsets.ISO_8859_1))).containsExactly("pass example.com rsa");
    }

    @Test
    void takesOptions() throws Exception {
        MailImpl mail = own(MESSAGE);

        world.signing("key", "example.com rsa " + RSA_FILE, "canonicalization", "simple/relaxed", "headers", "From : To:Subject:From",
                "timestamp", "false", "identity", "@example.com").service(mail);

        assertThat(bytes(mail)).contains("c=simple/relaxed;").contains("h=From:To:Subject:From;").contains("i=@example.com;")
                .doesNotContain("t=").doesNotContain("x=");
        assertThat(world.dkim(bytes(mail))).containsExactly("pass example.com rsa");
    }

    @Test
    void oversignsUnlessToldOtherwise() throws Exception {
        MailImpl oversigned = own(MESSAGE);
        MailImpl signed = own(MESSAGE);

        world.signing("key", "example.com rsa " + RSA_FILE).service(oversigned);
        world.signing("key", "example.com rsa " + RSA_FILE, "oversign", "false", "expireIn", "14 days").service(signed);

        assertThat(bytes(oversigned)).contains("h=From:From:").contains("t=" + MailWorld.NOW.getEpochSecond());
        assertThat(bytes(signed)).contains("h=From:To:").contains("x=" + MailWorld.NOW.plusSeconds(14 * 86_400).getEpochSecond());
        assertThat(world.dkim(bytes(signed))).containsExactly("pass example.com rsa");
    }

    @Test
    void readsEncryptedKeysWithThePasswordFromAFile() throws Exception {
        world.write("conf/password", "secret\n");
        world.write("conf/encrypted.pem", Encrypted.withPassword(RSA.pem(), "secret"));
        MailImpl mail = own(MESSAGE);

        world.signing("key", "example.com rsa file://conf/encrypted.pem passwordFile=file://conf/password").service(mail);

        assertThat(world.dkim(bytes(mail))).containsExactly("pass example.com rsa");
        assertThatThrownBy(() -> world.signing("key", "example.com rsa file://conf/encrypted.pem password=wrong"))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("conf/encrypted.pem")
                .hasMessageNotContaining("wrong");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "canonicalization | relaxed | canonicalization: found \"relaxed\", expected header/body, each simple or relaxed",
        "canonicalization | relaxed/nofws | canonicalization: found \"relaxed/nofws\", expected header/body, each simple or relaxed",
        "expireIn | soon | expireIn: found \"soon\", expected a duration from PT1S to PT240000H, such as \"10 s\" or \"PT10S\"",
        "timestamp | yes | timestamp: found \"yes\", expected true or false",
        "headers | To:Subject | headers: found To:Subject, expected From among them",
        "headers | From::To | headers: found '', expected the name of a header field",
        "identity | example.com | identity: found example.com, expected [local-part]@domain in visible ASCII",
        "canonicalisation | simple/simple | found an unknown parameter canonicalisation, expected only canonicalization, domain, expireIn, headers, identity, key, keyFile, oversign, password, passwordEnv, passwordFile, selector, sign, timestamp",
    })
    void refusesWrongOptions(String name, String value, String message) {
        assertThatThrownBy(() -> world.signing("key", "example.com rsa " + RSA_FILE, name, value))
                .isInstanceOf(MessagingException.class)
                .hasMessage("mailet SignDkim: " + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "example.com rsa | key: found \"example.com rsa\", expected author-domain selector key-file",
        "example.com rsa file://conf/rsa.pem pass=x | key: found",
        "example.com rsa file://conf/rsa.pem domain=example.com domain=example.com | key: found",
        "example_?.com? rsa | key: found",
        "a..b rsa file://conf/rsa.pem | key: found \"a..b\", expected a domain, *.domain or * as the author's domain",
        "example.com bad;selector file://conf/rsa.pem | key: selector: found 'bad;selector', expected",
        "example.com rsa file://conf/missing.pem | conf/missing.pem: found no such file, expected a private key in PEM",
        "example.com rsa file://conf/rsa.pem domain=a..b | domain: found \"a..b\", expected a domain name",
        "example.com rsa file://conf/rsa.pem passwordEnv=SIGNET_NO_SUCH_VARIABLE | found no environment variable SIGNET_NO_SUCH_VARIABLE",
        "example.com rsa file://conf/rsa.pem password=a passwordFile=b | found more than one, expected only one of password",
    })
    void refusesWrongKeys(String key, String message) {
        assertThatThrownBy(() -> world.signing("key", key))
                .isInstanceOf(MessagingException.class)
                .hasMessageStartingWith("mailet SignDkim: ")
                .hasMessageContaining(message)
                .hasMessageContaining("expected");
    }

    @Test
    void wantsKeysInOneFormOrTheOther() {
        assertThatThrownBy(() -> world.signing()).hasMessageContaining("either some <key>");
        assertThatThrownBy(() -> world.signing("domain", "example.com", "selector", "rsa")).hasMessageContaining("either some <key>");
        assertThatThrownBy(() -> world.signing("key", "example.com rsa " + RSA_FILE, "keyFile", RSA_FILE)).hasMessageContaining("either some <key>");
    }

    /** Of a user with a password. */
    private MailImpl own(String message) throws MessagingException {
        MailImpl mail = world.mail(message);
        mail.setAttribute(Attribute.convertToAttribute(Mail.SMTP_AUTH_USER.asString(), "alice"));
        return mail;
    }
}
