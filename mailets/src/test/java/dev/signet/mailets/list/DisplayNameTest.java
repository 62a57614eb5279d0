// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.DomainName;
import dev.signet.message.Mailbox;
import dev.signet.message.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import jakarta.mail.internet.MimeUtility;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

class DisplayNameTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Alice                                         | Alice",
        "Alice  B.  Example                            | Alice B. Example",
        "=?utf-8?q?Gr=C3=BC=C3=9Fe?=                   | Gr\u00FC\u00DFe",
        "=?iso-8859-1?Q?J=FCrgen?= =?utf-8?B?w4RtbWU=?= | J\u00FCrgen\u00C4mme",
        "\u5C71\u7530 \u592A\u90CE                     | \u5C71\u7530 \u592A\u90CE",
        "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645 | \u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645"
    })
    void isReadAsPeopleReadIt(String name, String read) {
        assertThat(DisplayName.of(mailbox(name))).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "ceo@bank.example                              | ceo",
        "CEO <ceo@bank.example>                        | CEO <ceo>",
        "CEO (ceo@bank.example) Bank                   | CEO (ceo) Bank",
        "ceo @ bank.example                            | ceo",
        "=?utf-8?q?ceo=40bank=2Eexample?=              | ceo",
        "=?utf-8?b?Y2VvQGJhbms=?= =?utf-8?b?LmV4YW1wbGU=?= | ceo",
        "ceo\uFF20bank.example                         | ceo",
        "ceo\uFE6Bbank.example                         | ceo",
        "ceo@a.example, cfo@b.example                  | ceo, cfo"
    })
    void showsNoAddress(String name, String read) {
        assertThat(DisplayName.of(mailbox(name))).isEqualTo(read);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        // What one reader decodes and another does not.
        "=?utf-8?q?=3D=3Futf-8=3Fq=3Fceo=3D40bank=3F=3D?=",
        "=?utf-8?q?ceo?==?utf-8?q?=40bank?=",
        "Alice=?utf-8?q?_=40bank?=",
        "=?klingon?q?Alice?=",
        "=?utf-8?x?Alice?=",
        "=?utf-8?b?",
        // Nothing to be read.
        "@", "@bank.example", "\u200D", "...", "\u202E", ""
    })
    void isNoneWhereReadersWouldDiffer(String name) {
        assertThat(DisplayName.of(mailbox(name))).isEmpty();
    }

    @Test
    void losesWhatIsNotSeenButChangesWhatIs() {
        assertThat(DisplayName.clean("A\u0000l\ri\nc\te\u0085x\u2028y")).isEqualTo("A l i c e x y");
        assertThat(DisplayName.clean("\u202Eecila\u202C \u2066b\u2069\uFEFF\u00AD\u200B")).isEqualTo("ecila b");
        assertThat(DisplayName.clean("a\uE000b\uD800c\uFFFFd")).isEqualTo("abcd");
    }

    @Test
    void isCutBetweenCharacters() {
        assertThat(DisplayName.of(mailbox("\uD83E\uDD84".repeat(63) + "ab"))).isEqualTo("\uD83E\uDD84".repeat(63) + "a");
        assertThat(DisplayName.of(mailbox("a".repeat(5000)))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "Alice via Talk     | Alice via Talk",
        "Alice B. Example   | \"Alice B. Example\"",
        "A \"B\" \\ C       | \"A \\\"B\\\" \\\\ C\"",
        "A, B; C: D         | \"A, B; C: D\"",
        "Gr\u00FC\u00DFe    | =?UTF-8?B?R3LDvMOfZQ==?="
    })
    void isWrittenAsAPhrase(String words, String phrase) {
        assertThat(DisplayName.phrase(words)).isEqualTo(phrase);
    }

    @Test
    void aLongOneIsEncodedInWordsThatFitAndEndWithACharacter() throws Exception {
        String words = "\u00E4\u5C71\uD83E\uDD84".repeat(43);

        String phrase = DisplayName.phrase(words);

        assertThat(phrase.split("\r\n ", -1)).allSatisfy(word -> {
            assertThat(word).hasSizeLessThanOrEqualTo(64).startsWith("=?UTF-8?B?").endsWith("?=");
            String octets = new String(
                    Base64.getDecoder().decode(word.substring(10, word.length() - 2)), StandardCharsets.ISO_8859_1);
            assertThat(Utf8.decode(octets)).as("whole characters").isPresent();
        });
        assertThat(MimeUtility.decodeText(phrase)).isEqualTo(words);
    }

    /** As the parser gives it: one char for each byte. */
    private static Mailbox mailbox(String name) {
        return new Mailbox(Utf8.encode(name), "a", DomainName.of("example.com"));
    }
}
