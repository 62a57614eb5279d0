// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.DomainName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/** Macros, with the examples of RFC 7208 §7.4. */
class MacroStringTest {

    @ParameterizedTest
    @CsvSource({
        "%{s}, strong-bad@email.example.com",
        "%{o}, email.example.com",
        "%{d}, email.example.com",
        "%{d4}, email.example.com",
        "%{d3}, email.example.com",
        "%{d2}, example.com",
        "%{d1}, com",
        "%{dr}, com.example.email",
        "%{d2r}, example.email",
        "%{l}, strong-bad",
        "%{l-}, strong.bad",
        "%{lr}, strong-bad",
        "%{lr-}, bad.strong",
        "%{l1r-}, strong",
        "%{ir}.%{v}._spf.%{d2}, 3.2.0.192.in-addr._spf.example.com",
        "%{lr-}.lp._spf.%{d2}, bad.strong.lp._spf.example.com",
        "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}, bad.strong.lp.3.2.0.192.in-addr._spf.example.com",
        "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}, 3.2.0.192.in-addr.strong.lp._spf.example.com",
        "%{d2}.trusted-domains.example.net, example.com.trusted-domains.example.net",
        "%{S}, strong-bad%40email.example.com",
        "%{c} %{r} %{t}, 192.0.2.3 receiver.example.org 1800000000",
        "%%%_%-, '% %20'",
        "%{h}, mail.example.org",
        "%{p}, unknown",
        "%{D1R}, email",
        "%{d99999999999}, email.example.com",
    })
    void expandsAsTheExamplesOfTheRfc(String text, String expanded) {
        assertThat(expand(text, "192.0.2.3", "strong-bad@email.example.com")).isEqualTo(expanded);
    }

    @Test
    void expandsIpv6ToNibbles() {
        assertThat(expand("%{ir}.%{v}._spf.%{d2}", "2001:db8::cb01", "strong-bad@email.example.com")).isEqualToIgnoringCase(
                "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com");
        assertThat(expand("%{c}", "2001:db8:0:0:1:0:0:1", "a@example.com")).isEqualTo("2001:db8::1:0:0:1");
    }

    @Test
    void dropsLabelsOnTheLeftUntilANameFits() {
        String label = "a".repeat(60);
        MacroString macro = macro(MacroString.domainSpec(String.join(".", label, label, label, "b.%{d}.c%{d}")));
        assertThat(macro.expandName(values("192.0.2.3", "x@" + label + ".example.com")).orElseThrow().ascii())
                .isEqualTo(label + ".b." + label + ".example.com.c" + label + ".example.com")
                .hasSizeLessThanOrEqualTo(253);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%%b.example.com", "%%.example.com", "a%_b.example.com."})
    void readsWhatStandsForItselfAlsoWhereNoValueIsAskedFor(String text) {
        assertThat(macro(MacroString.domainSpec(text)).expandName(values("192.0.2.3", "x@example.com")).orElseThrow().ascii())
                .isEqualTo(text.replace("%%", "%").replace("%_", " ").replaceAll("\\.$", ""));
    }

    @Test
    void cutsANameOf64KilobytesAtOnce() {
        String labels = "ab.".repeat(21_000);
        String name = macro(MacroString.domainSpec(labels + "example.com"))
                .expandName(values("192.0.2.3", "x@example.com")).orElseThrow().ascii();
        assertThat(name).isEqualTo("ab.".repeat(80) + "example.com").hasSize(251);
    }

    @Test
    void expandsNoFurtherThanANameCanBeLong() {
        // CVE-2021-20314 and its like: a record decides how often a sender's text is repeated.
        String record = "%{l}%{S}".repeat(8_000) + ".%{d}";
        MacroString macro = macro(MacroString.domainSpec(record));
        String local = "x.".repeat(250) + "x";
        assertThat(macro.expandName(values("192.0.2.3", local + "@example.com")).orElseThrow().ascii()).hasSizeBetween(200, 253);
    }

    @Test
    void makesNoNameOfWhatCannotBeLookedUp() {
        assertThat(macro(MacroString.domainSpec("%{l}.example.com")).expandName(values("192.0.2.3", "a..b@example.com"))).isEmpty();
        assertThat(macro(MacroString.domainSpec("%{l}")).expandName(values("192.0.2.3", "x".repeat(300) + "@example.com"))).isEmpty();
        assertThat(macro(MacroString.domainSpec("%{l}.example.com")).expandName(values("192.0.2.3", "a\r\nb@example.com"))).isEmpty();
    }

    @Test
    void matchesNothingWithALocalPartThatIsNotAscii() {
        // RFC 8616 §4, also where URL escapes would make ASCII of it.
        assertThat(expand("%{l}", "192.0.2.3", "j\u00f6rg@example.com")).isNull();
        assertThat(expand("%{S}", "192.0.2.3", "j\u00f6rg@example.com")).isNull();
        assertThat(expand("%{o}", "192.0.2.3", "j\u00f6rg@example.com")).isEqualTo("example.com");
        // Where the name is long enough without it, too.
        MacroString macro = macro(MacroString.domainSpec("%{l}." + "a.".repeat(150) + "example.com"));
        assertThat(macro.expandName(values("192.0.2.3", "j\u00f6rg@example.com"))).isEmpty();
    }

    private static String expand(String text, String ip, String sender) {
        return macro(MacroString.explanation(text)).expand(values(ip, sender), 1000);
    }

    private static MacroString macro(MacroString macro) {
        return Objects.requireNonNull(macro);
    }

    private static MacroString.Values values(String ip, String mailFrom) {
        SpfRequest request = new SpfRequest(SpfWorld.ip(ip), "mail.example.org", mailFrom);
        Sender sender = Sender.of(request, SpfIdentity.MAIL_FROM);
        DomainName domain = DomainName.of(sender.domain());
        InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000));
        return new MacroValues(request, sender, domain, domain, "receiver.example.org", clock, name -> "unknown");
    }
}
