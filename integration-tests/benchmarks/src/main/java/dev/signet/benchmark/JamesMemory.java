// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.testing.LoopbackDns;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a James keeps in memory while mail flows, minute by minute: what is alive after a whole collection, with all mail delivered and
 * removed from its mailbox. {@code -Dbenchmark.minutes} says how long.
 */
final class JamesMemory {

    private static final int MESSAGES = 500;
    private static final int CLIENTS = 4;

    private JamesMemory() {}

    /** Prints a row each minute. */
    static void run() throws Exception {
        int minutes = Integer.getInteger("benchmark.minutes", 10);
        List<MeasuredJames> servers = new ArrayList<>();
        try (LoopbackDns dns = LoopbackDns.start().ttl(Duration.ofDays(1))) {
            List<LoadMail> mail = LoadMail.make(MESSAGES, dns);
            for (JamesVariant variant : JamesVariant.values()) {
                // Who computes RSA keeps nothing.
                if (variant != JamesVariant.NATIVE_PROVIDER) {
                    servers.add(MeasuredJames.start(variant, JamesStorage.IN_MEMORY, dns));
                }
            }
            List<String> heads = new ArrayList<>(List.of("minute", "messages so far, each"));
            servers.forEach(server -> heads.add(server.variant() + ", MiB"));
            Benchmarks.table("Live heap of James under steady load, %d clients, delivered mail removed".formatted(CLIENTS), heads.toArray(String[]::new));
            long start = System.nanoTime();
            for (int minute = 1; minute <= minutes; minute++) {
                do {
                    for (MeasuredJames server : servers) {
                        server.load(CLIENTS, mail, MeasuredJames.SMALL_BACKLOG);
                    }
                } while (System.nanoTime() - start < Duration.ofMinutes(minute).toNanos());
                List<String> cells = new ArrayList<>(List.of("%d".formatted(minute), "%,d".formatted(servers.getFirst().sent())));
                for (MeasuredJames server : servers) {
                    cells.add("%.1f".formatted(server.liveHeap() / (double) (1 << 20)));
                }
                Benchmarks.row(cells.toArray(String[]::new));
            }
        } finally {
            for (MeasuredJames server : servers) {
                server.close();
            }
        }
    }
}
