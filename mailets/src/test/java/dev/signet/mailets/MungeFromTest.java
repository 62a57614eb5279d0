// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static dev.signet.mailets.MailWorld.MESSAGE;
import static dev.signet.mailets.MailWorld.RSA;
import static dev.signet.mailets.MailWorld.bytes;
import static dev.signet.mailets.MailWorld.record;
import static dev.signet.mailets.MailWorld.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.InetAddresses;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.RecordType;
import dev.signet.inbound.Connection;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import jakarta.mail.MessagingException;

import java.nio.file.Path;
import java.util.Map;

class MungeFromTest {

    private static final String FROM = "From: Alice <alice@example.com>\r\n";
    private static final String IN_FRONT = """
            From: Alice via Talk <talk@list.example>\r
            X-Original-From: Alice <alice@example.com>\r
            Reply-To: Alice <alice@example.com>\r
            """;

    private static final Connection STRANGER = new Connection(
            InetAddresses.forString("192.0.2.1"), "mail.example.com", "alice@example.com", null, null);
    private static final Connection USER = new Connection(
            InetAddresses.forString("192.0.2.1"), "laptop", "alice@example.com", "alice@example.com", null);

    private final Path directory;
    private final MailWorld world;

    MungeFromTest(@TempDir Path directory) {
        this.directory = directory;
        world = new MailWorld(directory);
    }

    @AfterEach
    void freeMails() {
        world.close();
    }

    @Test
    void aPostWhoseSignatureTheListBrokeLeavesInItsName() throws Exception {
        policy("p=reject");
        MailImpl mail = changedByTheList(world, STRANGER);
        String before = bytes(mail);

        mailet().service(mail);

        assertThat(before).contains("DKIM-Signature:", "[talk] dinner").contains(FROM);
        assertThat(bytes(mail)).isEqualTo(IN_FRONT + before.replace(FROM, ""));
    }

    @Test
    void whatItLeavesAsPassesWithTheSignatureOfTheListWhateverItsPolicy() throws Exception {
        policy("p=reject");
        world.dns.txt("_dmarc.list.example", "v=DMARC1; p=reject; adkim=s").txt("rsa._domainkey.list.example", record(RSA));
        world.write("conf/list.pem", RSA.pem());
        MailImpl mail = changedByTheList(world, STRANGER);

        SignDkim signing = new SignDkim(world.signet);
        signing.init(FakeMailetConfig.builder().mailetName("SignDkim")
                .setProperty("key", "list.example rsa file://conf/list.pem").build());
        mailet().service(mail);
        signing.service(mail);

        assertThat(outside(sent(mail)).status()).isEqualTo(DmarcResult.Status.PASS);
        assertThat(outside(sent(mail)).authorDomain()).hasToString("Optional[list.example]");
    }

    @Test
    void whereTheSignatureHoldsNotAByteChanges() throws Exception {
        policy("p=reject");
        MailImpl mail = arrived(world, STRANGER, MailWorld.signed(MESSAGE));
        String before = bytes(mail);

        mailet().service(mail);

        assertThat(bytes(mail)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "p=reject,              true",
        "p=quarantine,          true",
        "p=none,                false",
        "p=none; sp=reject,     false",
        // For owners who want to know who munges.
        "p=quarantine; pct=0,   true",
        "p=reject; t=y,         true",
        // No policy: broken, and nowhere to report that to.
        "p=rejekt,              false"
    })
    void onlyAStrictPolicyIsAReason(String policy, boolean munged) throws Exception {
        policy(policy);
        MailImpl mail = changedByTheList(world, STRANGER);

        mailet().service(mail);

        assertThat(bytes(mail).startsWith(IN_FRONT)).isEqualTo(munged);
    }

    @Test
    void withoutAPolicyNothingChanges() throws Exception {
        MailImpl mail = changedByTheList(world, STRANGER);
        String before = bytes(mail);

        mailet().service(mail);

        assertThat(bytes(mail)).isEqualTo(before);
    }

    @Test
    void mailOfOurOwnUsersIsMungedUnlessItWillBeSignedForItsAuthor() throws Exception {
        policy("p=reject");
        MailImpl munged = arrived(world, USER, MESSAGE);
        MailImpl exempt = arrived(world, USER, MESSAGE);
        MailImpl without = world.mail(MESSAGE);

        mailet().service(munged);
        mailet("exempt", "example.net, example.com").service(exempt);
        mailet().service(without);

        assertThat(MailWorld.verdict(munged).dmarc()).as("no result on arrival").isEmpty();
        assertThat(bytes(munged)).isEqualTo(IN_FRONT + MESSAGE.replace(FROM, ""));
        assertThat(bytes(exempt)).isEqualTo(MESSAGE);
        assertThat(bytes(without)).as("no verdict at all").startsWith(IN_FRONT);
    }

    @ParameterizedTest
    @CsvSource({
        "list.example,       list.example,       false",
        "LIST.example,       list.example,       false",
        "sub.list.example,   list.example,       true",
        "example.com,        example.com,        false",
        "a.example.com,      *.example.com,      false",
        "example.com,        *.example.com,      true"
    })
    void theDomainOfTheListAndExemptOnesAreLeftAlone(String author, String exempt, boolean munged) throws Exception {
        policy("p=reject");
        world.dns.txt("_dmarc.list.example", "v=DMARC1; p=reject");
        MailImpl mail = world.mail(MESSAGE.replace("alice@example.com", "alice@" + author));

        mailet("exempt", exempt).service(mail);

        assertThat(bytes(mail).startsWith("From: Alice via Talk")).isEqualTo(munged);
    }

    @Test
    void whereTheDnsDoesNotTellTheReaderGetsThePost() throws Exception {
        MailImpl noPolicy = changedByTheList(world, STRANGER);
        world.dns.failing("_dmarc.example.com", RecordType.TXT, "SERVFAIL");
        mailet().service(noPolicy);
        assertThat(bytes(noPolicy)).startsWith(IN_FRONT);
    }

    @ParameterizedTest
    @CsvSource({"p=reject, true", "p=none, false"})
    void whereTheKeyIsNotToBeHadThePolicyDecides(String policy, boolean munged) throws Exception {
        policy(policy);
        MailImpl mail = arrived(world, STRANGER, MailWorld.signed(MESSAGE));
        world.dns.failing("rsa._domainkey.example.com", RecordType.TXT, "timeout");

        mailet().service(mail);

        assertThat(bytes(mail).startsWith(IN_FRONT)).isEqualTo(munged);
    }

    @Test
    void theListDoesNotPutItsNameToWhatCameInAsAForgery() throws Exception {
        policy("p=reject");
        MailImpl forged = arrived(world, STRANGER, MESSAGE);

        mailet().service(forged);

        assertThat(MailWorld.verdict(forged).dmarc().orElseThrow().status()).isEqualTo(DmarcResult.Status.FAIL);
        assertThat(bytes(forged)).isEqualTo(MESSAGE);
    }

    @Test
    void whatWasLetInAlthoughItFailedIsMunged() throws Exception {
        try (MailWorld trusting = new MailWorld(directory, Map.of("dmarc.trusted-networks", "192.0.2.0/24"))) {
            trusting.dns.txt("_dmarc.example.com", "v=DMARC1; p=reject");
            MailImpl forwarded = arrived(trusting, STRANGER, MESSAGE);

            mailet(trusting).service(forwarded);

            assertThat(MailWorld.verdict(forwarded).dmarc().orElseThrow().status()).isEqualTo(DmarcResult.Status.FAIL);
            assertThat(bytes(forwarded)).startsWith(IN_FRONT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "X: no From at all\r\n",
        "From: alice@example.com\r\nFrom: alice@example.com\r\n",
        "From: alice@example.com, bob@example.net\r\n",
        "From: alice@example.com\r\nFrom : Talk <talk@list.example>\r\n",
        "From: Alice <alice@example.com\r\n",
        "From: <@relay.example:alice@example.com>\r\n",
        "From: \"alice@example.com\r\n",
        "From: alice@example.com <\r\n",
        "From: A\u0000lice <alice@example.com>\r\n",
        "From: alice@[192.0.2.1]\r\n",
        "From: nobody:;\r\n",
        "Subject: x\nFrom: ceo@example.com\r\nFrom: alice@example.com\r\n"
    })
    void whoseFromDoesNotNameOneAuthorDomainForCertainIsLeftAlone(String from) throws Exception {
        policy("p=reject");
        world.dns.txt("_dmarc.example.net", "v=DMARC1; p=reject");
        String message = MESSAGE.replace(FROM, from);
        MailImpl mail = world.mail(message);

        mailet().service(mail);

        assertThat(bytes(mail)).isEqualTo(message);
    }

    @Test
    void nothingButTheFieldsThatChangeChanges() throws Exception {
        policy("p=reject");
        String odd = "Received: from a by b\r\nSUBJECT :  odd \r\n\tfolding\r\nX-Empty:\r\nno colon\r\n\r\n8 bit: \u00E9\u00FF \r\n.\r\n\n\r\r\n\r\n";
        MailImpl mail = world.mail(FROM + odd);

        mailet().service(mail);

        assertThat(bytes(mail)).isEqualTo(IN_FRONT + odd);
        assertThat(sent(mail)).isEqualTo(IN_FRONT + odd);
    }

    @Test
    void whatIsDecidedByIsTheMessageAsItWillLeave() throws Exception {
        policy("p=reject");
        MailImpl mail = arrived(world, STRANGER, MailWorld.signed(MESSAGE));
        mail.getMessage().setSubject("[talk] dinner");
        mail.getMessage().saveChanges();

        mailet().service(mail);

        assertThat(sent(mail)).startsWith(IN_FRONT).contains("Subject: [talk] dinner\r\n", "DKIM-Signature:").doesNotContain("\r\n" + FROM);
    }

    @Test
    void onceIsEnough() throws Exception {
        policy("p=reject");
        world.dns.txt("_dmarc.list.example", "v=DMARC1; p=reject");
        MailImpl mail = changedByTheList(world, STRANGER);

        mailet().service(mail);
        String once = bytes(mail);
        mailet().service(mail);

        assertThat(bytes(mail)).isEqualTo(once);
    }

    @Test
    void theAuthorGoesToCcWhereWanted() throws Exception {
        policy("p=reject");
        MailImpl mail = world.mail(MESSAGE);

        mailet("authorTo", "cc", "name", "K\u00F6ln").service(mail);

        assertThat(bytes(mail)).startsWith("From: =?UTF-8?B?QWxpY2UgdmlhIEvDtmxu?= <talk@list.example>\r\n"
                + "X-Original-From: Alice <alice@example.com>\r\nCc: Alice <alice@example.com>\r\nReceived:");
    }

    @Test
    void theListIsCalledByItsLocalPartWhereItHasNoName() throws Exception {
        policy("p=reject");
        MailImpl mail = world.mail(MESSAGE);
        MungeFrom mailet = new MungeFrom(world.signet);
        mailet.init(FakeMailetConfig.builder().mailetName("MungeFrom").setProperty("list", "talk@list.example").build());

        mailet.service(mail);

        assertThat(bytes(mail)).startsWith("From: Alice via talk <talk@list.example>\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', nullValues = "nothing", value = {
        "list | nothing | list: found \"\", expected the address of the list",
        "list | talk | list: found \"talk\", expected an address, talk@list.example",
        "list | Talk <talk@list.example> | list: found \"Talk <talk@list.example>\", expected an address, talk@list.example",
        "list | a@list.example, b@list.example | list: found \"a@list.example, b@list.example\", expected an address, talk@list.example",
        "list | t\u00E4lk@list.example | list: found \"t\u00E4lk@list.example\", expected an address, talk@list.example",
        "list | \"t lk\"@list.example | list: found \"\"t lk\"@list.example\", expected an address, talk@list.example",
        "name | talk@list.example | name: found \"talk@list.example\", expected words of letters and digits, no address, at most 64 characters",
        "name | *** | name: found \"***\", expected words of letters and digits, no address, at most 64 characters",
        "authorTo | sender | authorTo: found \"sender\", expected one of reply-to, cc",
        "exempt | example.com, * | exempt: found *, expected example.com or *.example.com",
        "listName | Talk | found an unknown parameter listName, expected only authorTo, exempt, list, name"
    })
    void aMistakeStopsIt(String name, String value, String message) {
        assertThatThrownBy(() -> mailet(name, value == null ? "" : value))
                .isInstanceOf(MessagingException.class)
                .hasMessage("mailet MungeFrom: " + message);
    }

    @Test
    void withoutDmarcItCannotWork() {
        try (MailWorld off = new MailWorld(directory, Map.of("dmarc", "false"))) {
            assertThatThrownBy(() -> mailet(off))
                    .isInstanceOf(MessagingException.class)
                    .hasMessage("conf/signet.properties: dmarc: found false, expected true: MungeFrom has to ask for policies");
        }
    }

    private void policy(String tags) {
        world.dns.txt("_dmarc.example.com", "v=DMARC1; " + tags);
    }

    /** A mail that the hook has seen. */
    private static MailImpl arrived(MailWorld world, Connection connection, String message) throws Exception {
        MailImpl mail = world.mail(message);
        StoredVerdict.check(world.signet.check(), connection, mail);
        return mail;
    }

    /** A signed post, with the name of the list before its subject. */
    private static MailImpl changedByTheList(MailWorld world, Connection connection) throws Exception {
        String signed = MailWorld.signed(MESSAGE);
        MailImpl mail = arrived(world, connection, signed);
        mail.setMessageContent(MimeMessageInputStreamSource.create(
                mail.getName(), MailWorld.in(signed.replace("Subject: ", "Subject: [talk] "))));
        return mail;
    }

    private DmarcResult outside(String message) {
        return world.signet.check().check(Connection.UNKNOWN, MailWorld.in(message)).dmarc().orElseThrow();
    }

    private MungeFrom mailet(String... parameters) throws MessagingException {
        return mailet(world, parameters);
    }

    private static MungeFrom mailet(MailWorld world, String... parameters) throws MessagingException {
        FakeMailetConfig.Builder config = FakeMailetConfig.builder().mailetName("MungeFrom")
                .setProperty("list", "talk@list.example").setProperty("name", "Talk");
        for (int i = 0; i < parameters.length; i += 2) {
            config.setProperty(parameters[i], parameters[i + 1]);
        }
        MungeFrom mailet = new MungeFrom(world.signet);
        mailet.init(config.build());
        return mailet;
    }
}
