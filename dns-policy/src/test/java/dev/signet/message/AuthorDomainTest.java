// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.signet.dns.DomainName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

class AuthorDomainTest {

    private static final DomainName EVIL = DomainName.of("evil.example");
    private static final DomainName BANK = DomainName.of("bank.example");

    @ParameterizedTest
    @ValueSource(strings = {
        "From: x@evil.example", "FROM:x@evil.example", "From : <x@EVIL.example>", "From: \"ceo@bank.example\" <x@evil.example>",
        "From:\r\n x@evil.example", "From: friends: x@evil.example;", "From: x@evil.example, y@evil.example.",
        "From: x@evil.example\r\nSender: ceo@bank.example\r\nReply-To: ceo@bank.example"})
    void isTheOneDomainOfTheMailboxesInFrom(String header) {
        assertThat(of(header)).isEqualTo(new AuthorDomain.One(EVIL, "x@evil.example"));
    }

    @Test
    void isNoneWithoutAnAuthorAndNeverSomeOtherField() {
        assertThat(of("Sender: x@evil.example")).isEqualTo(new AuthorDomain.None("no From field"));
        assertThat(of("")).isEqualTo(new AuthorDomain.None("no From field"));
        assertThat(of("From: undisclosed:;\r\nSender: x@evil.example")).isEqualTo(new AuthorDomain.None("no mailbox in From"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "From: x@evil.example\r\nFrom: ceo@bank.example", "FROM: x@evil.example\r\nfrom: ceo@bank.example",
        "From : x@evil.example\r\nFrom\t: ceo@bank.example", "From: x@evil.example\r\nFrom: x@evil.example, (ceo@bank.example",
        "From: x@evil.example, ceo@bank.example", "From: g: x@evil.example;, ceo@bank.example"})
    void isSeveralForSeveralFieldsOrDomains(String header) {
        assertThat(of(header)).isInstanceOfSatisfying(AuthorDomain.Several.class, several ->
                assertThat(several.domains()).containsExactly(EVIL, BANK));
    }

    @Test
    void isSeveralForTwoEqualFieldsToo() {
        assertThat(of("From: x@evil.example\r\nFrom: x@evil.example")).isEqualTo(new AuthorDomain.Several(List.of(EVIL), true, "2 From fields"));
        assertThat(of("From: x@evil.example\r\nFrom:")).isEqualTo(new AuthorDomain.Several(List.of(EVIL), true, "2 From fields"));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', value = {
        "ceo@bank.example <x@evil.example>                   | bank.example, evil.example",
        "<ceo@bank.example> <x@evil.example>                 | bank.example, evil.example",
        "x@evil.example <ceo@bank.example                    | evil.example, bank.example",
        "<@bank.example:x@evil.example>                      | bank.example, evil.example",
        "<@bank.example,@relay.example:x@evil.example>       | bank.example, relay.example, evil.example",
        "ceo@bank.example@evil.example                       | bank.example, evil.example",
        "`\"ceo@bank.example\"x@evil.example`                | bank.example, evil.example",
        "ceo@bank .example                                   | bank, bank.example",
        "ceo@bank.example(@evil.example                      | bank.example, evil.example",
        "ceo@ba(x)nk.example                                 | ba, bank.example",
        "`<x@evil.example \"\"@(\\))bank.example>`            | evil.example, bank.example",
        "=?utf-8?q?ceo=40bank.example?=@evil.example         | evil.example, bank.example",
        "=?utf-8?b?Y2VvQGJhbmsuZXhhbXBsZQA=?=@evil.example   | evil.example, bank.example",
        "x@evil.example <ceo>bank.example                    | evil.example, bank.example",
        "ceo@bank.example/x                                  | bank.example",
        "x@[192.0.2.1]                                       | ``",
        "somebody                                            | ``",
    })
    void listsEveryDomainThatSomeReaderMaySee(String body, String candidates) {
        assertThat(of("From: " + body)).isInstanceOfSatisfying(AuthorDomain.Unparsable.class, unparsable ->
                assertThat(unparsable.candidates()).containsAll(candidates.isEmpty()
                        ? List.of()
                        : Arrays.stream(candidates.split(", ")).map(DomainName::of).toList()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "From: ceo@bank.example\0", "From: ceo@bank\0.example", "From: \0 <ceo@bank.example>", "From: x\r\n \r\n <ceo@bank.example>",
        "From: ceo@bank.example\rX: y", "From: ceo@bank.example\nX: y", "From: \u00E9 <ceo@bank.example>", "From: ceo@bank.example <",
        "Subject: x\rFrom: ceo@bank.example", "Subject: x\nfrom : ceo@bank.example", "Subject: x\r\r\nFROM:ceo@bank.example"})
    void isUnparsableForBytesThatNoFieldHas(String header) {
        assertThat(of(header.replace("\r\r\n", "\r\n\n"))).isInstanceOfSatisfying(AuthorDomain.Unparsable.class, unparsable ->
                assertThat(unparsable.candidates()).contains(BANK));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "ceo@bank.example\u200E", "ceo@bank\u200F.example", "ceo@ba\u200Dnk.example", "ceo@bank.example\u2069", "ceo@\u061Cbank.example",
        "ceo@bank.example\u2028", "ceo@bank.example\uDB40\uDC61", "ceo@bank.example\u00A0", "ceo@bank.example\u0085",
        "CEO <ceo@bank.example\u200E>", "x@evil.example, CEO <ceo@bank.example\u200E>", "\"ceo@bank.example\u200E\":;",
        "=?utf-7?q?ceo+AEA-bank.example?=", "=?cp037?b?g4WWfIKBlZJLhYefhJSXk4U=?=", "=?utf-8*en?q?a?= =?x-none?q?ceo?="})
    void isNotCompleteWhereAReaderMaySeeANameThatNobodyCanTell(String body) {
        AuthorDomain author = of(Utf8.encode("From: " + body));

        assertThat(author).isInstanceOfSatisfying(AuthorDomain.Unparsable.class, unparsable -> assertThat(unparsable.complete()).isFalse());
        assertThat(of(Utf8.encode("From: x@evil.example\r\nFrom: " + body)))
                .isInstanceOfSatisfying(AuthorDomain.Several.class, several -> assertThat(several.complete()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "ceo@bank.example..", "ceo@.bank.example", "ceo@bank..example", "ceo@[bank.example]", "ceo@ [ bank.example ]", "ceo\uFF20bank.example",
        "ceo\uFE6Bbank.example", "\"ceo@bank.example\":;", "\"ceo\uFF20bank.example\":;", "=?utf-8?q?ceo@bank.example?=:;"})
    void findsTheNameThatACarelessReaderMakesOfIt(String body) {
        assertThat(of(Utf8.encode("From: " + body))).isInstanceOfSatisfying(AuthorDomain.Unparsable.class, unparsable -> {
            assertThat(unparsable.candidates()).contains(BANK);
            assertThat(unparsable.complete()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "root", "somebody <>", "x@[192.0.2.1]", "\u00C4\u00D6 <x@evil.example", "=?iso-8859-1?q?J=F6rg?= x@evil.example", "Fu @ B\u00E4r <x@evil.example"})
    void isCompleteForCarelessAuthors(String body) {
        assertThat(of("From: " + body))
                .isInstanceOfSatisfying(AuthorDomain.Unparsable.class, unparsable -> assertThat(unparsable.complete()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"From\u000b:", "\u000bFrom:", "\u0000From \u001f :", "\u0001\u0002fRoM:"})
    void countsAFieldWhoseNameIsFromOnceControlCharactersAreTrimmed(String name) {
        // As Jakarta Mail does it, and so every mailet of James.
        assertThat(of("From: x@evil.example\r\n" + name + " ceo@bank.example"))
                .isEqualTo(new AuthorDomain.Unparsable("a From field that only some readers see", List.of(EVIL, BANK), true));
        assertThat(of(name + " ceo@bank.example"))
                .isEqualTo(new AuthorDomain.Unparsable("a From field that only some readers see", List.of(BANK), true));
    }

    @Test
    void countsAFieldHiddenBehindABareLineEnd() {
        assertThat(of("From: x@evil.example\r\nSubject: y\rFrom: ceo@bank.example"))
                .isEqualTo(new AuthorDomain.Unparsable("a From field that only some readers see", List.of(EVIL, BANK), true));
        assertThat(of("From: x@evil.example\rFrom: ceo@bank.example")).isInstanceOfSatisfying(AuthorDomain.Unparsable.class, unparsable ->
                assertThat(unparsable.candidates()).contains(EVIL, BANK));
        assertThat(of("From: x@evil.example\r\nSubject: y\r\n From: ceo@bank.example")).isInstanceOf(AuthorDomain.One.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "From: x@evil.example\r\n", "From: (x@evil.example\r\n", "Subject: x\rFrom: x@evil.example\r\n", "From:, <x@evil.example> "})
    void findsTheVictimBehindAnyNumberOfDecoys(String decoy) {
        for (String victim : List.of("From: ceo@bank.example", "From: (ceo@bank.example", "Subject: y\nFrom: ceo@bank.example")) {
            AuthorDomain author = of(decoy.repeat(3_000) + (decoy.endsWith("\n") ? "" : "\r\n") + victim);
            List<DomainName> domains = switch (author) {
                case AuthorDomain.One one -> List.of(one.domain());
                case AuthorDomain.None none -> List.of();
                case AuthorDomain.Several several -> several.domains();
                case AuthorDomain.Unparsable unparsable -> unparsable.candidates();
                case AuthorDomain.Unread unread -> List.of();
            };
            assertThat(domains).contains(EVIL, BANK);
        }
    }

    @Test
    void isUnreadForAHeaderOverTheLimit() {
        String header = "From: x@evil.example\r\n" + "a: b\r\n".repeat(20);
        byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);

        assertThat(AuthorDomain.of(HeaderBlock.parse(bytes, bytes.length, new MessageLimits(1024, 10))))
                .isEqualTo(new AuthorDomain.Unread("more than 10 header fields"));
    }

    @Test
    void takesInternationalDomainsInEitherForm() {
        assertThat(of(Utf8.encode("From: x@BÜCHER.example, y@xn--bcher-kva.example")))
                .isEqualTo(new AuthorDomain.One(DomainName.of("xn--bcher-kva.example"), "x@xn--bcher-kva.example"));
    }

    @Test
    void knowsNoLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.of("tr", "TR"));
            assertThat(of("FROM: X@EVIL.INFO")).isEqualTo(new AuthorDomain.One(DomainName.of("evil.info"), "X@evil.info"));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void boundsTheWorkAndTheAnswer() {
        for (String piece : List.of("(", "\"", "@", "a@b", "<a@\u00FC\u0080>", "@\u00C3\u00A9 ", "x@y.example,", "=?", "=?x?b?eA?=", "@ ",
                "\rFrom: a@b.example", "\r", "\r\nFrom: a@b.example", "\r\n ")) {
            assertTimeout(Duration.ofSeconds(3), () -> {
                AuthorDomain author = of("From: x" + piece.repeat((1 << 20) / piece.length()));
                switch (author) {
                    case AuthorDomain.One one -> throw new AssertionError(piece);
                    case AuthorDomain.None none -> throw new AssertionError(piece);
                    case AuthorDomain.Several several -> assertThat(several.domains()).hasSizeLessThanOrEqualTo(10);
                    case AuthorDomain.Unparsable unparsable -> assertThat(unparsable.candidates()).hasSizeLessThanOrEqualTo(10);
                    case AuthorDomain.Unread unread -> throw new AssertionError(piece);
                }
            }, piece);
        }
    }

    private static AuthorDomain of(String header) {
        byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
        return AuthorDomain.of(HeaderBlock.parse(bytes, bytes.length, new MessageLimits(4 << 20, 1_000_000)));
    }
}
