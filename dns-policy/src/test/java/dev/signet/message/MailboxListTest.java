// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.DomainName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class MailboxListTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', value = {
        "a@b.example                                   | ``                  | a         | a@b.example",
        " a@B.Example                                  | ``                  | a         | a@b.example",
        "<a.b+c=d@e.example>                           | ``                  | a.b+c=d   | a.b+c=d@e.example",
        "Mary Smith <mary@x.test>                      | Mary Smith          | mary      | mary@x.test",
        "John Q. Public <j@x.test>                     | John Q. Public      | j         | j@x.test",
        "`\"Giant; \\\"Big\\\" Box\" <s@x.test>`       | Giant; \"Big\" Box  | s         | s@x.test",
        "`\"ceo@bank.example\" <x@evil.example>`       | ceo@bank.example    | x         | x@evil.example",
        "`\"a@b\"@c.example`                           | ``                  | a@b       | `\"a@b\"@c.example`",
        "`\"x y\"@c.example`                           | ``                  | x y       | `\"x y\"@c.example`",
        "`\"x\\\"y\"@c.example`                        | ``                  | x\"y      | `\"x\\\"y\"@c.example`",
        "`\"plain\"@c.example`                         | ``                  | plain     | plain@c.example",
        "Pete(A nice \\) chap) <pete(his (nested) account)@silly.test(his host)> | Pete | pete | pete@silly.test",
        "(c) a (c) @ (c) b.example (c)                 | ``                  | a         | a@b.example",
        "a@bank.example(.evil.example)                 | ``                  | a         | a@bank.example",
        "=?utf-8?q?ceo=40bank.example?= <x@evil.example> | =?utf-8?q?ceo=40bank.example?= | x | x@evil.example",
        "a@b.example.                                  | ``                  | a         | a@b.example",
        "a@xn--bcher-kva.example                       | ``                  | a         | a@xn--bcher-kva.example",
    })
    void readsOneMailbox(String body, String displayName, String localPart, String address) {
        assertThat(sound(body)).hasSize(1).first().satisfies(mailbox -> {
            assertThat(mailbox.displayName()).isEqualTo(displayName);
            assertThat(mailbox.localPart()).isEqualTo(localPart);
            assertThat(mailbox.address()).isEqualTo(address);
        });
    }

    @Test
    void readsFoldingBetweenAndInsideWords() {
        assertThat(sound("\r\n \"Mary\r\n  Smith\"\r\n\t<mary@x.test>\r\n ,\r\n <a@b.example>")).containsExactly(
                new Mailbox("Mary  Smith", "mary", DomainName.of("x.test")), new Mailbox("", "a", DomainName.of("b.example")));
    }

    @Test
    void readsUtf8InNamesLocalPartsAndDomains() {
        assertThat(sound(Utf8.encode("Jürgen <jürgen@bücher.example>"))).containsExactly(
                new Mailbox(Utf8.encode("Jürgen"), Utf8.encode("jürgen"), DomainName.of("xn--bcher-kva.example")));
        // UTS #46 maps the ideographic full stop and fullwidth letters; nobody's idea of the domain differs.
        assertThat(sound(Utf8.encode("a@ｂank。example"))).extracting(Mailbox::domain).containsExactly(DomainName.of("bank.example"));
        // A fullwidth at sign is a letter of the name, not an at sign.
        assertThat(sound(Utf8.encode("ceo＠bank.example <x@evil.example>"))).extracting(Mailbox::address).containsExactly("x@evil.example");
    }

    @Test
    void readsGroups() {
        assertThat(sound("undisclosed:;")).isEmpty();
        assertThat(sound("undisclosed recipients: (nobody) ; (c)")).isEmpty();
        assertThat(sound("\"A. Group\":Ed <ed@x.test>, joe@y.test;, z@z.test")).extracting(Mailbox::address)
                .containsExactly("ed@x.test", "joe@y.test", "z@z.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "(c)", ",", "a@b.example,", ",a@b.example", "a@b.example,,c@d.example", "a", "a b", "@", "a@", "@b.example", "a@b@c.example",
        "a.@b.example", ".a@b.example", "a..b@c.example", "a b@c.example", "a@b..c", "a@b.example c", "a@-\0",
        "<a@b.example", "a@b.example>", "<<a@b.example>>", "<>", "x <>", "<a@b.example> <c@d.example>", "<a@b.example> c@d.example",
        "x <a@b.example> y", "a@b.example <c@d.example>", "Foo, Inc. <a@b.example>", "[x] <a@b.example>", ".x <a@b.example>",
        // Source routes, and dots with white space around them.
        "<@x.example:a@b.example>", "<@x.example,@y.example:a@b.example>", "a . b@c.example", "a@b . example", "a.(c)b@c.example",
        "a@b(c).example", "\"a\".b@c.example", "a.\"b\"@c.example", "\"a\" \"b\"@c.example", "\"a\"b@c.example",
        "a@[192.0.2.1]", "<a@[IPv6:2001:db8::1]>", "a@b!c", "a@b/c.example", "a@b%c.example",
        "x:", "x: a@b.example", "x:y:a@b.example;;", "x:a@b.example;;", ":;", "<a@b.example>:;", "a@b.example:;", ";", "x:;y",
        "\"a@b.example", "\"a\" <b@c.example> (", "(a@b.example", "a@b.example)", "a@b.example (\\", "\"\\",
        // What a decoder would make of them: Mailsploit.
        "=?utf-8?q?a=40bank.example?=@evil.example", "\"=?utf-8?q?a=40bank.example?=\"@evil.example",
        "=?utf-8?b?Y2VvQGJhbmsuZXhhbXBsZQ==?=",
        // Bytes that no field has.
        "a@b.example\0", "\"\0\" <a@b.example>", "a@b.example (\0)", "a\u007F@b.example", "a@b.example\r", "a@b.example\n", "a@b.example\r\n",
        "x\r<a@b.example>", "x\n <a@b.example>", "\"x\ry\" <a@b.example>", "x\r\n<a@b.example>", "x\r\n \r\n <a@b.example>",
        "\u00FC@b.example", "\"\u00C3\" <a@b.example>", "a@b\u00FC.example", "a@\u00E2\u0080\u00AEb.example"})
    void refusesWhatTwoReadersCouldReadDifferently(String body) {
        assertThat(MailboxList.parse(body)).isInstanceOf(MailboxList.Parse.Malformed.class);
    }

    @Test
    void boundsLengthMailboxesAndNesting() {
        assertThat(MailboxList.parse("\"" + "x".repeat(64 * 1024) + "\" <a@b.example>")).isInstanceOf(MailboxList.Parse.Malformed.class);
        assertThat(sound("a@b.example" + ", a@b.example".repeat(99))).hasSize(100);
        assertThat(MailboxList.parse("a@b.example" + ", a@b.example".repeat(100))).isInstanceOf(MailboxList.Parse.Malformed.class);
        assertThat(sound("(".repeat(32) + ")".repeat(32) + "a@b.example")).hasSize(1);
        assertThat(MailboxList.parse("(".repeat(33) + ")".repeat(33) + "a@b.example")).isInstanceOf(MailboxList.Parse.Malformed.class);
    }

    private static List<Mailbox> sound(String body) {
        return switch (MailboxList.parse(body)) {
            case MailboxList.Parse.Sound(List<Mailbox> mailboxes) -> mailboxes;
            case MailboxList.Parse.Malformed(String reason) -> throw new AssertionError(reason + ": " + body);
        };
    }
}
