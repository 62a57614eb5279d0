// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static dev.signet.mailets.MailWorld.bytes;
import static dev.signet.mailets.MailWorld.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.InetAddresses;
import dev.signet.inbound.Connection;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.rrt.api.RecipientRewriteTable;
import org.apache.james.rrt.lib.Mapping;
import org.apache.james.rrt.lib.MappingSource;
import org.apache.james.rrt.memory.MemoryRecipientRewriteTable;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailContext.SentMail;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class ListPostTest {

    private static final String POST = """
            Received: from client.example by mx.home.example with SMTP\r
            From: Alice <Alice@Example.com>\r
            To: talk@home.example\r
            Subject: dinner\r
            Message-ID: <1@example.com>\r
            X-Odd :  folded\r
            \t and kept \r
            \r
            Are you hungry?\r
            """;

    private final FakeMailContext james = FakeMailContext.builder().build();
    private final Path directory;
    private final MailWorld world;

    ListPostTest(@TempDir Path directory) {
        this.directory = directory;
        world = new MailWorld(directory);
    }

    @BeforeEach
    void writeFiles() throws IOException {
        world.write("conf/members", """
                # The talkers
                alice@example.com
                bob@home.example   # on holiday

                BOB@home.example
                talk@home.example
                carol@far.example
                """);
        world.write("conf/footer", "--\nThe talk list\n");
        world.write("conf/secret", "0123456789abcdef\n");
    }

    @AfterEach
    void freeMails() {
        world.close();
    }

    @Test
    void aPostGoesToEveryMemberOnceAndKeepsWhatTheListDoesNotChange() throws Exception {
        MailImpl mail = post(POST);

        mailet("subjectPrefix", "[talk]", "footer", "file://conf/footer").service(mail);

        assertThat(mail.getState()).isEqualTo("list");
        assertThat(mail.getMaybeSender().asString()).isEqualTo("talk-bounces@home.example");
        assertThat(mail.getRecipients()).map(MailAddress::asString)
                .containsExactly("alice@example.com", "bob@home.example", "carol@far.example");
        assertThat(bytes(mail)).isEqualTo("""
                X-BeenThere: talk@home.example\r
                Precedence: list\r
                List-Id: <talk.home.example>\r
                List-Post: <mailto:talk@home.example>\r
                List-Help: <mailto:talk-request@home.example?subject=help>\r
                List-Unsubscribe: <mailto:talk-request@home.example?subject=unsubscribe>\r
                Subject: [talk] dinner\r
                Received: from client.example by mx.home.example with SMTP\r
                From: Alice <Alice@Example.com>\r
                To: talk@home.example\r
                Message-ID: <1@example.com>\r
                X-Odd :  folded\r
                \t and kept \r
                \r
                Are you hungry?\r
                --\r
                The talk list\r
                """);
        assertThat(sent(mail)).isEqualTo(bytes(mail));
    }

    @Test
    void theVerdictOfArrivalStaysWithThePost() throws Exception {
        MailImpl mail = post(MailWorld.signed(POST.replace("Alice@Example.com", "alice@example.com")));
        StoredVerdict.check(world.signet.check(), Envelope.of(mail), mail);

        mailet("subjectPrefix", "[talk]", "footer", "file://conf/footer").service(mail);

        assertThat(StoredVerdict.of(mail).orElseThrow().dkim()).singleElement()
                .satisfies(result -> assertThat(result.state().toString()).isEqualToIgnoringCase("pass"));
        assertThat(world.dkim(bytes(mail))).singleElement().asString().isEqualTo("fail example.com rsa");
    }

    @Test
    void everyFieldHasItsParameter() throws Exception {
        MailImpl mail = post(POST);

        mailet("id", "chat.example", "name", "All of us", "sender", "errors@home.example", "processor", "other",
                "help", "https://home.example/help", "unsubscribe", "mailto:leave@home.example,https://home.example/leave",
                "subscribe", "mailto:join@home.example", "owner", "mailto:owner@home.example", "archive", "https://home.example/a")
                .service(mail);

        assertThat(mail.getState()).isEqualTo("other");
        assertThat(mail.getMaybeSender().asString()).isEqualTo("errors@home.example");
        assertThat(bytes(mail)).startsWith("""
                X-BeenThere: talk@home.example\r
                Precedence: list\r
                List-Id: "All of us" <chat.example>\r
                List-Post: <mailto:talk@home.example>\r
                List-Help: <https://home.example/help>\r
                List-Subscribe: <mailto:join@home.example>\r
                List-Owner: <mailto:owner@home.example>\r
                List-Archive: <https://home.example/a>\r
                List-Unsubscribe: <mailto:leave@home.example>,\r
                 <https://home.example/leave>\r
                Received:""");
    }

    @Test
    void membersMayBeAGroupOfJames() throws Exception {
        MailImpl mail = post(POST);
        ListPost mailet = new ListPost(world.signet, tableWith("dan@far.example", "alice@example.com", "talk@home.example"));
        mailet.init(config(Map.of("address", "talk@home.example")));

        mailet.service(mail);

        assertThat(mail.getRecipients()).map(MailAddress::asString).containsExactlyInAnyOrder("dan@far.example", "alice@example.com");
    }

    @Test
    void aPostToAListWithoutMembersIsNotLost() throws Exception {
        ListPost mailet = new ListPost(world.signet, tableWith());
        mailet.init(config(Map.of("address", "talk@home.example", "posting", "everybody", "moderation", "list-moderation")));
        MailImpl mail = post(POST);

        mailet.service(mail);

        assertHandedOver(mail, "list-moderation", "the list has no members");
        assertThat(bytes(mail)).isEqualTo(POST);
    }

    @Test
    void whoForgesAMemberGoesToTheModerator() throws Exception {
        MailImpl forged = postOf("x@evil.example");
        mailet("moderation", "list-moderation").service(forged);
        assertHandedOver(forged, "list-moderation", "nothing that it came in with answers for example.com");
        assertThat(bytes(forged)).isEqualTo(POST);

        MailImpl unverified = world.mail(POST);
        unverified.setRecipients(List.of(new MailAddress("talk@home.example")));
        unverified.setAttribute(Attribute.convertToAttribute(Mail.SMTP_HELO.asString(), "client.example"));
        mailet().service(unverified);
        assertHandedOver(unverified, "error", "nothing is known of how it came in");
    }

    @Test
    void aMemberPostsWhereSomethingAnswersForItsDomainOrNothingNeedsTo() throws Exception {
        MailImpl careless = postOf("x@evil.example");
        mailet("authenticated", "false").service(careless);
        assertThat(careless.getState()).isEqualTo("list");

        world.dns.txt("example.com", "v=spf1 ip4:192.0.2.1 -all");
        MailImpl bySpf = postOf("alice@example.com");
        mailet().service(bySpf);
        assertThat(bySpf.getState()).isEqualTo("list");

        world.dns.txt("_dmarc.example.com", "v=DMARC1; p=none");
        MailImpl byDmarc = postOf("alice@example.com");
        mailet().service(byDmarc);
        assertThat(byDmarc.getState()).isEqualTo("list");
        MailImpl notByDmarc = postOf("x@evil.example");
        mailet().service(notByDmarc);
        assertHandedOver(notByDmarc, "error", "nothing that it came in with answers for example.com");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "From: stranger@example.com|the author is no member of the list",
        "From: alice@example.com\\r\\nFrom: alice@example.com|the author is no member of the list",
        "From: alice@example.com, stranger@example.com|the author is no member of the list",
        "From: alice@example.com <stranger@example.com>|the author is no member of the list",
        "From: stranger <alice@example.com|the author is no member of the list",
        "X-From: alice@example.com|the author is no member of the list",
    })
    void whoIsNoMemberGoesToTheModeratorAsHeCame(String from, String why) throws Exception {
        String message = POST.replace("From: Alice <Alice@Example.com>", from.replace("\\r\\n", "\r\n"));
        MailImpl mail = post(message);

        mailet("moderation", "list-moderation").service(mail);

        assertHandedOver(mail, "list-moderation", why);
        assertThat(bytes(mail)).isEqualTo(message);
    }

    @Test
    void everybodyMayPostWhereTheListSaysSoAndNobodyWhereItIsModerated() throws Exception {
        MailImpl open = post(POST.replace("Alice@Example.com", "stranger@example.com"));
        mailet("posting", "everybody").service(open);
        assertThat(open.getState()).isEqualTo("list");

        MailImpl moderated = post(POST);
        mailet("posting", "nobody").service(moderated);
        assertHandedOver(moderated, "error", "every mail to this list is moderated");
    }

    @Test
    void whatIsTooLargeGoesToTheModerator() throws Exception {
        MailImpl small = post(POST + "x".repeat(1024 - POST.length()));
        MailImpl large = post(POST + "x".repeat(1025 - POST.length()));
        ListPost mailet = mailet("maxSize", "1k");

        mailet.service(small);
        mailet.service(large);

        assertThat(small.getState()).isEqualTo("list");
        assertHandedOver(large, "error", "more than 1024 bytes");
    }

    @Test
    void aHeaderThatNobodyCanLookAtGoesToTheModerator() throws Exception {
        MailImpl mail = post("X: y\r\n".repeat(10_001) + POST);

        mailet("maxSize", "10M").service(mail);

        assertHandedOver(mail, "error", "more than 10000 header fields");
    }

    @Test
    void whatIsAutomaticEndsHereOrWhereTheListSays() throws Exception {
        MailImpl bounce = post(POST);
        bounce.setSender(MailAddress.nullSender());
        mailet().service(bounce);
        assertHandedOver(bounce, Mail.GHOST, "a bounce: it has the null sender");

        MailImpl vacation = post("Auto-Submitted: auto-replied\r\n" + POST);
        mailet("automatic", "robots").service(vacation);
        assertHandedOver(vacation, "robots", "an automatic message: Auto-Submitted");
    }

    @Test
    void aLoopThroughTwoListsEnds() throws Exception {
        ListPost talk = mailet("posting", "everybody", "subjectPrefix", "[talk]");
        ListPost other = mailet("address", "other@home.example", "posting", "everybody", "subjectPrefix", "[other]");
        MailImpl mail = post(POST);

        talk.service(mail);
        mail.setRecipients(List.of(new MailAddress("other@home.example")));
        other.service(mail);
        assertThat(mail.getState()).isEqualTo("list");
        assertThat(bytes(mail)).contains("Subject: [other] [talk] dinner\r\n").doesNotContain("List-Id: <talk.home.example>");
        mail.setRecipients(List.of(new MailAddress("talk@home.example")));
        talk.service(mail);

        assertHandedOver(mail, Mail.GHOST, "a loop: the list has posted it before");
    }

    @Test
    void withOneClickEveryMemberHasACopyThatDiffers() throws Exception {
        MailImpl mail = post(POST);

        mailet("oneClick", "https://home.example/leave?m={member}&t={token}", "oneClickSecret", "file://conf/secret").service(mail);

        assertThat(mail.getState()).isEqualTo(Mail.GHOST);
        List<SentMail> copies = james.getSentMails();
        assertThat(copies).flatExtracting(SentMail::getRecipients).map(Object::toString)
                .containsExactly("alice@example.com", "bob@home.example", "carol@far.example");
        for (SentMail copy : copies) {
            assertThat(copy.getState()).isEqualTo("list");
            assertThat(copy.getSender()).isEqualTo(new MailAddress("talk-bounces@home.example"));
            String member = copy.getRecipients().iterator().next().asString().replace("@", "%40");
            assertThat(copy.getMsg().getHeader("List-Unsubscribe")).singleElement().asString()
                    .startsWith("<https://home.example/leave?m=" + member + "&t=")
                    .endsWith(",\r\n <mailto:talk-request@home.example?subject=unsubscribe>");
            assertThat(copy.getMsg().getHeader("List-Unsubscribe-Post")).containsExactly("List-Unsubscribe=One-Click");
            assertThat(copy.getMsg().getHeader("List-Post")).hasSize(1);
        }
    }

    @Test
    void theMembersOfTomorrowNeedNoRestart() throws Exception {
        world.write("conf/short", "alice@example.com\n");
        assertThat(ListMembers.read(directory.resolve("conf/short")).recipients(new MailAddress("talk@home.example"))).hasSize(1);
        world.write("conf/short", "alice@example.com\r\n#bob@home.example\r\ncarol@far.example # new\r\n");
        assertThat(ListMembers.read(directory.resolve("conf/short")).recipients(new MailAddress("talk@home.example")))
                .map(MailAddress::asString).containsExactly("alice@example.com", "carol@far.example");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "address||address: found \"\", expected the address of the list",
        "address|talk|address: found \"talk\", expected an address such as talk@example.org",
        "address|\"a b\"@home.example|address: found \"\"a b\"@home.example\", expected an address that needs no quotes, such as talk@example.org",
        "sender|@|sender: found \"@\", expected an address such as talk@example.org",
        "posting|strangers|posting: found \"strangers\", expected one of members, everybody, nobody",
        "maxSize|big|maxSize: found \"big\", expected a size such as 512K or 10M",
        "maxSize|0|maxSize: found \"0\", expected a size such as 512K or 10M",
        "maxSize|-1|maxSize: found \"-1\", expected a size such as 512K or 10M",
        "moderation|a b|moderation: found \"a b\", expected the name of a processor",
        "members|conf/members|members: found \"conf/members\", expected the URL of a file, such as file://conf/talk.txt",
        "members|file://conf/missing|members: members file DIR/conf/missing: found no such file, expected an address on each line",
        "members|file://conf/empty|members: members file DIR/conf/empty: found none, expected an address on each line",
        "members|file://conf/footer|members: members file DIR/conf/footer: found \"--\" in line 1, expected an address such as ann@example.org",
        "id|no id|id: found \"no id\", expected a name like that of a domain, such as talk.example.org",
        "name|a \"b\"|name: found \"a \"b\"\", expected up to 200 characters of ASCII without quotes, backslashes and angle brackets",
        "help|ftp://a|help: found \"ftp://a\", expected URIs with commas between them that begin with https:, http: or mailto:",
        "archive|https://a>|archive: found \"https://a>\", expected URIs with commas between them that begin with https:, http: or mailto:",
        "footer|file://conf/missing|footer: footer DIR/conf/missing: found no such file, expected a text in UTF-8 of at most 16384 bytes",
        "footer|file://conf/empty|footer: footer DIR/conf/empty: found nothing, expected a text in UTF-8",
        "footer|file://conf/binary|footer: footer DIR/conf/binary: found what is no text, expected a text in UTF-8",
        "footer|file://conf/wide|footer: footer DIR/conf/wide: found a longer line, expected lines of at most 200 characters",
        "oneClick|https://a/{member}{token}|oneClickSecret: found \"\", expected both oneClick and oneClickSecret, or none of them",
        "oneClickSecret|file://conf/secret|oneClick: found \"\", expected both oneClick and oneClickSecret, or none of them",
        "prefix|[talk]|found an unknown parameter prefix, expected only address, archive, authenticated, automatic, footer, help, id, maxSize, members, "
                + "moderation, name, oneClick, oneClickSecret, owner, posting, processor, sender, subjectPrefix, subscribe, unsubscribe",
    })
    void aMistakeStopsTheMailet(String name, String value, String expected) throws Exception {
        world.write("conf/empty", " \n\n");
        world.write("conf/binary", "\0");
        world.write("conf/wide", "x".repeat(201));

        assertThatThrownBy(() -> mailet(name, value == null ? "" : value))
                .isInstanceOf(MessagingException.class)
                .hasMessage("mailet ListPost: " + expected.replace("DIR", directory.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a/{member}{token}", "https://a/{member}", "https://a/{token}", "https://a b/{member}{token}"})
    void oneClickIsAnHttpsUrlThatNamesTheMember(String url) {
        assertThatThrownBy(() -> mailet("oneClick", url, "oneClickSecret", "file://conf/secret"))
                .hasMessageStartingWith("mailet ListPost: oneClick: found \"" + url + "\", expected an https URL");
    }

    @Test
    void aSecretThatIsTooShortIsNone() throws Exception {
        world.write("conf/short", "0123456789abcde\n");
        assertThatThrownBy(() -> mailet("oneClick", "https://a/{member}{token}", "oneClickSecret", "file://conf/short"))
                .hasMessage("mailet ListPost: oneClickSecret: secret " + directory.resolve("conf/short")
                        + ": found 15 characters in 1 lines, expected one line of at least 16");
    }

    private static void assertHandedOver(Mail mail, String processor, String why) {
        assertThat(mail.getState()).isEqualTo(processor);
        assertThat(mail.getErrorMessage()).isEqualTo(why);
        assertThat(mail.getRecipients()).map(MailAddress::asString).containsExactly("talk@home.example");
    }

    /** Of a user with a password. */
    private MailImpl post(String message) throws MessagingException {
        MailImpl mail = world.mail(message);
        mail.setRecipients(List.of(new MailAddress("talk@home.example")));
        mail.setAttribute(Attribute.convertToAttribute(Mail.SMTP_AUTH_USER.asString(), "alice"));
        return mail;
    }

    /** Of a stranger with this envelope sender. */
    private MailImpl postOf(String sender) throws MessagingException, IOException {
        MailImpl mail = world.mail(POST);
        mail.setRecipients(List.of(new MailAddress("talk@home.example")));
        StoredVerdict.check(
                world.signet.check(), new Connection(InetAddresses.forString("192.0.2.1"), "client.example", sender, null, null), mail);
        return mail;
    }

    private ListPost mailet(String... parameters) throws MessagingException {
        Map<String, String> all = new LinkedHashMap<>(Map.of("address", "talk@home.example", "members", "file://conf/members"));
        for (int i = 0; i < parameters.length; i += 2) {
            all.put(parameters[i], parameters[i + 1]);
        }
        ListPost mailet = new ListPost(world.signet, tableWith(), () -> "boundary");
        mailet.init(config(all));
        return mailet;
    }

    private FakeMailetConfig config(Map<String, String> parameters) {
        FakeMailetConfig.Builder config = FakeMailetConfig.builder().mailetName("ListPost").mailetContext(james);
        parameters.forEach(config::setProperty);
        return config.build();
    }

    private static RecipientRewriteTable tableWith(String... members) {
        MemoryRecipientRewriteTable table = new MemoryRecipientRewriteTable();
        MappingSource list = MappingSource.fromUser("talk", Domain.of("home.example"));
        table.addMapping(list, Mapping.alias("somebody@else.example"));
        table.addMapping(MappingSource.fromUser("other", Domain.of("home.example")), Mapping.group("somebody@else.example"));
        for (String member : members) {
            table.addMapping(list, Mapping.group(member));
        }
        return table;
    }
}
