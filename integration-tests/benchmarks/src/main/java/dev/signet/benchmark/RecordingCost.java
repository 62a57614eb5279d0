// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.dns.Dns;
import dev.signet.dns.ZoneFileDns;
import dev.signet.inbound.Connection;
import dev.signet.inbound.InboundCheck;
import dev.signet.inbound.InboundOptions;
import dev.signet.inbound.Verdict;
import dev.signet.report.Delivery;
import dev.signet.report.ReportedMessage;
import dev.signet.store.Database;
import dev.signet.store.DatabaseSettings;
import dev.signet.store.PolicyDay;
import dev.signet.store.Recorder;
import dev.signet.store.RecorderState;
import dev.signet.store.ReportStore;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * What recording for reports adds to the check of a message of 10,000 bytes: SPF, DKIM, DMARC, every answer at hand. Rounds with and
 * without it take turns, now the one first and now the other. While one with it runs, the journal is written and counted in the built-in
 * database, and nothing of that is left when one without it begins.
 */
final class RecordingCost {

    private static final int ROUNDS = 31;
    private static final int WARM_UP = 10;
    private static final int MESSAGES = 5000;

    private RecordingCost() {}

    public static void main(String[] arguments) throws Exception {
        run();
    }

    /** Prints the medians of a message as a Markdown table. */
    static void run() throws Exception {
        Path folder = Files.createTempDirectory("recording");
        SignedMessage message = SignedMessage.of(10_000);
        Path zone = folder.resolve("zone");
        // A character string of the DNS has 255 octets at most.
        String key = message.keyRecord().replaceAll("(.{200})", "$1\" \"");
        Files.writeString(zone, SpfZone.TEXT + "\nbench._domainkey.example.com. TXT \"" + key + "\"\n");
        Dns dns = ZoneFileDns.read(zone);
        InboundCheck check = new InboundCheck(dns, InboundOptions.DEFAULT, Thread::startVirtualThread, InstantSource.system());
        try (Database database = Database.open(DatabaseSettings.embedded(folder.resolve("reports")))) {
            ReportStore store = new ReportStore(database);
            long expected = 0;
            double[] without = new double[ROUNDS];
            double[] with = new double[ROUNDS];
            try (Recorder recorder = new Recorder(store, folder.resolve("journal"), 30, InstantSource.system(), new Random())) {
                recorder.start();
                for (int round = -WARM_UP; round < ROUNDS; round++) {
                    for (boolean recording : round % 2 == 0 ? new boolean[] {false, true} : new boolean[] {true, false}) {
                        double took = microseconds(check, message, verdict -> {
                            if (recording) {
                                recorder.record(reported(verdict));
                            }
                        });
                        expected += recording ? MESSAGES : 0;
                        awaitCounted(store, expected);
                        if (round >= 0) {
                            (recording ? with : without)[round] = took;
                        }
                    }
                }
                if (!(recorder.state() instanceof RecorderState.Sound)) {
                    throw new IllegalStateException(recorder.state().toString());
                }
            }
            print(without, with);
        }
    }

    /** Waits until all that was recorded is counted. */
    static void awaitCounted(ReportStore store, long expected) throws SQLException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (counted(store) != expected) {
            if (System.nanoTime() - deadline >= 0) {
                throw new IllegalStateException("of " + expected + " messages " + counted(store) + " were counted");
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static void print(double[] without, double[] with) {
        double[] adds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            adds[round] = 100 * (with[round] / without[round] - 1);
        }
        Arrays.sort(adds);
        Benchmarks.table("Recording for reports: a message of 10,000 bytes checked, with and without. Medians of %d pairs of rounds of %,d messages"
                        .formatted(ROUNDS, MESSAGES),
                "check, µs", "check and record, µs", "recording adds", "half of the pairs between");
        Benchmarks.row("%.1f".formatted(median(without)), "%.1f".formatted(median(with)), "%.1f %%".formatted(adds[ROUNDS / 2]),
                "%.1f and %.1f %%".formatted(adds[ROUNDS / 4], adds[ROUNDS - 1 - ROUNDS / 4]));
    }

    private interface After {
        void verdict(Verdict verdict);
    }

    private static double microseconds(InboundCheck check, SignedMessage message, After after) throws Exception {
        Connection connection =
                new Connection(InetAddress.getByName(SpfZone.CLIENT), "mail.example.com", SpfZone.SENDER, null, null);
        long start = System.nanoTime();
        for (int i = 0; i < MESSAGES; i++) {
            after.verdict(check.check(connection, new ByteArrayInputStream(message.bytes())));
        }
        return (System.nanoTime() - start) / 1e3 / MESSAGES;
    }

    private static ReportedMessage reported(Verdict verdict) {
        var client = verdict.client().orElseThrow();
        Delivery delivery = new Delivery(
                InstantSource.system().instant(), client.request().ip(), SpfZone.SENDER, Optional.empty(), false);
        return ReportedMessage.of(delivery, verdict.dmarc().orElseThrow(), verdict.dkim(), Optional.of(client.mailFrom()))
                .orElseThrow();
    }

    private static long counted(ReportStore store) throws SQLException {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        long counted = 0;
        for (LocalDate day : new LocalDate[] {today.minusDays(1), today}) {
            counted += store.policies(day).stream().mapToLong(PolicyDay::messages).sum();
        }
        return counted;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
