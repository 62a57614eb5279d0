// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.testing.Behaviour;
import dev.signet.testing.LoopbackDns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Lookup;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Over real packets on loopback. */
// Counts the threads of this JVM, which are to be its own.
@Isolated
class DnsjavaDnsTest {

    private static final Duration LONG = Duration.ofSeconds(5);
    private static final Duration SHORT = Duration.ofSeconds(2);

    private final LoopbackDns server = LoopbackDns.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void findsEachTypeOfRecord() throws Exception {
        server.txt("a.example", "one").address("a.example", "192.0.2.1").address("a.example", "2001:db8::1")
                .mx("a.example", 10, "mx.a.example").ptr("192.0.2.1", "a.example");
        DnsjavaDns dns = on(LONG);
        assertThat(ask(dns, "a.example", RecordType.TXT)).isEqualTo(found("one"));
        assertThat(ask(dns, "a.example", RecordType.A)).isEqualTo(found(InetAddress.getByName("192.0.2.1")));
        assertThat(ask(dns, "a.example", RecordType.AAAA)).isEqualTo(found(InetAddress.getByName("2001:db8::1")));
        assertThat(ask(dns, "a.example", RecordType.MX))
                .isEqualTo(found(new MailExchanger(10, DomainName.of("mx.a.example"))));
        assertThat(ask(dns, "1.2.0.192.in-addr.arpa", RecordType.PTR)).isEqualTo(found(DomainName.of("a.example")));
    }

    @Test
    void keepsAnIpv4MappedAddressAnIpv6Address() {
        server.address("a.example", "::ffff:192.0.2.1");
        assertThat(ask(on(LONG), "a.example", RecordType.AAAA)).isInstanceOfSatisfying(DnsAnswer.Found.class,
                found -> assertThat(((InetAddress) found.records().getFirst()).getAddress()).hasSize(16));
    }

    @Test
    void joinsTheStringsOfATxtRecordOctetByOctet() {
        String octets = "v=DKIM1; n=" + "\u00e9\u0000\"\\".repeat(200) + "; p=";
        server.txt("a.example", octets);
        assertThat(ask(on(LONG), "a.example", RecordType.TXT)).isEqualTo(found(octets));
    }

    @Test
    void asksAgainOverTcpForWhatDoesNotFitIntoUdp() {
        String large = "x".repeat(60_000);
        server.txt("a.example", large);
        assertThat(ask(on(LONG), "a.example", RecordType.TXT)).isEqualTo(found(large));
        assertThat(server.tcpQueries()).containsExactly("TXT a.example");
    }

    @Test
    void tellsNoDataFromNoSuchDomain() {
        server.txt("a.b.example", "one");
        DnsjavaDns dns = on(LONG);
        assertThat(ask(dns, "a.b.example", RecordType.A)).isEqualTo(new DnsAnswer.NoData<>());
        assertThat(ask(dns, "b.example", RecordType.TXT)).as("empty non-terminal").isEqualTo(new DnsAnswer.NoData<>());
        assertThat(ask(dns, "c.example", RecordType.TXT)).isEqualTo(new DnsAnswer.NxDomain<>());
        assertThat(ask(dns, "x.a.b.example", RecordType.TXT)).isEqualTo(new DnsAnswer.NxDomain<>());
    }

    @Test
    void followsCnamesWithinAReplyAndAcrossReplies() {
        server.cname("a.example", "b.example").cname("b.example", "c.example").txt("c.example", "end")
                .cname("nodata.example", "c.example").cname("gone.example", "nowhere.example");
        DnsjavaDns dns = on(LONG);
        assertThat(ask(dns, "a.example", RecordType.TXT)).isEqualTo(found("end"));
        assertThat(ask(dns, "nodata.example", RecordType.A)).isEqualTo(new DnsAnswer.NoData<>());
        assertThat(ask(dns, "gone.example", RecordType.A)).isEqualTo(new DnsAnswer.NxDomain<>());
        server.behave("a.example", Behaviour.ONE_CNAME_A_REPLY).behave("b.example", Behaviour.ONE_CNAME_A_REPLY);
        assertThat(ask(on(LONG), "a.example", RecordType.TXT)).isEqualTo(found("end"));
    }

    @Test
    void endsACnameLoopWithinFewQueries() {
        server.cname("a.example", "b.example").cname("b.example", "a.example")
                .behave("a.example", Behaviour.ONE_CNAME_A_REPLY).behave("b.example", Behaviour.ONE_CNAME_A_REPLY);
        assertThat(ask(on(LONG), "a.example", RecordType.TXT))
                .isEqualTo(new DnsAnswer.TempFailure<>("CNAME loop, or more than 8 CNAMEs"));
        assertThat(server.queries()).hasSizeLessThanOrEqualTo(10);
    }

    @Test
    void followsEightCnamesAndNoMore() {
        IntStream.range(0, 9).forEach(i -> server.cname("c" + i + ".example", "c" + (i + 1) + ".example"));
        server.txt("c9.example", "end");
        DnsjavaDns dns = on(LONG);
        assertThat(ask(dns, "c1.example", RecordType.TXT)).isEqualTo(found("end"));
        assertThat(ask(dns, "c0.example", RecordType.TXT))
                .isEqualTo(new DnsAnswer.TempFailure<>("CNAME loop, or more than 8 CNAMEs"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SERVFAIL                 | SERVFAIL
            REFUSED                  | REFUSED
            FORMERR                  | FORMERR
            SILENT                   | no answer from SERVER within 2 s
            TRUNCATED_ALWAYS         | truncated reply from SERVER
            TRUNCATED_AND_TCP_CLOSES | no answer from SERVER
            TRUNCATED_AND_TCP_SILENT | no answer from SERVER within 2 s
            GARBAGE                  | malformed reply from SERVER
            WRONG_ID                 | malformed reply from SERVER
            WRONG_QUESTION           | malformed reply from SERVER
            ECHO                     | malformed reply from SERVER
            WRONG_TYPE               | records that were not asked for from SERVER
            WRONG_NAME               | records that were not asked for from SERVER
            NXDOMAIN_WITH_RECORDS    | NXDOMAIN together with records from SERVER
            REFERRAL                 | referral instead of an answer from SERVER
            CNAME_LOOP               | CNAME loop, or more than 8 CNAMEs
            """)
    void sayWhyThereIsNoAnswerAndForgetIt(Behaviour behaviour, String cause) {
        server.txt("a.example", "one").behave("a.example", behaviour);
        DnsjavaDns dns = on(cause.contains("within") ? SHORT : LONG);
        String address = "127.0.0.1:" + server.socketAddress().getPort();
        assertThat(ask(dns, "a.example", RecordType.TXT))
                .isEqualTo(new DnsAnswer.TempFailure<>(cause.replace("SERVER", address)));
        server.behave("a.example");
        assertThat(ask(dns, "a.example", RecordType.TXT)).as("failures are not cached").isEqualTo(found("one"));
    }

    @Test
    void takesTheRestOfATruncatedReplyOverTcp() {
        server.txt("a.example", "one").behave("a.example", Behaviour.TRUNCATED_OVER_UDP);
        assertThat(ask(on(LONG), "a.example", RecordType.TXT)).isEqualTo(found("one"));
        assertThat(server.tcpQueries()).hasSize(1);
    }

    @Test
    void saysThatNothingListens() {
        InetSocketAddress address = server.socketAddress();
        server.close();
        // Whether an ICMP message says that the port is closed is the kernel's affair; without it, it is a time-out.
        String server = "127.0.0.1:" + address.getPort();
        assertThat(ask(DnsjavaDns.onServers(List.of(address), SHORT, 1), "a.example", RecordType.TXT))
                .isIn(
                        new DnsAnswer.TempFailure<>("no connection to " + server),
                        new DnsAnswer.TempFailure<>("no answer from " + server + " within " + Seconds.of(SHORT)));
    }

    @Test
    void goesOnToTheNextServer() {
        server.txt("a.example", "one");
        for (Behaviour behaviour : List.of(Behaviour.SERVFAIL, Behaviour.REFUSED, Behaviour.GARBAGE, Behaviour.SILENT)) {
            try (LoopbackDns broken = LoopbackDns.start()) {
                broken.behave("a.example", behaviour);
                DnsjavaDns dns = DnsjavaDns.onServers(List.of(broken.socketAddress(), server.socketAddress()), SHORT, 1);
                assertThat(ask(dns, "a.example", RecordType.TXT)).as("%s", behaviour).isEqualTo(found("one"));
                assertThat(broken.queries()).hasSize(1);
            }
        }
    }

    @Test
    void asksEachServerAsOftenAsItIsTold() {
        server.behave("a.example", Behaviour.SERVFAIL);
        try (LoopbackDns second = LoopbackDns.start()) {
            second.behave("a.example", Behaviour.SILENT);
            DnsjavaDns dns = DnsjavaDns.onServers(List.of(server.socketAddress(), second.socketAddress()), SHORT, 2);
            assertThat(ask(dns, "a.example", RecordType.TXT)).isInstanceOf(DnsAnswer.TempFailure.class);
            assertThat(server.queries()).hasSize(2);
            assertThat(second.queries()).hasSize(2);
        }
    }

    @Test
    void cachesWhatIsThereAndWhatIsNotForAsLongAsTheZoneAllows() {
        server.txt("a.example", "one").ttl(Duration.ZERO).txt("b.example", "two");
        DnsjavaDns dns = on(LONG);
        for (int i = 0; i < 3; i++) {
            assertThat(ask(dns, "a.example", RecordType.TXT)).isEqualTo(found("one"));
            assertThat(ask(dns, "b.example", RecordType.TXT)).isEqualTo(found("two"));
        }
        assertThat(server.queries()).containsExactly("TXT a.example", "TXT b.example", "TXT b.example", "TXT b.example");
        server.ttl(Duration.ofMinutes(1));
        for (int i = 0; i < 3; i++) {
            assertThat(ask(dns, "c.example", RecordType.TXT)).isEqualTo(new DnsAnswer.NxDomain<>());
            assertThat(ask(dns, "c.example", RecordType.A)).isEqualTo(new DnsAnswer.NxDomain<>());
            assertThat(ask(dns, "a.example", RecordType.A)).isEqualTo(new DnsAnswer.NoData<>());
        }
        assertThat(server.queries().subList(4, server.queries().size())).containsExactly("TXT c.example", "A a.example");
    }

    @Test
    void doesNotKeepLargeRecords() {
        server.txt("a.example", "x".repeat(5000));
        DnsjavaDns dns = on(LONG);
        ask(dns, "a.example", RecordType.TXT);
        ask(dns, "a.example", RecordType.TXT);
        assertThat(server.tcpQueries()).hasSize(2);
    }

    @Test
    void refusesAnAnswerOfMoreThanAHundredRecords() {
        IntStream.range(0, 100).forEach(i -> server.address("a.example", "192.0.2." + i));
        assertThat(ask(on(LONG), "a.example", RecordType.A)).isInstanceOf(DnsAnswer.Found.class);
        server.address("a.example", "192.0.2.100");
        assertThat(ask(on(LONG), "a.example", RecordType.A))
                .isEqualTo(new DnsAnswer.TempFailure<>("more than 100 records"));
    }

    @Test
    void takesEqualRecordsForOne() {
        server.txt("a.example", "v=spf1 -all").txt("a.example", "v=spf1 -all");
        assertThat(ask(on(LONG), "a.example", RecordType.TXT)).isEqualTo(found("v=spf1 -all"));
    }

    @Test
    void asksForOddNamesAsTheyAre() {
        for (String name : List.of("back\\slash.example", "quo\"te.example", "a@b.example", "semi;$()colon.example", "\\065.example")) {
            server.txt(name, name);
            assertThat(ask(on(LONG), name, RecordType.TXT)).isEqualTo(found(name));
        }
        assertThat(ask(on(LONG), "a.example", RecordType.TXT)).isEqualTo(new DnsAnswer.NxDomain<>());
    }

    @Test
    void leavesOutHostsThatAreNoDomainNames() {
        server.zone("""
                a.example. MX 10 bad\\032host.example.
                a.example. MX 20 bad\\.host.example.
                a.example. MX 30 good.example.
                b.example. MX 10 bad\\200host.example.
                """);
        assertThat(ask(on(LONG), "a.example", RecordType.MX))
                .isEqualTo(found(new MailExchanger(30, DomainName.of("good.example"))));
        assertThat(ask(on(LONG), "b.example", RecordType.MX)).isEqualTo(new DnsAnswer.NoData<>());
    }

    @Test
    void findsTheNullMx() {
        server.mx("a.example", 0, ".");
        assertThat(ask(on(LONG), "a.example", RecordType.MX)).isEqualTo(found(new MailExchanger(0, DomainName.ROOT)));
    }

    @Test
    void asksConcurrentlyAndLeavesNoThreadBehind() {
        server.delay(Duration.ofMillis(100));
        IntStream.range(0, 1000).forEach(i -> server.txt("n" + i + ".example", "r" + i));
        // As many attempts as usual: of so many packets at once a buffer of the system may drop some.
        DnsjavaDns dns = DnsjavaDns.onServers(List.of(server.socketAddress()), LONG, 3);
        ask(dns, "n0.example", RecordType.TXT);
        List<String> before = threads();
        long start = System.nanoTime();
        List<CompletableFuture<DnsAnswer<String>>> answers = IntStream.range(0, 1000)
                .mapToObj(i -> dns.lookup(DomainName.of("n" + i + ".example"), RecordType.TXT))
                .toList();
        for (int i = 0; i < 1000; i++) {
            assertThat(answers.get(i).join()).isEqualTo(found("r" + i));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as("1000 times 100 ms").isLessThan(Duration.ofSeconds(30));
        List<String> more = new ArrayList<>(threads());
        before.forEach(more::remove);
        assertThat(more).isEmpty();
    }

    @Test
    void usesTheDefaultsOfDnsjavaAtTheTimeOfTheLookup() {
        Resolver resolver = Lookup.getDefaultResolver();
        Cache cache = Lookup.getDefaultCache(DClass.IN);
        DnsjavaDns dns = DnsjavaDns.onDefaults();
        try {
            SimpleResolver ours = new SimpleResolver(server.socketAddress());
            ours.setTimeout(SHORT);
            Lookup.setDefaultResolver(new ExtendedResolver(new Resolver[] {ours}));
            Cache james = new Cache(DClass.IN);
            Lookup.setDefaultCache(james, DClass.IN);
            server.txt("a.example", "one").behave("b.example", Behaviour.SERVFAIL).behave("c.example", Behaviour.SILENT);
            assertThat(ask(dns, "a.example", RecordType.TXT)).isEqualTo(found("one"));
            assertThat(ask(dns, "a.example", RecordType.TXT)).isEqualTo(found("one"));
            assertThat(server.queries()).hasSize(1);
            assertThat(james.getSize()).isEqualTo(1);
            server.txt("large.example", "x".repeat(5000));
            assertThat(ask(dns, "large.example", RecordType.TXT)).isEqualTo(found("x".repeat(5000)));
            assertThat(james.getSize()).as("nothing large is kept in somebody else's cache").isEqualTo(1);
            assertThat(ask(dns, "b.example", RecordType.TXT)).isEqualTo(new DnsAnswer.TempFailure<>("SERVFAIL"));
            Lookup.setDefaultResolver(ours);
            assertThat(ask(dns, "c.example", RecordType.TXT)).isEqualTo(new DnsAnswer.TempFailure<>("no answer within 4 s"));
        } finally {
            Lookup.setDefaultResolver(resolver);
            Lookup.setDefaultCache(cache, DClass.IN);
        }
    }

    @Test
    void wantsServersItCanAsk() {
        InetSocketAddress address = server.socketAddress();
        assertThatThrownBy(() -> DnsjavaDns.onServers(List.of(), LONG, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DnsjavaDns.onServers(List.of(address), Duration.ZERO, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DnsjavaDns.onServers(List.of(address), LONG, 0)).isInstanceOf(IllegalArgumentException.class);
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("ns.invalid", 53);
        assertThatThrownBy(() -> DnsjavaDns.onServers(List.of(unresolved), LONG, 1)).hasMessageContaining("ns.invalid");
    }

    private DnsjavaDns on(Duration timeout) {
        return DnsjavaDns.onServers(List.of(server.socketAddress()), timeout, 1);
    }

    private static <T> DnsAnswer<T> ask(Dns dns, String name, RecordType<T> type) {
        return dns.lookup(DomainName.of(name), type).orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static <T> DnsAnswer<T> found(T value) {
        return new DnsAnswer.Found<>(List.of(value));
    }

    /** Without those of the common pool and of the virtual threads in the server, which come and go by themselves. */
    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("ForkJoinPool") && !name.startsWith("VirtualThread"))
                .toList();
    }
}
