// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.Test;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What is asked before evaluation asks for it, and how many trips to the DNS that leaves. */
class EarlyQueriesTest {

    /** Asks each question once. Answers nothing until a trip is over, then everything asked in it; in the end at once. */
    private static final class Trips implements Dns {

        private final FakeDns zone;
        private final Map<List<Object>, CompletableFuture<?>> asked = new HashMap<>();
        private final List<Runnable> pending = new ArrayList<>();
        private int count;
        private boolean immediate;

        Trips(FakeDns zone) {
            this.zone = zone;
        }

        @Override
        @SuppressWarnings("unchecked") // A question's type is that of its answer.
        public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
            List<Object> question = List.of(name, type);
            CompletableFuture<?> answer = asked.get(question);
            if (answer == null) {
                answer = ask(name, type);
                asked.put(question, answer);
            }
            return (CompletableFuture<DnsAnswer<T>>) answer;
        }

        private <T> CompletableFuture<DnsAnswer<T>> ask(DomainName name, RecordType<T> type) {
            CompletableFuture<DnsAnswer<T>> known = zone.lookup(name, type);
            if (immediate) {
                return known;
            }
            CompletableFuture<DnsAnswer<T>> answer = new CompletableFuture<>();
            pending.add(() -> answer.complete(known.join()));
            return answer;
        }

        void runAll() {
            while (!pending.isEmpty()) {
                List<Runnable> trip = List.copyOf(pending);
                pending.clear();
                trip.forEach(Runnable::run);
                count++;
            }
        }
    }

    private final FakeDns zone = new FakeDns();
    private final Trips trips = new Trips(zone);

    /** Lets early queries run to their end, and evaluation only then. */
    private SpfResult check(int earlyQueries) {
        List<Runnable> evaluations = new ArrayList<>();
        SpfOptions options = new SpfOptions(2, earlyQueries, false, "unknown");
        CompletableFuture<SpfResult> result = new SpfChecker(options, evaluations::add, InstantSource.system()).check(
                SpfWorld.mailFrom("user@example.com"), SpfIdentity.MAIL_FROM, trips);
        trips.runAll();
        int early = zone.asked().size();
        trips.immediate = true;
        evaluations.getFirst().run();
        assertThat(zone.asked().subList(early, zone.asked().size())).as("asked late").isEqualTo(late);
        return result.join();
    }

    private List<String> late = List.of();

    @Test
    void needsThreeTripsForARecordThreeDeep() {
        zone.txt("example.com", "v=spf1 mx a:www.example.com include:a.example include:b.example include:c.example -all")
                .mx("example.com", 10, "mx1.example.com").mx("example.com", 20, "mx2.example.com")
                .address("mx1.example.com", "198.51.100.1").address("mx2.example.com", "198.51.100.2")
                .address("www.example.com", "198.51.100.3");
        for (String name : List.of("a", "b", "c")) {
            zone.txt(name + ".example", "v=spf1 include:nested." + name + ".example -all")
                    .txt("nested." + name + ".example", "v=spf1 ip4:198.51.100.0/24 -all");
        }
        SpfResult result = check(24);
        assertThat(result.state()).isEqualTo(SpfResult.State.FAIL);
        assertThat(result.lookups()).isEqualTo(8);
        assertThat(trips.count).isEqualTo(3);
        assertThat(zone.asked()).hasSize(11).doesNotHaveDuplicates();
    }

    @Test
    void followsARedirectAndMacrosThatNeedNoDns() {
        zone.txt("example.com", "v=spf1 redirect=_spf.%{d}")
                .txt("_spf.example.com", "v=spf1 a:%{l}.%{o} -all")
                .address("user.example.com", SpfWorld.CLIENT);
        assertThat(check(24).state()).isEqualTo(SpfResult.State.PASS);
        assertThat(trips.count).isEqualTo(3);
    }

    @Test
    void neverAsksEarlyForWhatTellsSomebodyAboutTheMessage() {
        late = List.of("A 3.2.0.192.example.com", "PTR 3.2.0.192.in-addr.arpa", "A unknown.example.com");
        zone.txt("example.com", "v=spf1 exists:%{ir}.%{d} ptr:%{d} a:%{p}.%{d} exists:b.%{d} -all").empty("b.example.com");
        assertThat(check(24).state()).isEqualTo(SpfResult.State.PERMERROR);
    }

    @Test
    void asksForNothingBehindWhatMatchesAnyway() {
        zone.txt("example.com", "v=spf1 ip4:192.0.2.0/24 a mx include:other.example -all");
        assertThat(check(24).state()).isEqualTo(SpfResult.State.PASS);
        assertThat(zone.asked()).containsExactly("TXT example.com");
    }

    @Test
    void asksOneAfterTheOtherWhereTurnedOff() {
        late = List.of("A example.com", "TXT other.example");
        zone.txt("example.com", "v=spf1 a include:other.example -all").txt("other.example", "v=spf1 ip4:192.0.2.3")
                .address("example.com", "198.51.100.1");
        assertThat(check(0).state()).isEqualTo(SpfResult.State.PASS);
        assertThat(zone.asked()).containsExactly("TXT example.com", "A example.com", "TXT other.example");
    }

    @Test
    void stopsAtItsLimit() {
        StringBuilder record = new StringBuilder("v=spf1");
        for (int i = 0; i < 5_000; i++) {
            record.append(" a:h").append(i).append(".example.net");
            zone.address("h" + i + ".example.net", "198.51.100.1");
        }
        zone.txt("example.com", record.toString());
        SpfResult result = check(24);
        assertThat(result.state()).isEqualTo(SpfResult.State.PERMERROR);
        assertThat(result.lookups()).isEqualTo(10);
        assertThat(zone.asked()).hasSize(25);
    }

    @Test
    void endsInAnIncludeLoop() {
        zone.txt("example.com", "v=spf1 include:b.example include:b.example").txt("b.example", "v=spf1 include:example.com include:b.example");
        assertThat(check(24).state()).isEqualTo(SpfResult.State.PERMERROR);
        assertThat(zone.asked()).containsExactly("TXT example.com", "TXT b.example");
    }
}
