// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.util.Locale;

class DomainNameTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Example.COM                   | example.com
            example.com.                  | example.com
            b\u00fccher.example           | xn--bcher-kva.example
            B\u00dcCHER.EXAMPLE.          | xn--bcher-kva.example
            XN--BCHER-KVA.example         | xn--bcher-kva.example
            bu\u0308cher.example          | xn--bcher-kva.example
            b\u00fccher\u3002example\uff0e | xn--bcher-kva.example
            \uff45xample.com              | example.com
            fa\u00df.example              | xn--fa-hia.example
            \u4f8b\u3048.\u30c6\u30b9\u30c8 | xn--r8jz45g.xn--zckzah
            sel._domainkey.b\u00fccher.example | sel._domainkey.xn--bcher-kva.example
            _dmarc.example                | _dmarc.example
            back\\slash.example           | back\\slash.example
            a@b."quoted".example          | a@b."quoted".example
            """)
    void bringsNamesIntoOneForm(String text, String ascii) {
        assertThat(DomainName.parse(text)).contains(new DomainName(ascii));
        assertThat(DomainName.of(text).ascii()).isEqualTo(ascii);
    }

    @Test
    void doesNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(DomainName.of("MAIL.INFO.EXAMPLE").ascii()).isEqualTo("mail.info.example");
            // A dotted capital I is an i with a dot above it, a dotless small i is a letter of its own: neither is an i.
            assertThat(DomainName.of("\u0130nfo.example").ascii()).startsWith("xn--").isNotEqualTo("info.example");
            assertThat(DomainName.of("\u0131nfo.example").ascii()).startsWith("xn--").isNotEqualTo("info.example");
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", ".", "..", ".example", "a..example", "example..", "a b.example", "a\tb", "a\u0000b", "a\r\nb", "a\u007fb",
        "a\u0080b.example", "\u00ad", "a\u200db.example", "\ud800.example", "xn--a\u00e9.example", "\u0627a.example",
        "b\u00fccher..example",
    })
    void refusesWhatIsNoName(String text) {
        assertThat(DomainName.parse(text)).isEmpty();
    }

    @Test
    void keepsToTheLimitsOfTheDns() {
        String label = "x".repeat(63);
        assertThat(DomainName.parse(label + ".example")).isPresent();
        assertThat(DomainName.parse(label + "x.example")).isEmpty();
        String longest = (label + ".").repeat(3) + "x".repeat(61);
        assertThat(longest).hasSize(253);
        assertThat(DomainName.parse(longest)).isPresent();
        assertThat(DomainName.parse(longest + ".")).isPresent();
        assertThat(DomainName.parse(longest + "x")).isEmpty();
        assertThat(DomainName.parse("\u00fc".repeat(63) + ".example")).as("63 chars, but more as an A-label").isEmpty();
        assertThat(DomainName.parse("\u00fc.".repeat(200))).isEmpty();
        assertThat(DomainName.parse("x".repeat(1_000_000))).isEmpty();
        assertThat(DomainName.parse("\u00fc".repeat(1_000_000))).isEmpty();
        assertThat(DomainName.of("example").prefixedWith(label)).isPresent();
        assertThat(DomainName.of(longest).prefixedWith("x")).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithANameThatShouldBeSound() {
        assertThatIllegalArgumentException().isThrownBy(() -> DomainName.of("a..b")).withMessageContaining("an empty label");
        assertThatIllegalArgumentException().isThrownBy(() -> DomainName.of("a b")).withMessageContaining("not visible ASCII");
        assertThatIllegalArgumentException().isThrownBy(() -> new DomainName("A.b")).withMessageContaining("upper case");
    }

    @Test
    void takesNamesApart() {
        DomainName name = DomainName.of("a.b.example");
        assertThat(name.labels()).containsExactly("a", "b", "example");
        assertThat(name.parent()).contains(DomainName.of("b.example"));
        assertThat(DomainName.of("example").parent()).contains(DomainName.ROOT);
        assertThat(DomainName.ROOT.parent()).isEmpty();
        assertThat(DomainName.ROOT.labels()).isEmpty();
        assertThat(name.rightmost(2)).isEqualTo(DomainName.of("b.example"));
        assertThat(name.rightmost(3)).isEqualTo(name);
        assertThat(name.rightmost(9)).isEqualTo(name);
        assertThat(name.rightmost(0)).isEqualTo(DomainName.ROOT);
        assertThat(name.prefixedWith("_dmarc")).contains(DomainName.of("_dmarc.a.b.example"));
        assertThat(DomainName.ROOT.prefixedWith("a")).contains(DomainName.of("a"));
    }

    @Test
    void knowsWhatLiesBelow() {
        DomainName example = DomainName.of("example.com");
        assertThat(example.isAtOrBelow(example)).isTrue();
        assertThat(DomainName.of("a.example.com").isAtOrBelow(example)).isTrue();
        assertThat(DomainName.of("notexample.com").isAtOrBelow(example)).isFalse();
        assertThat(DomainName.of("com").isAtOrBelow(example)).isFalse();
        assertThat(example.isAtOrBelow(DomainName.ROOT)).isTrue();
    }

    @Test
    void turnsAddressesRound() throws Exception {
        assertThat(DomainName.reverseOf(InetAddress.getByName("192.0.2.1")).ascii()).isEqualTo("1.2.0.192.in-addr.arpa");
        assertThat(DomainName.reverseOf(InetAddress.getByName("2001:db8::567:89ab")).ascii())
                .isEqualTo("b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
    }
}
