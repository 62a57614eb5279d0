// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DnsjavaDns;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.testing.LoopbackDns;
import org.xbill.DNS.Lookup;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Asks several questions at once, again and again, as a message does. Prints, among what others log, how often that took half a second or
 * more, and where its dnsjava comes from.
 */
final class QueriesAtOnce {

    static final int ROUNDS = 300;
    static final String SLOW = "Rounds of half a second or more: ";
    private static final int QUERIES = 5;

    private QueriesAtOnce() {}

    public static void main(String[] args) {
        int slow = 0;
        try (LoopbackDns server = LoopbackDns.start()) {
            DnsjavaDns dns = DnsjavaDns.onServers(List.of(server.socketAddress()), Duration.ofSeconds(20), 1);
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                askAtOnce(dns, round);
                if (System.nanoTime() - start >= Duration.ofMillis(500).toNanos()) {
                    slow++;
                }
            }
        }
        System.out.println(SLOW + slow + " with " + Lookup.class.getProtectionDomain().getCodeSource().getLocation());
    }

    private static void askAtOnce(DnsjavaDns dns, int round) {
        List<CompletableFuture<DnsAnswer<String>>> answers = IntStream.range(0, QUERIES)
                .mapToObj(i -> DomainName.of("n" + i + ".r" + round + ".example"))
                .map(name -> dns.lookup(name, RecordType.TXT))
                .toList();
        answers.forEach(CompletableFuture::join);
    }
}
