// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

/** The grammar of RFC 7208 §12. */
class SpfRecordTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "   ",
        " all",
        "+all",
        "?aLL",
        "a",
        "A/24",
        "a//64",
        "a/24//64",
        "a:example.com/0//0",
        "a:example.com.",
        "a:foo:bar/baz.example.com",
        "a:foo/24.example.com/24",
        "a:%{d}",
        "a:%{d}/24",
        "a:.example",
        "a:foo%%",
        "mx:%{d2r}.example.com//128",
        "ptr",
        "ptr:example.com",
        "exists:%{ir}.%{l1r+-}._spf.%{d}",
        "exists:%{l/}",
        "exists:%{d99999999999999999999}.example",
        "exists:%{d01}.example",
        "include:_spf.example.com",
        "ip4:192.0.2.0/24",
        "ip6:2001:db8::/32",
        "ip6:::1",
        "ip6:::ffff:192.0.2.1/128",
        "redirect=_spf.example.com",
        "exp=why.%{o}",
        "unknown=",
        "x-y_z.1=%{s}%_%-",
        "ip4:192.0.2.1 -all redirect=example.org exp=example.net other=1 other=2",
    })
    void readsWhatTheGrammarAllows(String terms) {
        assertThat(SpfRecord.parse(terms)).isInstanceOf(SpfRecord.Parse.Sound.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "allow",
        "all:",
        "-",
        "+-all",
        "!a",
        "a:",
        "a:/24",
        "a/",
        "a/33",
        "a/032",
        "a//129",
        "a/24/64",
        "a///64",
        "a:com",
        "a:com.",
        "a:example.123",
        "a:example.-com",
        "a:example.com-",
        "a:192.0.2.1",
        "a:%{d}com",
        "a:%{d}.",
        "a:ex\u00e4mple.com",
        "a:example.com\u0000",
        "a\tmx",
        "mx:example..",
        "include",
        "include:",
        "include:example.com/24",
        "exists",
        "exists:",
        "ptr:",
        "ptr/24",
        "ip4",
        "ip4:",
        "ip4:192.0.2",
        "ip4:192.0.2.1.1",
        "ip4:192.0.2.01",
        "ip4:192.0.2.256",
        "ip4:192.0.2.1/33",
        "ip4:192.0.2.1/",
        "ip4:example.com",
        "ip4:2001:db8::1",
        "ip6",
        "ip6:192.0.2.1",
        "ip6:fe80::1%eth0",
        "ip6:[::1]",
        "ip6:1::2::3",
        "ip6:12345::",
        "ip6:::/129",
        "redirect=",
        "redirect:example.com",
        "redirect=example.com redirect=example.org",
        "exp=",
        "exp=example.com exp=example.com",
        "=all",
        "1up=x",
        "foo=%",
        "foo=%{d",
        "foo=%{}",
        "foo=%{x}",
        "foo=%{d0}",
        "foo=%{d000}",
        "foo=%{dr2}",
        "foo=%{d2rr}",
        "foo=%{d;}",
        "foo=%{c}",
        "foo=%{r}",
        "foo=%{t}",
        "foo=%(d)",
    })
    void refusesEverythingElse(String terms) {
        assertThat(SpfRecord.parse(terms)).isInstanceOfSatisfying(
                SpfRecord.Parse.Malformed.class, malformed -> assertThat(Printable.is(malformed.reason())).isTrue());
        // RFC 7208 §4.6: anywhere in the record.
        assertThat(SpfRecord.parse("+all " + terms)).isInstanceOf(SpfRecord.Parse.Malformed.class);
    }

    @Test
    void tellsWhoPublishesAnAddressAsANameWhatToWrite() {
        assertThat(SpfRecord.parse("a:192.0.2.1"))
                .isEqualTo(new SpfRecord.Parse.Malformed("an address: that is what ip4: is for: a:192.0.2.1"));
    }

    @Test
    void ignoresARedirectBesideAnAllWhereverItStands() {
        assertThat(SpfRecord.parse("redirect=example.org -all")).isInstanceOfSatisfying(
                SpfRecord.Parse.Sound.class, sound -> assertThat(sound.record().redirect()).isNull());
    }

    @Test
    void neverThrowsOnMutatedRecords() {
        long seed = 7208;
        Random random = new Random(seed);
        String[] sound = {
            "ip4:192.0.2.0/24 ip6:2001:db8::/32 a:example.com/24//64 mx -all",
            "include:_spf.%{d2} exists:%{ir}.%{l1r+-}.%{o} ~ptr:example.com ?all",
            "redirect=%{d}.example.com exp=why.%{H}.example.com x-y=%{s}%%%_%-",
        };
        for (int i = 0; i < 50_000; i++) {
            StringBuilder record = new StringBuilder(sound[i % sound.length]);
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(record.length());
                switch (random.nextInt(4)) {
                    case 0 -> record.setCharAt(at, (char) random.nextInt(256));
                    case 1 -> record.insert(at, "%{}/:.=-+0 19\u00ff".charAt(random.nextInt(14)));
                    case 2 -> record.setCharAt(at, "%{}/:.=-+0 19\u00ff".charAt(random.nextInt(14)));
                    default -> record.delete(at, Math.min(record.length() - 1, at + 1 + random.nextInt(3)));
                }
            }
            String terms = record.toString();
            try {
                switch (SpfRecord.parse(terms)) {
                    case SpfRecord.Parse.Malformed(String reason) -> assertThat(reason.length()).isLessThan(200);
                    case SpfRecord.Parse.Sound(SpfRecord parsed) -> SpfWorld.check("v=spf1 " + terms);
                }
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed " + seed + ", record " + i + ": " + terms, e);
            }
        }
    }
}
