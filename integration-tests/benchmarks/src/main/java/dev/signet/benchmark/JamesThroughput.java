// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import com.google.common.collect.Lists;
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
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

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
    private static final int ROUNDS = 3;
    // What the compiler makes of the same code differs from one JVM to the next, here by more than Signet costs.
    private static final int STARTS = 3;

    private JamesThroughput() {}

    /** Prints the medians as Markdown tables. */
    static void run() throws Exception {
        try (LoopbackDns dns = LoopbackDns.start().ttl(Duration.ofDays(1))) {
            List<LoadMail> mail = LoadMail.make(MESSAGES, dns);
            for (JamesStorage storage : JamesStorage.values()) {
                Map<Integer, Map<JamesVariant, Result>> results = new TreeMap<>();
                for (int start = 0; start < STARTS; start++) {
                    run(storage, mail, dns, results);
                }
                results.forEach((clients, variants) -> print(storage, clients, variants));
            }
        }
    }

    /** @param results by the number of clients: what is added to */
    private static void run(JamesStorage storage, List<LoadMail> mail, LoopbackDns dns, Map<Integer, Map<JamesVariant, Result>> results)
            throws Exception {
        List<MeasuredJames> servers = new ArrayList<>();
        try {
            for (JamesVariant variant : JamesVariant.all()) {
                servers.add(MeasuredJames.start(variant, storage, dns));
            }
            for (MeasuredJames server : servers) {
                server.check(mail.getFirst());
                for (int i = 0; i < WARM_UP; i++) {
                    server.load(CLIENTS.getLast(), share(server, mail), MeasuredJames.SMALL_BACKLOG);
                }
            }
            for (int clients : CLIENTS) {
                measure(servers, clients, mail, results.computeIfAbsent(clients, first -> new EnumMap<>(JamesVariant.class)));
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

    /** What came of one variant, round by round, start by start. */
    private record Result(List<MeasuredJames.Round> sustained, List<MeasuredJames.Round> burst) {

        Result() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    private static void measure(List<MeasuredJames> servers, int clients, List<LoadMail> mail, Map<JamesVariant, Result> results) throws Exception {
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
    }

    private static void print(JamesStorage storage, int clients, Map<JamesVariant, Result> results) {
        Benchmarks.table("James 3.8.1 end to end, %s, %d client%s, messages of 10,000 bytes. Medians of %d rounds of %,d messages, %d at each of %d starts".formatted(
                        storage, clients, clients == 1 ? "" : "s", STARTS * ROUNDS, MESSAGES, ROUNDS, STARTS),
                "James", "accepted, messages/s", "times without Signet", "start by start", "delivered, messages/s",
                "times without Signet", "accepted in a burst, messages/s", "times without Signet", "processor time of James, ms/message");
        Result without = results.get(JamesVariant.WITHOUT_SIGNET);
        results.forEach((variant, measured) -> Benchmarks.row(
                variant.toString(),
                number(median(measured.sustained(), MeasuredJames.Round::accepted)),
                ratio(measured.sustained(), without.sustained(), MeasuredJames.Round::accepted),
                byStart(measured.sustained()),
                number(median(measured.sustained(), MeasuredJames.Round::delivered)),
                ratio(measured.sustained(), without.sustained(), MeasuredJames.Round::delivered),
                number(median(measured.burst(), MeasuredJames.Round::accepted)),
                ratio(measured.burst(), without.burst(), MeasuredJames.Round::accepted),
                "%.2f".formatted(median(measured.sustained(), MeasuredJames.Round::processorMillis))));
    }

    private static String ratio(List<MeasuredJames.Round> with, List<MeasuredJames.Round> without, ToDoubleFunction<MeasuredJames.Round> what) {
        return String.format(Locale.ROOT, "%.2f", median(with, what) / median(without, what));
    }

    private static String byStart(List<MeasuredJames.Round> rounds) {
        return Lists.partition(rounds, ROUNDS).stream()
                .map(start -> number(median(start, MeasuredJames.Round::accepted)))
                .collect(Collectors.joining("; "));
    }

    private static double median(List<MeasuredJames.Round> rounds, ToDoubleFunction<MeasuredJames.Round> what) {
        return rounds.stream().mapToDouble(what).sorted().toArray()[rounds.size() / 2];
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
