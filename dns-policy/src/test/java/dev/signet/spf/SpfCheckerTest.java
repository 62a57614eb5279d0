// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import static dev.signet.spf.SpfWorld.check;
import static dev.signet.spf.SpfWorld.ip;
import static dev.signet.spf.SpfWorld.mailFrom;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.authres.AuthenticationResults;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.spf.SpfResult.State;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.Inet6Address;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;

/** What the suite of openspf.org does not ask. */
class SpfCheckerTest {

    @ParameterizedTest
    @CsvSource({
        "v=spf1 +ip4:192.0.2.3, PASS",
        "v=spf1 -ip4:192.0.2.3, FAIL",
        "v=spf1 ~ip4:192.0.2.3, SOFTFAIL",
        "v=spf1 ?ip4:192.0.2.3, NEUTRAL",
        "v=spf1 ip4:192.0.2.4, NEUTRAL",
        "v=spf1, NEUTRAL",
        "v=spf1 whatever, PERMERROR",
        "v=spf2 -all, NONE",
        "v=spf10 -all, NONE",
        "V=SPF1 -ALL, FAIL",
    })
    void hasTheSevenResults(String record, State state) {
        assertThat(check(record).state()).isEqualTo(state);
    }

    @Test
    void saysWhatMatchedAndWhere() {
        FakeDns dns = new FakeDns()
                .txt("example.com", "v=spf1 a include:one.example redirect=two.example")
                .txt("one.example", "v=spf1 -all")
                .txt("two.example", "v=spf1 mx ~ip4:192.0.2.0/24 -all")
                .address("example.com", "192.0.2.200")
                .mx("two.example", 10, "mx.two.example")
                .address("mx.two.example", "192.0.2.201");
        SpfResult result = check(mailFrom("user@example.com"), dns);
        assertThat(result.state()).isEqualTo(State.SOFTFAIL);
        assertThat(result.domain()).isEqualTo(DomainName.of("example.com"));
        assertThat(result.recordDomain()).isEqualTo(DomainName.of("two.example"));
        assertThat(result.mechanism()).isEqualTo("~ip4:192.0.2.0/24");
        assertThat(result.lookups()).isEqualTo(4);
        assertThat(result.explanation()).isNull();
        assertThat(lines(result.trace(), "")).isEqualTo("""
                example.com = softfail (4)
                  a = no match (1)
                  include:one.example = no match (2)
                    one.example = fail (2)
                      -all = match (2)
                  redirect=two.example = softfail (4)
                    two.example = softfail (4)
                      mx = no match (4)
                      ~ip4:192.0.2.0/24 = match (4)
                """);
    }

    @Test
    void needsNoOtherThreadWhereAllAnswersAreAtHand() {
        FakeDns dns = new FakeDns().txt("example.com", "v=spf1 include:one.example -all").txt("one.example", "v=spf1 ip4:192.0.2.3 -all");
        Executor nobody = task -> {
            throw new AssertionError("an evaluation was handed over");
        };
        SpfResult result = new SpfChecker(SpfOptions.DEFAULT, nobody, InstantSource.system())
                .check(mailFrom("user@example.com"), SpfIdentity.MAIL_FROM, dns)
                .join();
        assertThat(result.state()).isEqualTo(State.PASS);
    }

    private static String lines(SpfStep step, String indent) {
        StringBuilder lines = new StringBuilder();
        lines.append(indent).append(step.what()).append(" = ").append(step.outcome()).append(" (").append(step.lookups()).append(")\n");
        step.steps().forEach(child -> lines.append(lines(child, indent + "  ")));
        return lines.toString();
    }

    @Test
    void asksTheHeloNameForANullSenderAndForNoOtherOne() {
        // CVE-2019-20790: HELO is no stand-in for a MAIL FROM that fails.
        FakeDns dns = new FakeDns()
                .txt("mail.example.org", "v=spf1 ip4:192.0.2.3 -all")
                .txt("example.com", "v=spf1 -all");
        SpfResult nullSender = check(mailFrom(""), dns);
        assertThat(nullSender.state()).isEqualTo(State.PASS);
        assertThat(nullSender.sender()).isEqualTo("postmaster@mail.example.org");
        assertThat(check(mailFrom("user@example.com"), dns).state()).isEqualTo(State.FAIL);
        assertThat(check(mailFrom("user@nothing.example"), dns).state()).isEqualTo(State.NONE);
        SpfResult helo = check(SpfOptions.DEFAULT, mailFrom("user@example.com"), SpfIdentity.HELO, dns);
        assertThat(helo.state()).isEqualTo(State.PASS);
        assertThat(helo.identity()).isEqualTo(SpfIdentity.HELO);
        assertThat(helo.domain()).isEqualTo(DomainName.of("mail.example.org"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "[192.0.2.3]", "[IPv6:2001:db8::1]", "192.0.2.3", "a..example", "two words.example", ".", "%"})
    void asksNothingAboutAHeloThatIsNoDomainName(String helo) {
        FakeDns dns = new FakeDns();
        SpfResult result = check(new SpfRequest(ip("192.0.2.3"), helo, ""), dns);
        assertThat(result.state()).isEqualTo(State.NONE);
        assertThat(result.domain()).isNull();
        assertThat(dns.asked()).isEmpty();
    }

    @Test
    void asksForTxtOnly() {
        FakeDns dns = new FakeDns().txt("example.com", "v=spf1 ip4:192.0.2.3 -all");
        assertThat(check(mailFrom("user@example.com"), dns).state()).isEqualTo(State.PASS);
        assertThat(dns.asked()).containsExactly("TXT example.com");
    }

    @Test
    void takesAnIpv4MappedClientForIpv4() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xFF;
        mapped[11] = (byte) 0xFF;
        System.arraycopy(ip("192.0.2.3").getAddress(), 0, mapped, 12, 4);
        FakeDns dns = new FakeDns().txt("example.com", "v=spf1 -ip6:::/0 ip4:192.0.2.3 -all");
        SpfRequest request = new SpfRequest(Inet6Address.getByAddress(null, mapped, -1), "h.example", "u@example.com");
        assertThat(check(request, dns).state()).isEqualTo(State.PASS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"b\u00fccher.example", "B\u00dcCHER.example", "xn--bcher-kva.example", "xn--bcher-kva.example."})
    void asksForTheALabelsOfAnIdn(String domain) {
        FakeDns dns = new FakeDns().txt("xn--bcher-kva.example", "v=spf1 exists:%{d}.%{o}.example -all")
                .address("xn--bcher-kva.example.xn--bcher-kva.example.example", "127.0.0.2");
        assertThat(check(mailFrom("user@" + domain), dns).state()).isEqualTo(State.PASS);
    }

    @ParameterizedTest
    @CsvSource({"user@example.com, user", "a@b@example.com, a@b", "@example.com, postmaster", "example.com, postmaster"})
    void splitsTheSenderAtItsLastAt(String mailFrom, String local) {
        assertThat(SpfWorld.explain(mailFrom(mailFrom), "%{l}")).isEqualTo(local);
    }

    @Test
    void fetchesExplanationsOnlyWhereAskedTo() {
        FakeDns dns = new FakeDns().txt("example.com", "v=spf1 -all exp=why.example.com").txt("why.example.com", "Because.");
        assertThat(check(mailFrom("user@example.com"), dns).explanation()).isNull();
        assertThat(dns.asked()).doesNotContain("TXT why.example.com");
        assertThat(check(SpfWorld.withExplanations(), mailFrom("user@example.com"), SpfIdentity.MAIL_FROM, dns).explanation())
                .isEqualTo("Because.");
    }

    @Test
    void showsAnExplanationAsWordsOfTheDomainWhoseRecordDecides() {
        FakeDns dns = new FakeDns().txt("example.com", "v=spf1 redirect=_spf.example.net")
                .txt("_spf.example.net", "v=spf1 -all exp=why.example.net").txt("why.example.net", "Call (us) \\ now; dkim=pass");
        SpfResult explained = check(SpfWorld.withExplanations(), mailFrom("user@example.com"), SpfIdentity.MAIL_FROM, dns);
        assertThat(explained.domainsWords()).hasValue("_spf.example.net explains: Call (us) \\ now; dkim=pass");
        assertThat(AuthenticationResults.of("mx.example.org", List.of(explained.methodResult())).toField().unfolded())
                .contains("spf=fail (_spf.example.net explains: Call \\(us\\) \\\\ now; dkim=pass) reason=");
        SpfResult silent = check(mailFrom("user@example.com"), dns);
        assertThat(silent.domainsWords()).isEmpty();
        assertThat(silent.methodResult().comments()).isEmpty();
    }

    @Test
    void explainsNothingButAFail() {
        FakeDns dns = new FakeDns().txt("example.com", "v=spf1 ~all exp=why.example.com").txt("why.example.com", "Because.");
        assertThat(check(SpfWorld.withExplanations(), mailFrom("user@example.com"), SpfIdentity.MAIL_FROM, dns).explanation()).isNull();
    }

    @Test
    void goesByTheRecordThatIsThereNow() {
        // What a record was read to is kept, by its text: neither by the name that has it, nor for longer than it is published.
        SpfChecker checker = SpfWorld.checker(SpfOptions.DEFAULT);
        FakeDns before = new FakeDns().txt("example.com", "v=spf1 -all").txt("example.org", "v=spf1 a -all")
                .address("example.org", SpfWorld.CLIENT);
        FakeDns after = new FakeDns().txt("example.com", "v=spf1 a -all").txt("example.org", "v=spf1 -all")
                .address("example.com", SpfWorld.CLIENT);
        for (int i = 0; i < 2; i++) {
            assertThat(stateOf(checker, "user@example.com", before)).isEqualTo(State.FAIL);
            assertThat(stateOf(checker, "user@example.org", before)).isEqualTo(State.PASS);
            assertThat(stateOf(checker, "user@example.com", after)).isEqualTo(State.PASS);
            assertThat(stateOf(checker, "user@example.org", after)).isEqualTo(State.FAIL);
        }
    }

    private static State stateOf(SpfChecker checker, String mailFrom, FakeDns dns) {
        return checker.check(mailFrom(mailFrom), SpfIdentity.MAIL_FROM, dns).join().state();
    }

    @Test
    void countsVoidTermsUpToTheConfiguredLimit() {
        FakeDns dns = new FakeDns().txt("example.com", "v=spf1 a:x1.example mx:x2.example exists:x3.example -all");
        assertThat(check(mailFrom("user@example.com"), dns).state()).isEqualTo(State.PERMERROR);
        SpfOptions three = new SpfOptions(3, 24, false, "unknown");
        assertThat(check(three, mailFrom("user@example.com"), SpfIdentity.MAIL_FROM, dns).state()).isEqualTo(State.FAIL);
    }

    @Test
    void countsATermOnceHoweverManyExchangersHaveNoIpv6() {
        FakeDns dns = new FakeDns().txt("example.com", "v=spf1 mx -all");
        for (int i = 0; i < 10; i++) {
            dns.mx("example.com", i, "mx" + i + ".example.com").address("mx" + i + ".example.com", "192.0.2.10");
        }
        SpfRequest request = new SpfRequest(ip("2001:db8::1"), "h.example", "user@example.com");
        assertThat(check(request, dns).state()).isEqualTo(State.FAIL);
    }

    @Test
    void matchesAnExchangerEvenIfAnotherOnesAddressIsNotToBeHad() {
        FakeDns dns = new FakeDns().txt("example.com", "v=spf1 mx -all")
                .mx("example.com", 1, "mx1.example.com").mx("example.com", 2, "mx2.example.com")
                .failing("mx1.example.com", RecordType.A, "SERVFAIL")
                .address("mx2.example.com", "192.0.2.3");
        assertThat(check(mailFrom("user@example.com"), dns).state()).isEqualTo(State.PASS);
        dns = new FakeDns().txt("example.com", "v=spf1 mx -all")
                .mx("example.com", 1, "mx1.example.com").mx("example.com", 2, "mx2.example.com")
                .failing("mx1.example.com", RecordType.A, "SERVFAIL")
                .address("mx2.example.com", "192.0.2.4");
        assertThat(check(mailFrom("user@example.com"), dns).state()).isEqualTo(State.TEMPERROR);
    }

    @Test
    void writesItselfAsAuthenticationResults() {
        assertThat(check("v=spf1 ip4:192.0.2.3 -all").methodResult())
                .satisfies(result -> assertThat(result.result()).isEqualTo("pass"))
                .satisfies(result -> assertThat(result.properties()).singleElement()
                        .hasToString("Property[type=smtp, name=mailfrom, value=user@example.com]"));
        FakeDns dns = new FakeDns().txt("mail.example.org", "v=spf1 -all");
        assertThat(check(SpfOptions.DEFAULT, mailFrom(""), SpfIdentity.HELO, dns).methodResult().properties()).singleElement()
                .hasToString("Property[type=smtp, name=helo, value=mail.example.org]");
    }
}
