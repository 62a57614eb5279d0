// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.authres.AuthenticationResults;
import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.MailExchanger;
import dev.signet.dns.MessageDns;
import dev.signet.dns.RecordType;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Expect;
import dev.signet.fuzz.Words;
import dev.signet.message.HeaderField;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class SpfFuzzTest {

    static Stream<byte[]> records() {
        return Corpus.of(
                SpfFuzzTest.class, "records", " a mx/24//64 include:%{d2}.x.test -all", " ip4:192.0.2.0/24 ip6:2001:db8::/32 exists:%{ir}.%{v}._x.%{d2r-.} ~all exp=why.%{o}",
                " redirect=_spf.x.test x=%{l1r+}%%%_%- ptr ?all", " a:x.test/33", " +mx:%{L}.x.test");
    }

    @Words({" a:", " mx", " ptr:", " ip4:", " ip6:", " include:", " exists:", " redirect=", " exp=", " -all", "%{d", "%{l", "r-.}", "//64", "/24", ".x.test"})
    @MethodSource
    @FuzzTest
    void records(byte[] bytes) {
        switch (SpfRecord.parse(new String(bytes, StandardCharsets.ISO_8859_1))) {
            case SpfRecord.Parse.Malformed(String reason) -> Expect.presentable(reason, 200);
            case SpfRecord.Parse.Sound(SpfRecord record) -> {
                if (record.directives().stream().allMatch(directive -> directive.text().length() < 255)) {
                    assertThat(SpfRecord.parse(print(record))).isInstanceOfSatisfying(
                            SpfRecord.Parse.Sound.class, again -> assertThat(again.record().toString()).isEqualTo(record.toString()));
                }
            }
        }
    }

    private static String print(SpfRecord record) {
        String directives = record.directives().stream().map(Term.Directive::text).collect(Collectors.joining(" "));
        return directives
                + (record.redirect() == null ? "" : " redirect=" + record.redirect())
                + (record.exp() == null ? "" : " exp=" + record.exp());
    }

    static Stream<byte[]> macros() {
        return Corpus.of(
                SpfFuzzTest.class, "macros", "%{s}|a@x.test|helo", "%{l1r-+}.%{d2}.x|a-b+c@sub.x.test|h", "%{L}%{H}%%%_%-.%{o}.|\"a b\"@x.test|[192.0.2.1]", "%{p}.%{c}%{r}%{t}|@x.test|");
    }

    /** A macro-string, a sender and a HELO name, with bars between them. */
    @Words({"%{", "}", "%{s}", "%{l1r-}", "%{d", "%{H", "|", "@x.test", "%%", "%_"})
    @MethodSource
    @FuzzTest
    void macros(byte[] bytes) {
        String[] parts = new String(bytes, StandardCharsets.ISO_8859_1).split("\\|", 3);
        String mailFrom = parts.length > 1 ? parts[1] : "";
        SpfRequest request = new SpfRequest(SpfWorld.ip("2001:db8::1"), parts.length > 2 ? parts[2] : "", mailFrom);
        Sender sender = Sender.of(request, SpfIdentity.MAIL_FROM);
        DomainName domain = sender.checkedDomain().orElse(DomainName.of("x.test"));
        MacroValues values = new MacroValues(request, sender, domain, domain, "receiver.test", () -> java.time.Instant.EPOCH, name -> "unknown");
        MacroString explanation = MacroString.explanation(parts[0]);
        if (explanation != null) {
            String text = explanation.expand(values, 400);
            assertThat(text == null || text.length() <= 400).isTrue();
        }
        MacroString target = MacroString.domainSpec(parts[0]);
        if (target != null) {
            assertThat(explanation).as("every domain-spec is a macro-string").isNotNull();
            Optional<DomainName> name = target.expandName(values);
            String whole = target.expand(values, 1 << 20);
            // RFC 7208 §7.3: what is looked up is the end of what was expanded.
            name.ifPresent(found -> assertThat((whole == null ? "" : lower(whole)).replaceAll("\\.\\z", "")).endsWith(found.ascii()));
            name.ifPresent(found -> assertThat(found.ascii()).hasSizeBetween(1, 253));
        }
    }

    private static String lower(String text) {
        return text.toLowerCase(java.util.Locale.ROOT);
    }

    static Stream<byte[]> zones() {
        return Corpus.of(
                SpfFuzzTest.class, "zones", "v=spf1 include:a.test -all\nv=spf1 a:b.test mx:c.test ptr exists:%{i}.d.test ?all\nwhy %{s}",
                "v=spf1 redirect=a.test\nv=spf1 redirect=b.test\nv=spf1 redirect=a.test exp=%{d}", "v=spf1 mx mx:b.test a a:%{h} include:%{d} include:%{l}.test ~all");
    }

    /** Each line is a TXT record; which one a name has depends on the name. */
    @Words({"v=spf1", " include:", "a.test", "b.test", " mx:", " a:", " ptr:", " exists:", " redirect=", " exp=", "%{d}", "%{l}.", "%{h}", " -all", "\n"})
    @MethodSource
    @FuzzTest
    void zones(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Zone zone = new Zone(List.of(text.split("\n", -1)));
        SpfRequest request = new SpfRequest(SpfWorld.ip(SpfWorld.CLIENT), "h.test", text.hashCode() % 3 == 0 ? "" : "\"a b\"@x.test");
        for (SpfIdentity identity : SpfIdentity.values()) {
            zone.asked.clear();
            SpfResult result = SpfWorld.checker(SpfWorld.withExplanations()).check(request, identity, new MessageDns(zone, 100, Duration.ofSeconds(20))).join();
            // RFC 7208 §4.6.4: ten terms, each MX or PTR of at most ten names with two types each; and what was asked early.
            assertThat(zone.asked.size()).isLessThanOrEqualTo(100);
            assertThat(result.lookups()).isLessThanOrEqualTo(10);
            Expect.presentable(result.reason(), 1000);
            Expect.presentable(result.explanation() == null ? "" : result.explanation(), 400);
            HeaderField field = ReceivedSpf.of(result, request, "mx.example.net");
            Expect.presentable(field.toString().replace("\r\n ", ""), 5000);
            assertThat(ReceivedSpf.claims(field, "mx.example.net")).isTrue();
            AuthenticationResults written = AuthenticationResults.of("mx.example.net", List.of(result.methodResult()));
            assertThat(AuthenticationResults.parse(written.toField().body())).isInstanceOf(AuthenticationResults.Parse.Sound.class);
            // Asked ahead or not, the result is the same, unless the budget is used up by what was asked ahead.
            SpfOptions inTurn = new SpfOptions(2, 0, true, "receiver.example.org");
            SpfResult again = SpfWorld.checker(inTurn).check(request, identity, new MessageDns(zone, 100, Duration.ofSeconds(20))).join();
            assertThat(again.state()).isEqualTo(result.state());
        }
    }

    /** Every name has something of every type, of what the input says. */
    private static final class Zone implements Dns {

        private final List<String> lines;
        private final List<String> asked = new ArrayList<>();

        Zone(List<String> lines) {
            this.lines = lines;
        }

        @Override
        public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
            asked.add(type + " " + name);
            int hash = Math.floorMod(name.ascii().hashCode() * 31 + type.toString().hashCode(), 97);
            DnsAnswer<?> answer = switch (hash % 11) {
                case 0 -> type == RecordType.TXT ? found(name) : new DnsAnswer.NxDomain<String>();
                case 1 -> new DnsAnswer.NoData<String>();
                case 2 -> hash > 80 ? new DnsAnswer.TempFailure<String>("SERVFAIL") : found(name, type, hash);
                default -> found(name, type, hash);
            };
            @SuppressWarnings("unchecked") // Each type gets values of its own kind.
            DnsAnswer<T> typed = (DnsAnswer<T>) answer;
            return CompletableFuture.completedFuture(typed);
        }

        private DnsAnswer<?> found(DomainName name, RecordType<?> type, int hash) {
            if (type == RecordType.A) {
                return new DnsAnswer.Found<InetAddress>(List.of(SpfWorld.ip("192.0.2." + hash % 5)));
            }
            if (type == RecordType.AAAA) {
                return new DnsAnswer.Found<InetAddress>(List.of(SpfWorld.ip("2001:db8::" + hash % 5)));
            }
            if (type == RecordType.MX) {
                return new DnsAnswer.Found<>(Stream.of("a", "b", "c").map(host -> new MailExchanger(hash, DomainName.of(host + "." + hash + ".test"))).toList());
            }
            if (type == RecordType.PTR) {
                return new DnsAnswer.Found<>(Stream.of("a", "b", "x").map(host -> DomainName.of(host + ".x.test")).toList());
            }
            return found(name);
        }

        private DnsAnswer<?> found(DomainName name) {
            return new DnsAnswer.Found<>(List.of(lines.get(Math.floorMod(name.ascii().hashCode(), lines.size()))));
        }
    }
}
