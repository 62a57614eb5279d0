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
import java.util.stream.Stream;

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
                List<String> names = Stream.iterate(0, i -> i < QUERIES, i -> i + 1).map(("n%d.r" + round + ".example")::formatted).toList();
                names.forEach(name -> server.txt(name, "text"));
                long start = System.nanoTime();
                List<CompletableFuture<DnsAnswer<String>>> answers =
                        names.stream().map(name -> dns.lookup(DomainName.of(name), RecordType.TXT)).toList();
                answers.forEach(CompletableFuture::join);
                if (System.nanoTime() - start >= Duration.ofMillis(500).toNanos()) {
                    slow++;
                }
            }
        }
        System.out.println(SLOW + slow + " with " + Lookup.class.getProtectionDomain().getCodeSource().getLocation());
    }
}
