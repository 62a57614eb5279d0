// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.store.Database;
import dev.signet.store.DatabaseSettings;
import dev.signet.store.ReportStore;
import dev.signet.testing.LoopbackDns;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Messages a second that a real James accepts over SMTP and delivers, with and without Signet. Each variant has a James of its own, and
 * they take turns: one is under load, the others idle. The senders are on the same machine and take from the same processors.
 *
 * <p>Measured is what a server can go on accepting: not faster than it delivers. Beside it stands a burst, which goes into the queue.
 */
final class JamesThroughput {

    private static final List<Integer> CLIENTS = List.of(1, 4, 16);
    private static final int MESSAGES = 2000;
    // Until the compiler has come to rest, which takes James 60,000 messages: a server runs for weeks.
    private static final int WARM_UP = 30;
    private static final int ROUNDS = 7;

    private JamesThroughput() {}

    /** Prints the medians as Markdown tables. */
    static void run() throws Exception {
        try (LoopbackDns dns = LoopbackDns.start().ttl(Duration.ofDays(1))) {
            List<LoadMail> mail = LoadMail.make(MESSAGES, dns);
            for (boolean onDisk : List.of(true, false)) {
                run(onDisk, mail, dns);
            }
        }
    }

    private static void run(boolean onDisk, List<LoadMail> mail, LoopbackDns dns) throws Exception {
        List<MeasuredJames> servers = new ArrayList<>();
        try {
            for (JamesVariant variant : JamesVariant.all()) {
                servers.add(MeasuredJames.start(variant, onDisk, dns));
            }
            for (MeasuredJames server : servers) {
                server.check(mail.getFirst());
                for (int i = 0; i < WARM_UP; i++) {
                    server.load(CLIENTS.getLast(), share(server, mail), MeasuredJames.SMALL_BACKLOG);
                }
            }
            for (int clients : CLIENTS) {
                print(onDisk, clients, measure(servers, clients, mail));
            }
            for (MeasuredJames server : servers) {
                if (server.variant().records()) {
                    awaitCounted(server);
                }
            }
        } finally {
            for (MeasuredJames server : servers) {
                server.close();
            }
        }
    }

    /** A post to a list takes several times as long: less of it. */
    private static List<LoadMail> share(MeasuredJames server, List<LoadMail> mail) {
        return server.variant().isList() ? mail.subList(0, mail.size() / 5) : mail;
    }

    /** What came of one variant, round by round. */
    private record Result(List<MeasuredJames.Round> sustained, List<MeasuredJames.Round> burst) {

        Result() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    private static Map<JamesVariant, Result> measure(List<MeasuredJames> servers, int clients, List<LoadMail> mail) throws Exception {
        Map<JamesVariant, Result> results = new EnumMap<>(JamesVariant.class);
        for (int round = 0; round <= ROUNDS; round++) {
            for (int i = 0; i < servers.size(); i++) {
                // Nobody always comes behind the same one.
                MeasuredJames server = servers.get((round + i) % servers.size());
                List<LoadMail> share = share(server, mail);
                server.liveHeap();
                MeasuredJames.Round sustained = server.load(clients, share, MeasuredJames.SMALL_BACKLOG);
                server.liveHeap();
                MeasuredJames.Round burst = server.load(clients, share, share.size());
                // The first one gets used to the number of clients.
                if (round > 0) {
                    Result result = results.computeIfAbsent(server.variant(), variant -> new Result());
                    result.sustained().add(sustained);
                    result.burst().add(burst);
                }
            }
        }
        return results;
    }

    private static void print(boolean onDisk, int clients, Map<JamesVariant, Result> results) {
        Benchmarks.table("James 3.8.1 end to end, queues %s, %d client%s, messages of 10,000 bytes. Medians of %d rounds of %,d messages".formatted(
                        onDisk ? "on disk" : "in memory", clients, clients == 1 ? "" : "s", ROUNDS, MESSAGES),
                "James", "accepted, messages/s", "times without Signet", "slowest and fastest round", "delivered, messages/s",
                "times without Signet", "accepted in a burst, messages/s", "times without Signet", "processor time of James, ms/message");
        Result without = results.get(JamesVariant.WITHOUT_SIGNET);
        results.forEach((variant, measured) -> Benchmarks.row(
                variant.toString(),
                number(median(measured.sustained(), MeasuredJames.Round::accepted)),
                ratio(measured.sustained(), without.sustained(), MeasuredJames.Round::accepted),
                range(measured.sustained()),
                number(median(measured.sustained(), MeasuredJames.Round::delivered)),
                ratio(measured.sustained(), without.sustained(), MeasuredJames.Round::delivered),
                number(median(measured.burst(), MeasuredJames.Round::accepted)),
                ratio(measured.burst(), without.burst(), MeasuredJames.Round::accepted),
                "%.2f".formatted(median(measured.sustained(), MeasuredJames.Round::processorMillis))));
    }

    private static String ratio(List<MeasuredJames.Round> with, List<MeasuredJames.Round> without, ToDoubleFunction<MeasuredJames.Round> what) {
        return String.format(Locale.ROOT, "%.2f", median(with, what) / median(without, what));
    }

    private static String range(List<MeasuredJames.Round> rounds) {
        double[] sorted = sorted(rounds, MeasuredJames.Round::accepted);
        return number(sorted[0]) + " to " + number(sorted[sorted.length - 1]);
    }

    private static double median(List<MeasuredJames.Round> rounds, ToDoubleFunction<MeasuredJames.Round> what) {
        return sorted(rounds, what)[rounds.size() / 2];
    }

    private static double[] sorted(List<MeasuredJames.Round> rounds, ToDoubleFunction<MeasuredJames.Round> what) {
        return rounds.stream().mapToDouble(what).sorted().toArray();
    }

    private static String number(double perSecond) {
        return String.format(Locale.ROOT, "%,.0f", perSecond);
    }

    /** That the store was at work. */
    private static void awaitCounted(MeasuredJames server) throws SQLException {
        try (Database database = Database.open(DatabaseSettings.embedded(server.install().directory().resolve("var/signet/reports")))) {
            RecordingCost.awaitCounted(new ReportStore(database), server.sent());
        }
    }
}
