// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import static dev.signet.spf.SpfWorld.check;
import static dev.signet.spf.SpfWorld.explain;
import static dev.signet.spf.SpfWorld.ip;
import static dev.signet.spf.SpfWorld.mailFrom;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DnsjavaDns;
import dev.signet.dns.DomainName;
import dev.signet.dns.MessageDns;
import dev.signet.dns.RecordType;
import dev.signet.message.HeaderField;
import dev.signet.spf.SpfResult.State;
import dev.signet.testing.Behaviour;
import dev.signet.testing.FakeDns;
import dev.signet.testing.LoopbackDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Senders, records and name servers that want to do harm. */
@Timeout(30)
class SpfHostileTest {

    private static final SpfRequest USER = mailFrom("user@example.com");

    private final FakeDns dns = new FakeDns();

    @ParameterizedTest
    @ValueSource(strings = {"v=spf1 include:example.com -all", "v=spf1 redirect=example.com", "v=spf1 include:b.example -all"})
    void endsLoopsAsAPermerror(String record) {
        dns.txt("example.com", record).txt("b.example", "v=spf1 include:example.com");
        SpfResult result = check(USER, dns);
        assertThat(result.state()).isEqualTo(State.PERMERROR);
        assertThat(result.lookups()).isEqualTo(10);
        assertThat(dns.asked()).hasSizeLessThan(5);
    }

    @ParameterizedTest
    @CsvSource({"10, FAIL", "11, PERMERROR"})
    void allowsTenTermsThatQuery(int terms, State state) {
        dns.txt("example.com", "v=spf1" + " a:host.example".repeat(terms) + " -all").address("host.example", "198.51.100.1");
        assertThat(check(USER, dns).state()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource({"2, FAIL", "3, PERMERROR"})
    void allowsTwoTermsThatFindNothing(int terms, State state) {
        dns.txt("example.com", "v=spf1" + " exists:%{i}.example.net".repeat(terms) + " -all");
        assertThat(check(USER, dns).state()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource({"10, FAIL", "11, PERMERROR"})
    void allowsTenExchangers(int exchangers, State state) {
        dns.txt("example.com", "v=spf1 mx -all");
        for (int i = 0; i < exchangers; i++) {
            dns.mx("example.com", i, "mx" + i + ".example.com").address("mx" + i + ".example.com", "198.51.100.1");
        }
        assertThat(check(USER, dns).state()).isEqualTo(state);
    }

    @Test
    void looksAtTenNamesOfAClientAndNoMore() {
        dns.txt("example.com", "v=spf1 ptr -all");
        for (int i = 0; i < 11; i++) {
            dns.ptr(SpfWorld.CLIENT, "host" + i + ".example.com");
        }
        dns.address("host10.example.com", SpfWorld.CLIENT);
        assertThat(check(USER, dns).state()).isEqualTo(State.FAIL);
        assertThat(dns.asked()).hasSize(12);
    }

    @Test
    void believesNoNameOfAClientThatDoesNotLeadBackToIt() {
        // Whoever owns an address writes what he likes into its reverse zone.
        dns.txt("example.com", "v=spf1 ptr exists:%{p}.p.example -all").ptr(SpfWorld.CLIENT, "mail.example.com")
                .address("mail.example.com", "198.51.100.1").address("mail.example.com.p.example", "127.0.0.2");
        assertThat(check(USER, dns).state()).isEqualTo(State.FAIL);
        assertThat(dns.asked()).contains("A unknown.p.example");
    }

    @Test
    void endsWithTheErrorOfTheThirdInclude() {
        dns.txt("example.com", "v=spf1 include:a.example include:b.example include:c.example -all")
                .txt("a.example", "v=spf1 -all").txt("b.example", "v=spf1 ~all").failing("c.example", RecordType.TXT, "SERVFAIL");
        SpfResult result = check(USER, dns);
        assertThat(result.state()).isEqualTo(State.TEMPERROR);
        assertThat(result.reason()).isEqualTo("TXT of c.example: SERVFAIL");
        assertThat(result.mechanism()).isNull();
    }

    /** A reason goes into reports, to the owner of whichever domain stands in From. */
    @ParameterizedTest
    @CsvSource({
        "redirect=%{l}._u.%{d}, , %{l}._u.%{d} does not exist",
        "redirect=%{L1r-}.empty.example, , %{L1r-}.empty.example publishes no record",
        "include:%{s}.u.example, , %{s}.u.example does not exist",
        "redirect=%{l}.sound.example, v=spf1 -all, -all in the record of %{l}.sound.example",
        "redirect=%{l}.sound.example, v=spf1, no term matches in the record of %{l}.sound.example",
        "redirect=%{l}.sound.example, v=spf1 oops, %{l}.sound.example: no such mechanism: oops",
        "redirect=%{l}.sound.example, v=spf1 a, A of %{l}.sound.example: SERVFAIL",
        "redirect=%{l}.sound.example, v=spf1 mx, MX of %{l}.sound.example: SERVFAIL",
        // d is the local part, too, from here on.
        "redirect=%{l}.sound.example, v=spf1 exists:%{d}.e.example, A of %{d}.e.example: SERVFAIL",
        "redirect=%{l}.sound.example, v=spf1 include:%{d}.i.example, TXT of %{d}.i.example: SERVFAIL",
        "redirect=%{l}.sound.example, v=spf1 include:%{d}, more than 10 terms",
        "redirect=%{l}.sound.example, v=spf1 include:%{d1}, include: of %{l}.sound.example makes no domain name",
        "redirect=%{l}.sound.example, v=spf1 redirect=%{d1}, redirect= of %{l}.sound.example makes no domain name",
        "a:%{l}.sound.example, v=spf1, A of %{l}.sound.example: SERVFAIL",
    })
    void noReasonHoldsTheLocalPartThatAMacroPutIntoAName(String term, String record, String reason) {
        dns.txt("example.com", "v=spf1 " + term);
        for (String user : List.of("jane", "jane-doe", "doe")) {
            String name = user + ".sound.example";
            if (record != null) {
                dns.txt(name, record);
            }
            dns.txt(user + ".empty.example", "nothing");
            dns.failing(name, RecordType.A, "SERVFAIL").failing(name, RecordType.MX, "SERVFAIL")
                    .failing(name + ".e.example", RecordType.A, "SERVFAIL").failing(name + ".i.example", RecordType.TXT, "SERVFAIL");
        }

        SpfResult result = check(mailFrom("jane-doe@example.com"), dns);

        assertThat(result.reason()).startsWith(reason).doesNotContainIgnoringCase("jane").doesNotContainIgnoringCase("doe.");
    }

    @Test
    void doesNotCareAboutAnErrorBehindWhatMatched() {
        dns.txt("example.com", "v=spf1 include:a.example include:b.example include:c.example -all")
                .txt("a.example", "v=spf1 -all").txt("b.example", "v=spf1 +all").failing("c.example", RecordType.TXT, "SERVFAIL");
        assertThat(check(USER, dns).state()).isEqualTo(State.PASS);
    }

    @ParameterizedTest
    @CsvSource({
        "TXT, example.com, v=spf1 +all, TEMPERROR",
        "TXT, b.example, v=spf1 redirect=b.example, TEMPERROR",
        "TXT, b.example, v=spf1 ?include:b.example +all, TEMPERROR",
        "A, b.example, v=spf1 a:b.example +all, TEMPERROR",
        "MX, b.example, v=spf1 mx:b.example +all, TEMPERROR",
        "A, b.example, v=spf1 exists:b.example +all, TEMPERROR",
        // RFC 7208 §5.5 makes an exception of names that the client, not the domain, publishes.
        "PTR, 3.2.0.192.in-addr.arpa, v=spf1 ptr -all, FAIL",
    })
    void takesAnInducedFailureForNoAnswer(String typeName, String name, String record, State state) {
        RecordType<?> type = List.of(RecordType.TXT, RecordType.A, RecordType.MX, RecordType.PTR).stream()
                .filter(known -> known.toString().equals(typeName)).findFirst().orElseThrow();
        dns.txt("example.com", record).failing(name, type, "SERVFAIL");
        assertThat(check(USER, dns).state()).isEqualTo(state);
    }

    @Test
    void readsARecordOf64KilobytesToItsEnd() {
        String networks = " ip4:198.51.100.0/24".repeat(3_276);
        dns.txt("example.com", "v=spf1" + networks + " ip4:192.0.2.3");
        assertThat(check(USER, dns).state()).isEqualTo(State.PASS);
        dns.txt("broken.example", "v=spf1 +all" + networks + " oops");
        assertThat(check(mailFrom("user@broken.example"), dns).state()).isEqualTo(State.PERMERROR);
        dns.txt("names.example", "v=spf1" + " a:%{l}.host.example".repeat(3_276)).address("user.host.example", "198.51.100.1");
        assertThat(check(mailFrom("user@names.example"), dns).state()).isEqualTo(State.PERMERROR);
        dns.txt("macros.example", "v=spf1 exists:" + "%{S1r.-+,/_=}".repeat(5_000) + ".%{d} -all");
        assertThat(check(mailFrom("a".repeat(480) + "@macros.example"), dns).state()).isEqualTo(State.FAIL);
        dns.txt("word.example", "v=spf1 exists:" + "x".repeat(65_000) + ".example -all");
        SpfResult result = check(mailFrom("user@word.example"), dns);
        assertThat(result.state()).isEqualTo(State.FAIL);
        assertThat(result.trace().steps().getFirst().what()).hasSizeLessThanOrEqualTo(255);
    }

    @Test
    void readsARecordOf64KilobytesFromANameServer() {
        try (LoopbackDns server = LoopbackDns.start()) {
            // As much as a DNS message takes beside the question.
            server.txt("example.com", "v=spf1" + " ip4:198.51.100.0/24".repeat(3_250) + " ip4:192.0.2.3 -all");
            DnsjavaDns real = DnsjavaDns.onServers(List.of(server.socketAddress()), Duration.ofSeconds(5), 1);
            assertThat(check(USER, real).state()).isEqualTo(State.PASS);
        }
    }

    @Test
    @Timeout(5)
    void waitsForAnAnswerThatNeverComesNoLongerThanTheMessageAllows() {
        Dns silent = new Dns() {
            @Override
            public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
                return name.equals(DomainName.of("example.com")) ? dns.lookup(name, type) : new CompletableFuture<>();
            }
        };
        dns.txt("example.com", "v=spf1 a:a.example mx:b.example include:c.example exists:d.example -all");
        CompletableFuture<SpfResult> result;
        // Closing waits for every thread of it: none may be left behind.
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            SpfChecker checker = new SpfChecker(SpfOptions.DEFAULT, threads, InstantSource.system());
            result = checker.check(USER, SpfIdentity.MAIL_FROM, new MessageDns(silent, 100, Duration.ofMillis(200)));
        }
        assertThat(result).isCompleted();
        assertThat(result.join().state()).isEqualTo(State.TEMPERROR);
    }

    @Test
    void endsAsATemperrorWhereTheQueriesOfAMessageAreUsedUp() {
        dns.txt("example.com", "v=spf1 a:a.example a:b.example -all").address("a.example", "198.51.100.1").address("b.example", "192.0.2.3");
        SpfChecker checker = SpfWorld.checker(new SpfOptions(2, 0, false, "unknown"));
        MessageDns two = new MessageDns(dns, 2, Duration.ofSeconds(20));
        assertThat(checker.check(USER, SpfIdentity.MAIL_FROM, two).join().state()).isEqualTo(State.TEMPERROR);
    }

    @ParameterizedTest
    @EnumSource(Behaviour.class)
    void takesNothingForAPassThatANameServerDidNotProperlySay(Behaviour behaviour) {
        try (LoopbackDns server = LoopbackDns.start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.txt("example.com", "v=spf1 +all").behave("example.com", behaviour);
            State expected = switch (behaviour) {
                // These two did say it: over TCP, or piece by piece.
                case TRUNCATED_OVER_UDP, ONE_CNAME_A_REPLY -> State.PASS;
                default -> State.TEMPERROR;
            };
            // Some never answer; who does must have the time.
            Duration timeout = Duration.ofMillis(expected == State.PASS ? 4000 : 300);
            DnsjavaDns real = DnsjavaDns.onServers(List.of(server.socketAddress()), timeout, 1);
            SpfResult result = new SpfChecker(SpfOptions.DEFAULT, threads, InstantSource.system())
                    .check(USER, SpfIdentity.MAIL_FROM, new MessageDns(real, 100, Duration.ofSeconds(5)))
                    .join();
            assertThat(result.state()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb@example.com", "a\u0000@example.com", "a\tb@example.com", "a\u007f@example.com", "\u00e9@example.com"})
    void tellsNoExplanationWithAnythingButPrintableAscii(String sender) {
        assertThat(explain(mailFrom(sender), "Sorry, %{l}")).isNull();
        assertThat(explain(mailFrom(sender), "Sorry")).isEqualTo("Sorry");
    }

    @Test
    void tellsNoExplanationWithAHostileHelo() {
        SpfRequest request = new SpfRequest(ip(SpfWorld.CLIENT), "a\r\n250 OK", "user@example.com");
        assertThat(explain(request, "You said %{h}")).isNull();
        assertThat(explain(request, "You said %{H}")).isEqualTo("You said a%0D%0A250%20OK");
    }

    @Test
    void cutsLongExplanations() {
        assertThat(explain(USER, "x".repeat(10_000))).hasSize(400);
        assertThat(explain(USER, "%{s}".repeat(10_000))).hasSize(400);
    }

    @Test
    void letsNothingOfTheClientIntoAuthenticationResultsButQuoted() {
        String evil = "\"x\r\nX-Evil: 1\u0000\\; dkim=pass (\"@example.com";
        dns.txt("example.com", "v=spf1 -all");
        SpfRequest request = new SpfRequest(ip(SpfWorld.CLIENT), evil, evil);
        List<MethodResult> results = Stream.of(SpfIdentity.values())
                .map(identity -> check(SpfOptions.DEFAULT, request, identity, dns).methodResult())
                .toList();
        HeaderField field = AuthenticationResults.of("mx.example.org", results).toField();
        assertThat(field.body().lines().skip(1)).allMatch(line -> line.matches("[ \t][ -~]+"));
        assertThat(AuthenticationResults.parse(field.body())).isInstanceOfSatisfying(
                AuthenticationResults.Parse.Sound.class,
                sound -> assertThat(sound.field().results()).extracting(MethodResult::method).containsExactly("spf", "spf"));
    }

    @Test
    void saysNothingUnprintableInItsReason() {
        dns.txt("example.com", "v=spf1 all\r\nX-Evil:yes\u0007 " + "\u00e9".repeat(1_000));
        assertThat(check(USER, dns).reason()).matches("[ -~]{1,200}");
        assertThat(check(USER, dns).state()).isEqualTo(State.PERMERROR);
    }

    @Test
    void looksUpNoSenderThatIsLongerThanACommandLine() {
        assertThat(check(mailFrom("x".repeat(100_000) + "@example.com"), dns).state()).isEqualTo(State.NONE);
        assertThat(check(new SpfRequest(ip(SpfWorld.CLIENT), "x.".repeat(100_000) + "example", ""), dns).state()).isEqualTo(State.NONE);
        assertThat(dns.asked()).isEmpty();
    }
}
