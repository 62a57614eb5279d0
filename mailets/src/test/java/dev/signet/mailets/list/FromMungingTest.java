// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.mailets.list.FromMunging.AuthorTo;
import dev.signet.message.AuthorDomain;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.Mailbox;
import dev.signet.message.MailboxList;
import dev.signet.message.MessageLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import jakarta.mail.internet.MimeUtility;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Headers in, fields out. */
class FromMungingTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "Alice <alice@example.com>                      | Alice via Talk <talk@list.example>",
        "alice@example.com                              | alice via Talk <talk@list.example>",
        "alice@example.com (Alice)                      | alice via Talk <talk@list.example>",
        "\"Alice B.\" <alice@example.com>               | \"Alice B. via Talk\" <talk@list.example>",
        "\"A \\\"x\\\" <b@c>\" <alice@example.com>      | \"A \\\"x\\\" <b> via Talk\" <talk@list.example>",
        "\"ceo@bank.example\" <alice@example.com>       | ceo via Talk <talk@list.example>",
        "\"@bank.example\" <alice@example.com>          | alice via Talk <talk@list.example>",
        "\"ceo@bank.example\"@example.com               | ceo via Talk <talk@list.example>",
        "\"@\"@example.com                              | Talk <talk@list.example>",
        "=?utf-8?q?J=C3=BCrgen?= <j@example.com>        | =?UTF-8?B?SsO8cmdlbiB2aWEgVGFsaw==?= <talk@list.example>",
        "A <a@example.com>, b@example.com, =?x?q?C?= <c@example.com> | \"A, b, c via Talk\" <talk@list.example>",
        "Us: a@example.com, B <b@example.com>;          | \"a, B via Talk\" <talk@list.example>",
        "\u00C3\u00A9ve <e@example.com>                 | =?UTF-8?B?w6l2ZSB2aWEgVGFsaw==?= <talk@list.example>",
        "\u00C3\u00A9ve@example.com                     | =?UTF-8?B?w6l2ZSB2aWEgVGFsaw==?= <talk@list.example>",
        "Talk via Talk <a@example.com>                  | Talk via Talk via Talk <talk@list.example>"
    })
    void theNameGoesBeforeTheAddressOfTheList(String from, String munged) {
        assertThat(edit(AuthorTo.REPLY_TO, header("From: " + from + "\r\n")).inFront().getFirst()).hasToString("From: " + munged);
    }

    @Test
    void theOriginalFieldIsKeptByteForByteUnderAnotherName() {
        String from = ":\tAlice\r\n\t(x)  <alice@example.com> \r\n";

        String munged = munged(AuthorTo.REPLY_TO, "X-Original-From: forged@example.net\r\nfrom " + from + "X: y\r\n");

        assertThat(munged.replaceFirst("From: Alice via Talk <talk@list.example>\r\n", ""))
                .isEqualTo("X-Original-From" + from + "Reply-To: Alice <alice@example.com>\r\n" + "X: y\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', nullValues = "nothing", value = {
        // configured | what was there                               | what is there then
        "REPLY_TO     | nothing                                      | Reply-To: Al <a@example.com>",
        "REPLY_TO     | Reply-To: b@example.net                      | Reply-To: b@example.net,~ Al <a@example.com>",
        "REPLY_TO     | REPLY-TO :B  <b@example.net>                 | Reply-To:B  <b@example.net>,~ Al <a@example.com>",
        "REPLY_TO     | Reply-To: Us:b@c.example;                    | Reply-To: Us:b@c.example;,~ Al <a@example.com>",
        "REPLY_TO     | Reply-To: b@c.example, \"A\" <A@EXAMPLE.com> | Reply-To: b@c.example, \"A\" <A@EXAMPLE.com>",
        "REPLY_TO     | Reply-To: talk@list.example                  | Reply-To: talk@list.example,~ Al <a@example.com>",
        "REPLY_TO     | Cc: c@c.example                              | Reply-To: Al <a@example.com>~Cc: c@c.example",
        "CC           | nothing                                      | Cc: Al <a@example.com>",
        "CC           | Cc: c@c.example~Reply-To: talk@list.example  | Cc: c@c.example,~ Al <a@example.com>~Reply-To: talk@list.example",
        "CC           | To: talk@list.example, a@example.com         | To: talk@list.example, a@example.com",
        "CC           | Cc: a@example.com                            | Cc: a@example.com",
        // What cannot be read for certain stays, and the author goes to the other field.
        "REPLY_TO     | Reply-To: nobody                             | Cc: Al <a@example.com>~Reply-To: nobody",
        "REPLY_TO     | Reply-To: b@c.example~Reply-To: d@c.example  | Cc: Al <a@example.com>~Reply-To: b@c.example~Reply-To: d@c.example",
        "REPLY_TO     | Reply-To: nobody~Cc: <                       | Reply-To: nobody~Cc: <",
        "CC           | Cc: \u00E9@c.example                         | Reply-To: Al <a@example.com>~Cc: \u00E9@c.example"
    })
    void theAuthorIsAddedWhereAnswersGo(AuthorTo where, String before, String after) {
        String others = before == null ? "" : before.replace("~", "\r\n") + "\r\n";

        assertThat(munged(where, "From: Al <a@example.com>\r\n" + others)).isEqualTo(
                "From: Al via Talk <talk@list.example>\r\nX-Original-From: Al <a@example.com>\r\n" + after.replace("~", "\r\n") + "\r\n");
    }

    @Test
    void anAddressThatNoServerTakesIsNoAnswersAddress() {
        String endless = "a".repeat(300) + "@example.com";

        assertThat(munged(AuthorTo.REPLY_TO, "From: " + endless + "\r\n")).isEqualTo(
                "From: " + "a".repeat(64) + " via Talk\r\n <talk@list.example>\r\nX-Original-From: " + endless + "\r\n");
    }

    @Test
    void aLineThatWasAsLongAsMayBeIsFolded() {
        String from = " \"" + "a".repeat(971) + "\" <a@x.example>";

        assertThat(("From:" + from).length()).isEqualTo(993);
        assertThat(munged(AuthorTo.REPLY_TO, "From:" + from + "\r\n")).contains("X-Original-From:\r\n" + from + "\r\n");
    }

    /** Whatever a stranger calls himself, what leaves names the list and nobody else, in lines that every server takes. */
    @ParameterizedTest
    @EnumSource(AuthorTo.class)
    void hostileNamesMakeNoOtherAuthor(AuthorTo where) throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed of hostile names: " + seed);
        Random random = new Random(seed);
        List<String> pieces = List.of(
                "a", "Bob ", "\\\"", "\\\\", "<", ">", "@", "@bank.example", ",", ";", ":", "(", ")", "[", "]", ".", "\t", "\r\n ", "=?", "?=",
                "=?utf-8?q?=40?=", "=?utf-8?b?QGJhbms=?=", "=?iso-2022-jp?b?GyRC?=", "=?utf-7?q?+AEA-?=", "=?utf-8?q?=0D=0AFrom:_x?=",
                "=?utf-8?q?=E2=80=AE?=", " ", "via ", "\u00E2\u0080\u00AE", "\u00EF\u00BC\u00A0", "\u00F0\u009F\u00A6\u0084", "\u00CC\u0081");
        int munged = 0;
        for (int i = 0; i < 5_000; i++) {
            StringBuilder name = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                name.append(pieces.get(random.nextInt(pieces.size())));
            }
            HeaderBlock header = header("From: \"" + name + "\" <a@example.com>\r\n");
            if (AuthorDomain.of(header) instanceof AuthorDomain.One) {
                munged++;
                List<HeaderField> fields = edit(where, header).inFront();
                String from = fields.getFirst().body();
                assertThat(fields.getFirst().toString()).as(name.toString()).matches("(?:[ -~]|\r\n )+");
                assertThat(fields.getFirst().toString().split("\r\n")).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(998));
                assertThat(mailboxes(from)).as(from).singleElement().satisfies(mailbox -> {
                    assertThat(mailbox.address()).isEqualTo("talk@list.example");
                    assertThat(MimeUtility.decodeText(mailbox.displayName())).doesNotContain("@", "\uFF20", "\u202E", "=?").endsWith("Talk");
                });
                assertThat(mailboxes(fields.getLast().body())).as(fields.getLast().toString()).singleElement().extracting(Mailbox::address)
                        .isEqualTo("a@example.com");
            }
        }
        assertThat(munged).as("names that were no nonsense").isGreaterThan(500);
    }

    /** The header that comes of one. */
    private static String munged(AuthorTo where, String fields) {
        HeaderBlock header = header(fields);
        MessageEdit edit = edit(where, header);
        StringBuilder after = new StringBuilder();
        edit.inFront().forEach(field -> after.append(field).append("\r\n"));
        header.fields().stream().filter(edit.removed().negate()).forEach(field -> after.append(field).append("\r\n"));
        return after.toString();
    }

    private static MessageEdit edit(AuthorTo where, HeaderBlock header) {
        return new FromMunging(ListAddress.parse("talk@list.example").orElseThrow(), "Talk", where).edit(header);
    }

    private static HeaderBlock header(String fields) {
        byte[] bytes = fields.getBytes(StandardCharsets.ISO_8859_1);
        return HeaderBlock.parse(bytes, bytes.length, MessageLimits.DEFAULT);
    }

    private static List<Mailbox> mailboxes(String body) {
        return switch (MailboxList.parse(body)) {
            case MailboxList.Parse.Sound(List<Mailbox> sound) -> sound;
            case MailboxList.Parse.Malformed(String reason) -> throw new AssertionError(reason + ": " + body);
        };
    }
}
