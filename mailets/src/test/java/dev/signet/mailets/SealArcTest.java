// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static dev.signet.mailets.MailWorld.ED25519;
import static dev.signet.mailets.MailWorld.ID;
import static dev.signet.mailets.MailWorld.MESSAGE;
import static dev.signet.mailets.MailWorld.RSA;
import static dev.signet.mailets.MailWorld.bytes;
import static dev.signet.mailets.MailWorld.queue;
import static dev.signet.mailets.MailWorld.sent;
import static dev.signet.mailets.MailWorld.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.arc.ArcResult;
import dev.signet.arc.ArcState;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.inbound.Connection;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
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
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

class SealArcTest {

    private static final String FILE = "file://conf/rsa.pem";
    private static final String FORGED = "Authentication-Results: " + ID + "; dmarc=pass header.from=bank.example; arc=none\r\n";

    private final MailWorld world;
    private final VerifyMail border;

    SealArcTest(@TempDir Path directory) throws MessagingException {
        world = new MailWorld(directory);
        border = new VerifyMail(world.signet, world.failures);
        border.init(FakeMailetConfig.builder().mailetName("VerifyMail").build());
        world.dns.txt("arc._domainkey.list.example", MailWorld.record(RSA));
        world.dns.txt("example.com", "v=spf1 ip4:192.0.2.1 -all");
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
    void testifiesWhatArrivedAndSignsWhatLeaves() throws Exception {
        MailImpl mail = world.mail(signed(MESSAGE));
        border.service(mail);
        change(mail);

        seal().service(mail);
        queue(mail);

        ArcResult chain = chain(sent(mail));
        assertThat(chain.state()).as(chain.reason()).isEqualTo(ArcState.PASS);
        assertThat(chain.sealers()).extracting(DomainName::ascii).containsExactly("list.example");
        assertThat(bytes(mail)).startsWith("ARC-Seal:");
        assertThat(testimony(mail)).startsWith(" i=1; " + ID + ";").contains("dkim=pass", "header.d=example.com", "spf=pass", "arc=none");
        assertThat(world.dkim(sent(mail))).as("the list broke it").containsExactly("fail example.com rsa");
    }

    @Test
    void countsOnAndSaysWhatBecameOfTheChain() throws Exception {
        String once = sealedOnce(signed(MESSAGE));
        MailImpl mail = world.mail(once);
        border.service(mail);
        change(mail);

        seal().service(mail);

        ArcResult chain = chain(sent(mail));
        assertThat(chain.state()).as(chain.reason()).isEqualTo(ArcState.PASS);
        assertThat(chain.instances()).isEqualTo(2);
        assertThat(chain.oldestPass()).isEqualTo(2);
        assertThat(bytes(mail)).contains("cv=pass;");
        assertThat(testimony(mail)).contains("arc=pass");
    }

    @Test
    void sealsAChainThatArrivesBrokenOnceAndNeverAgain() throws Exception {
        MailImpl mail = world.mail(sealedOnce(MESSAGE).replace("hungry", "angry"));
        border.service(mail);
        seal().service(mail);
        String failed = sent(mail);
        assertThat(failed).startsWith("ARC-Seal:").contains("cv=fail;").contains("i=2;");
        assertThat(chain(failed).state()).isEqualTo(ArcState.FAIL);

        MailImpl again = world.mail(failed);
        border.service(again);
        String arrived = bytes(again);
        seal().service(again);

        assertThat(bytes(again)).isEqualTo(arrived);
    }

    @Test
    void doesNotSealAChainThatBrokeHere() throws Exception {
        MailImpl mail = world.mail(sealedOnce(MESSAGE));
        border.service(mail);
        mail.getMessage().removeHeader("ARC-Seal");
        String changed = sent(mail);

        seal().service(mail);

        assertThat(sent(mail)).isEqualTo(changed);
    }

    @Test
    void doesNotCondemnAChainForASilentNameServer() throws Exception {
        world.dns.failing("arc._domainkey.list.example", RecordType.TXT, "SERVFAIL");
        MailImpl mail = world.mail(sealedOnce(MESSAGE));
        border.service(mail);
        String arrived = bytes(mail);
        assertThat(arrived).contains("arc=temperror");

        seal().service(mail);

        assertThat(bytes(mail)).isEqualTo(arrived);
    }

    @Test
    void holdsWhicheverOfSealAndSignatureComesFirst() throws Exception {
        SignDkim sign = new SignDkim(world.signet);
        sign.init(config("SignDkim", "key", "* arc " + FILE + " domain=list.example"));
        for (List<GenericMailet> order : List.of(List.of(seal(), sign), List.of(sign, seal()), List.of(sign, seal(), sign))) {
            MailImpl mail = world.mail(signed(MESSAGE));
            border.service(mail);
            change(mail);

            for (GenericMailet mailet : order) {
                mailet.service(mail);
                queue(mail);
            }

            assertThat(chain(sent(mail)).state()).as("%s", order).isEqualTo(ArcState.PASS);
            assertThat(world.dkim(sent(mail))).contains("pass list.example arc").endsWith("fail example.com rsa")
                    .filteredOn(result -> result.endsWith("arc")).allMatch("pass list.example arc"::equals);
        }
    }

    /** An address with an umlaut and a HELO name with one: James makes question marks of them, before or after sealing. */
    @Test
    void sealsInAsciiWhatJamesWritesInAscii() throws Exception {
        MailImpl mail = world.mail(MESSAGE.replace("dinner", "d\u00c3\u00aener").replace("hungry", "h\u00fcngry"));
        Connection client = new Connection(InetAddress.getByName("192.0.2.1"), "m\u00c3\u00bcx.example", "j\u00c3\u00bcrgen@example.com",
                null, null);
        StoredVerdict.check(world.signet.check(), client, mail);
        assertThat(MailWorld.verdict(mail).authenticationResults(ID).toField().toString()).contains("\u00c3");
        queue(mail);
        border.service(mail);

        seal().service(mail);
        queue(mail);

        ArcResult chain = chain(sent(mail));
        assertThat(chain.state()).as(chain.reason()).isEqualTo(ArcState.PASS);
        assertThat(testimony(mail)).contains("??").contains("@example.com");
    }

    @Test
    void sealsAMessageThatJamesGivesAnIdAndADate() throws Exception {
        MailImpl mail = world.mail(MESSAGE.replaceFirst("Date: .*\r\n", "").replaceFirst("Message-ID: .*\r\n", ""));
        border.service(mail);
        change(mail);
        mail.getMessage().setHeader("Message-ID", "<made@home.example>");
        queue(mail);

        seal().service(mail);

        assertThat(chain(sent(mail)).state()).isEqualTo(ArcState.PASS);
    }

    @Test
    void sealsWhatAMailetSentOnByTheFieldOfOurBorder() throws Exception {
        MailImpl mail = sentOn(FORGED + signed(MESSAGE));

        border.service(mail);
        seal().service(mail);

        assertThat(chain(sent(mail)).state()).isEqualTo(ArcState.PASS);
        assertThat(testimony(mail)).contains("dkim=pass", "header.d=example.com", "spf=pass", "arc=none").doesNotContain("bank");
        assertThat(bytes(mail)).containsOnlyOnce("\r\nAuthentication-Results: ");
    }

    @Test
    void verifiesMailThatJamesWroteAndKeepsNoVerdictOfAnother() throws Exception {
        MailImpl bounce = world.mail(MESSAGE.replace("1@example.com", "bounce@home.example"));
        MailImpl original = world.mail(signed(MESSAGE));
        border.service(original);
        original.attributes().forEach(bounce::setAttribute);
        bounce.setAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE);

        border.service(bounce);
        seal().service(bounce);

        assertThat(testimony(bounce)).contains("dkim=none", "arc=none").doesNotContain("spf=", "dmarc=");
    }

    @Test
    void leavesAloneWhatJamesWroteItself() throws Exception {
        MailImpl bounce = sentOn(MESSAGE.replaceFirst("Received: .*\r\n", ""));
        border.service(bounce);
        String before = sent(bounce);

        seal().service(bounce);

        assertThat(sent(bounce)).isEqualTo(before);
    }

    private static final List<String> FORGERIES = List.of(
            FORGED,
            FORGED.toUpperCase(Locale.ROOT),
            "Authentication-Results: " + ID + "(.bank.example; dmarc=pass header.from=bank.example; arc=none\r\n",
            "Authentication-Results: \"" + ID + "\" 1;\r\n\tdmarc=pass header.from=bank.example; arc=none\r\n",
            "Subject: hidden\rAuthentication-Results: " + ID + "; dmarc=pass header.from=bank.example; arc=none\r\n");

    /** What nobody can set who sends mail is the attribute; what each of them can write is the field. */
    @ParameterizedTest
    @ValueSource(strings = {"stranger", "user", "jmap", "this machine"})
    void aForgedFieldNeverReachesASealWhoeverSends(String attacker) throws Exception {
        MailImpl mail = world.mail(String.join("", FORGERIES) + FORGED + MESSAGE + FORGED);
        switch (attacker) {
            case "stranger" -> mail.setAttribute(text(Mail.SMTP_HELO.asString(), "mx.evil.example"));
            case "user" -> mail.setAttribute(text(Mail.SMTP_AUTH_USER.asString(), "eve@home.example"));
            case "jmap" -> {
                mail.setRemoteAddr("127.0.0.1");
                mail.setAttribute(text("org.apache.james.jmap.send.MailMetaData.username", "eve@home.example"));
            }
            default -> mail.setRemoteAddr("127.0.0.1");
        }
        border.service(mail);
        seal().service(mail);
        assertThat(testimony(mail)).contains("dkim=none").doesNotContainIgnoringCase("bank");

        MailImpl sentOn = asAMailetSendsItOn(mail);
        border.service(sentOn);
        seal().service(sentOn);
        assertThat(header(sent(sentOn))).doesNotContainIgnoringCase("bank").contains("i=1;");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sealsNothingThatNobodyVerified(boolean sentByMailet) throws Exception {
        MailImpl mail = world.mail(FORGED + MESSAGE);
        if (sentByMailet) {
            // There is no VerifyMail in this James: then our field is anybody's.
            mail.setAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE);
        }

        seal().service(mail);

        assertThat(bytes(mail)).isEqualTo(FORGED + MESSAGE);
    }

    @ParameterizedTest
    @CsvSource({
        "list.example,       lists",
        "LIST.example,       lists",
        "a.list.example,     below",
        "example.com,        rest",
        "'',                 rest",
    })
    void choosesTheKeyByTheDomainThatSends(String sender, String selector) throws Exception {
        MailImpl mail = world.mail(MESSAGE);
        mail.setSender(sender.isEmpty() ? null : new MailAddress("bounces", sender));
        border.service(mail);

        seal("key", "list.example lists " + FILE + ", *.list.example below " + FILE + ", * rest " + FILE + " domain=home.example").service(mail);

        assertThat(bytes(mail)).contains("s=" + selector + ";");
    }

    @Test
    void leavesMailAloneForWhoseSenderThereIsNoKey() throws Exception {
        MailImpl mail = world.mail(MESSAGE);
        border.service(mail);
        String verified = bytes(mail);

        seal("key", "list.example lists " + FILE).service(mail);

        assertThat(bytes(mail)).isEqualTo(verified);
    }

    @Test
    void coversTheFieldsItIsTold() throws Exception {
        MailImpl mail = world.mail(MESSAGE);
        border.service(mail);

        seal("key", "* arc " + FILE + " domain=list.example", "headers", "From : Subject:From").service(mail);

        assertThat(bytes(mail)).contains("h=From:Subject:From;");
        assertThat(chain(sent(mail)).state()).isEqualTo(ArcState.PASS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n", "\r\n\r\nbody only", "no header at all", "From: a\r\nFrom: b\r\n\r\n", "ARC-Seal: i=1\r\n\r\n"})
    void neverThrowsForWhatAMessageHolds(String message) throws Exception {
        MailImpl mail = world.mail(message);
        border.service(mail);

        seal().service(mail);

        assertThat(bytes(mail)).endsWith(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "* arc file://conf/rsa.pem | key: found \"* arc\", expected domain= behind it: others do not publish our key",
        "list.example arc file://conf/ed.pem | key: found \"list.example arc, Ed25519\", expected a key for RSA: others know no other seals",
        "list.example a file://conf/rsa.pem, LIST.example b file://conf/rsa.pem | key: found \"list.example b\", expected one key for list.example: a set has one seal",
        "a..b arc file://conf/rsa.pem | key: found \"a..b\", expected a domain, *.domain or * as the sender's domain",
        "list.example arc | key: found \"list.example arc\", expected sender-domain selector key-file [domain=...] [password=...",
    })
    void refusesKeysThatWouldBreakChains(String key, String message) {
        assertThatThrownBy(() -> seal("key", key)).isInstanceOf(MessagingException.class)
                .hasMessageStartingWith("mailet SealArc: " + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "headers | To:Subject | headers: found To:Subject, expected From among them",
        "headers | From:ARC-Seal | headers: found ARC-Seal, which an ARC-Message-Signature must not cover (RFC 8617 §4.1.2)",
        "header | From | found an unknown parameter header, expected only domain, headers, key, keyFile, password, passwordEnv, passwordFile, selector",
    })
    void refusesWrongOptions(String name, String value, String message) {
        assertThatThrownBy(() -> seal("key", "list.example arc " + FILE, name, value))
                .isInstanceOf(MessagingException.class)
                .hasMessage("mailet SealArc: " + message);
    }

    private SealArc seal() throws MessagingException {
        return seal("domain", "list.example", "selector", "arc", "keyFile", FILE);
    }

    private SealArc seal(String... parameters) throws MessagingException {
        SealArc mailet = new SealArc(world.signet);
        mailet.init(config("SealArc", parameters));
        return mailet;
    }

    private static FakeMailetConfig config(String name, String... parameters) {
        FakeMailetConfig.Builder config = FakeMailetConfig.builder().mailetName(name);
        for (int i = 0; i < parameters.length; i += 2) {
            config.setProperty(parameters[i], parameters[i + 1]);
        }
        return config.build();
    }

    /** What a list does. */
    private static void change(MailImpl mail) throws MessagingException {
        mail.getMessage().setSubject("[list] " + mail.getMessage().getSubject());
        mail.getMessage().saveChanges();
        queue(mail);
    }

    private String sealedOnce(String message) throws Exception {
        MailImpl mail = world.mail(message);
        border.service(mail);
        seal().service(mail);
        return sent(mail);
    }

    /** From a stranger by way of the border and a mailet such as Resend, to where VerifyMail sees it for the second time. */
    private MailImpl sentOn(String message) throws Exception {
        MailImpl mail = world.mail(message);
        mail.setAttribute(text(Mail.SMTP_HELO.asString(), "client.example.com"));
        border.service(mail);
        return asAMailetSendsItOn(mail);
    }

    private MailImpl asAMailetSendsItOn(MailImpl mail) throws Exception {
        change(mail);
        MailImpl sentOn = world.mail(sent(mail));
        sentOn.setRemoteAddr("192.0.2.99");
        sentOn.setAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE);
        return sentOn;
    }

    private static Attribute text(String name, String value) {
        return Attribute.convertToAttribute(name, value);
    }

    private ArcResult chain(String message) {
        return world.signet.check().check(Connection.UNKNOWN, MailWorld.in(message)).arc();
    }

    /** The newest ARC-Authentication-Results, unfolded. */
    private static String testimony(Mail mail) throws Exception {
        String unfolded = header(sent(mail)).replaceAll("\r\n[ \t]", " ");
        return unfolded.lines().filter(line -> line.startsWith("ARC-Authentication-Results:")).findFirst().orElseThrow()
                .substring("ARC-Authentication-Results:".length());
    }

    private static String header(String message) {
        return message.substring(0, message.indexOf("\r\n\r\n"));
    }
}
