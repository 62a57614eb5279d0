// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.testing.Behaviour;
import dev.signet.testing.FakeDns;
import dev.signet.testing.LoopbackDns;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

class MessageDnsTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final DomainName A = DomainName.of("a.example");
    private static final DnsAnswer<String> ONE = new DnsAnswer.Found<>(List.of("one"));

    @Test
    void asksEqualQuestionsOnce() {
        FakeDns zone = new FakeDns().txt("a.example", "one").address("a.example", "192.0.2.1");
        MessageDns dns = new MessageDns(zone, 10, LONG);
        assertThat(dns.lookup(A, RecordType.TXT).join()).isEqualTo(ONE);
        assertThat(dns.lookup(DomainName.of("A.EXAMPLE."), RecordType.TXT).join()).isEqualTo(ONE);
        assertThat(dns.queries()).isEqualTo(1);
        dns.lookup(A, RecordType.A).join();
        dns.lookup(A, RecordType.AAAA).join();
        assertThat(zone.asked()).containsExactly("TXT a.example", "A a.example", "AAAA a.example");
        assertThat(dns.queries()).isEqualTo(3);
    }

    @Test
    void asksOnceForAThousandConcurrentLookups() throws Exception {
        try (LoopbackDns server = LoopbackDns.start(); ExecutorService threads = Executors.newFixedThreadPool(20)) {
            server.txt("a.example", "one").delay(Duration.ofMillis(50));
            MessageDns dns = new MessageDns(DnsjavaDns.onServers(List.of(server.socketAddress()), LONG, 1), 1, LONG);
            CountDownLatch go = new CountDownLatch(1);
            List<Future<DnsAnswer<String>>> answers = IntStream.range(0, 1000)
                    .mapToObj(i -> threads.submit(() -> {
                        go.await();
                        return dns.lookup(A, RecordType.TXT).join();
                    }))
                    .toList();
            go.countDown();
            for (Future<DnsAnswer<String>> answer : answers) {
                assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(ONE);
            }
            assertThat(server.queries()).containsExactly("TXT a.example");
            assertThat(dns.queries()).isEqualTo(1);
        }
    }

    @Test
    void refusesQuestionsOverTheBudgetAndAnswersTheOthersAgain() {
        FakeDns zone = new FakeDns().txt("a.example", "one");
        MessageDns dns = new MessageDns(zone, 2, LONG);
        dns.lookup(A, RecordType.TXT).join();
        dns.lookup(DomainName.of("b.example"), RecordType.TXT).join();
        for (int i = 0; i < 3; i++) {
            assertThat(dns.lookup(DomainName.of("c" + i + ".example"), RecordType.TXT).join())
                    .isEqualTo(new DnsAnswer.TempFailure<>("query budget of 2 exhausted"));
        }
        assertThat(dns.lookup(A, RecordType.TXT).join()).isEqualTo(ONE);
        assertThat(dns.queries()).isEqualTo(2);
        assertThat(zone.asked()).hasSize(2);
    }

    @Test
    void aViewWithABudgetOfItsOwnSharesAnswersAndCanStillAskWhatTheOtherCouldNot() {
        FakeDns zone = new FakeDns().txt("a.example", "one").txt("b.example", "two");
        MessageDns dns = new MessageDns(zone, 1, LONG);
        MessageDns other = dns.withBudget(1);
        dns.lookup(A, RecordType.TXT).join();
        assertThat(dns.lookup(DomainName.of("b.example"), RecordType.TXT).join()).isInstanceOf(DnsAnswer.TempFailure.class);

        assertThat(other.lookup(A, RecordType.TXT).join()).isEqualTo(ONE);
        assertThat(other.lookup(DomainName.of("b.example"), RecordType.TXT).join()).isEqualTo(new DnsAnswer.Found<>(List.of("two")));
        assertThat(other.lookup(DomainName.of("c.example"), RecordType.TXT).join()).isInstanceOf(DnsAnswer.TempFailure.class);
        assertThat(dns.lookup(DomainName.of("b.example"), RecordType.TXT).join()).as("known by now").isEqualTo(new DnsAnswer.Found<>(List.of("two")));
        assertThat(zone.asked()).containsExactly("TXT a.example", "TXT b.example");
        assertThat(dns.queries()).isEqualTo(1);
        assertThat(other.queries()).isEqualTo(1);
    }

    @Test
    void keepsToTheBudgetUnderConcurrency() {
        FakeDns zone = new FakeDns();
        MessageDns dns = new MessageDns(zone, 7, LONG);
        try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
            IntStream.range(0, 500).forEach(i ->
                    threads.execute(() -> dns.lookup(DomainName.of("n" + i + ".example"), RecordType.TXT).join()));
        }
        assertThat(zone.asked()).hasSize(7);
        assertThat(dns.queries()).isEqualTo(7);
    }

    @Test
    void answersEverythingAtTheDeadline() {
        try (LoopbackDns server = LoopbackDns.start()) {
            server.txt("a.example", "one");
            IntStream.range(0, 50).forEach(i -> server.behave("n" + i + ".example", Behaviour.SILENT));
            DnsjavaDns real = DnsjavaDns.onServers(List.of(server.socketAddress()), LONG, 1);
            long start = System.nanoTime();
            MessageDns dns = new MessageDns(real, 100, Duration.ofSeconds(2));
            List<CompletableFuture<DnsAnswer<String>>> silent = IntStream.range(0, 50)
                    .mapToObj(i -> dns.lookup(DomainName.of("n" + i + ".example"), RecordType.TXT))
                    .toList();
            assertThat(dns.lookup(A, RecordType.TXT).join()).isEqualTo(ONE);
            assertThat(dns.remaining()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(2));
            DnsAnswer<String> late = new DnsAnswer.TempFailure<>("no answer within 2 s");
            assertThat(silent).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(late));
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(10));
            assertThat(dns.remaining()).isZero();

            assertThat(dns.lookup(A, RecordType.TXT).join()).as("known already").isEqualTo(ONE);
            assertThat(dns.lookup(DomainName.of("late.example"), RecordType.TXT).join()).isEqualTo(late);
            assertThat(dns.queries()).isEqualTo(51);
            assertThat(server.queries()).hasSize(51).doesNotContain("TXT late.example");
        }
    }

    @Test
    void doesNotRunWhatFollowsOnTheTimerThreadOfTheJvm() {
        MessageDns dns = new MessageDns(new Never(), 1, Duration.ofMillis(50));
        String thread = dns.lookup(A, RecordType.TXT).thenApply(answer -> Thread.currentThread().getName()).join();
        assertThat(thread).doesNotContainIgnoringCase("delay");
    }

    @Test
    void keepsTheAnswerOfOneCallerFromTheHandsOfAnother() {
        CompletableFuture<DnsAnswer<String>> raw = new CompletableFuture<>();
        MessageDns dns = new MessageDns(new Never() {
            @Override
            @SuppressWarnings("unchecked")
            public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
                return (CompletableFuture<DnsAnswer<T>>) (CompletableFuture<?>) raw;
            }
        }, 1, LONG);
        CompletableFuture<DnsAnswer<String>> first = dns.lookup(A, RecordType.TXT);
        CompletableFuture<DnsAnswer<String>> second = dns.lookup(A, RecordType.TXT);
        assertThat(first.cancel(true)).isTrue();
        raw.complete(ONE);
        assertThat(second.join()).isEqualTo(ONE);
    }

    /** Never answers. */
    private static class Never implements Dns {
        @Override
        public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
            return new CompletableFuture<>();
        }
    }
}
