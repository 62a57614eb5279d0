// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import com.google.common.base.Splitter;

import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Runs the benchmarks and closes with Markdown tables of ratios: absolute numbers are the machine's. Its argument says which: {@code
 * all}, or parts of their names with commas between them.
 */
public final class Benchmarks {

    private final List<String> wanted;

    private Benchmarks(List<String> wanted) {
        this.wanted = wanted;
    }

    public static void main(String[] arguments) throws Exception {
        new Benchmarks(Splitter.on(',').splitToList(arguments[0])).run();
    }

    private boolean wants(Class<?> benchmark) {
        return wanted.contains("all") || wanted.stream().anyMatch(benchmark.getSimpleName()::contains);
    }

    private void run() throws Exception {
        List<Class<?>> jmh = new ArrayList<>(List.of(
                DkimVerifyBenchmark.class, SignBenchmark.class, ArcSealBenchmark.class, ArcVerifyBenchmark.class,
                SpfWarmBenchmark.class, HeaderParsingBenchmark.class, InboundBenchmark.class));
        jmh.removeIf(benchmark -> !wants(benchmark));
        Measurements measured = Measurements.of(jmh, Optional.empty());
        // The same once more where the native provider lies beside our classes.
        String provider = System.getProperty("native-provider", "");
        jmh.retainAll(List.of(DkimVerifyBenchmark.class, SignBenchmark.class, ArcVerifyBenchmark.class, InboundBenchmark.class));
        Optional<Measurements> fast = provider.isEmpty() || jmh.isEmpty()
                ? Optional.empty()
                : Optional.of(Measurements.of(jmh, Optional.of(new File(provider))));
        if (wants(DkimVerifyBenchmark.class)) {
            printVerify(measured, fast);
        }
        if (wants(SignBenchmark.class)) {
            printSign(measured, fast);
        }
        if (wants(ArcSealBenchmark.class)) {
            printArc("ARC: one set more; bare cost two RSA-2048 signatures and one SHA-256", measured, ArcSealBenchmark.class, Optional.empty());
        }
        if (wants(ArcVerifyBenchmark.class)) {
            printArc("ARC: a chain validated; bare cost two RSA-2048 verifications a set and one SHA-256", measured, ArcVerifyBenchmark.class, fast);
        }
        if (wants(SpfWarmBenchmark.class)) {
            printBesidePeer("SPF, all answers at hand: three includes with one inside each, mx, a", "jSPF", "jspf", measured, SpfWarmBenchmark.class);
        }
        if (wants(HeaderParsingBenchmark.class)) {
            printParsing(measured);
        }
        if (wants(InboundBenchmark.class)) {
            printInbound(measured, fast);
        }
        if (wants(LeastHeap.class)) {
            LeastHeap.run();
        }
        if (wants(ColdDns.class)) {
            ColdDns.run();
        }
        if (wants(RecordingCost.class)) {
            RecordingCost.run();
        }
        if (wants(RecordedDay.class)) {
            RecordedDay.run();
        }
        if (wants(JamesThroughput.class)) {
            JamesThroughput.run();
        }
        if (wants(JamesMemory.class)) {
            JamesMemory.run();
        }
    }

    private static void printVerify(Measurements measured, Optional<Measurements> fast)
            throws IOException, InterruptedException, GeneralSecurityException {
        Class<?> benchmark = DkimVerifyBenchmark.class;
        table("DKIM verify, one thread, RSA-2048, relaxed/relaxed, keys without DNS. JDK " + Runtime.version(),
                "message bytes", "bare cost, messages/s", "Signet, messages/s", "Signet, times the bare cost", "Signet allocates",
                "Signet with the native provider, messages/s", "jDKIM, messages/s", "Signet, times jDKIM's rate", "jDKIM allocates");
        Map<Integer, Double> rates = new TreeMap<>();
        for (int size : measured.parameters(benchmark)) {
            Measurements.Cell bare = measured.of(benchmark, "bare", size);
            Measurements.Cell signet = measured.of(benchmark, "signet", size);
            Measurements.Cell jdkim = measured.of(benchmark, "jdkim", size);
            rates.put(size, signet.perSecond());
            row("%,d".formatted(size), rate(bare), rate(signet), times(bare, signet), bytes(signet),
                    fast.map(cells -> rate(cells.of(benchmark, "signet", size))).orElse("-"),
                    rate(jdkim), times(signet, jdkim), bytes(jdkim));
        }
        table("DKIM verify of the same messages by those that are no Java, one thread each, right behind it",
                "message bytes", "libopendkim, messages/s", "Signet, times its rate", "Mail::DKIM, messages/s", "Signet, times its rate",
                "dkimpy, messages/s", "Signet, times its rate");
        for (int size : measured.parameters(benchmark)) {
            SignedMessage message = SignedMessage.of(size);
            List<String> cells = new ArrayList<>(List.of("%,d".formatted(size)));
            for (Peer peer : Peer.values()) {
                OptionalDouble rate = peer.rate(message);
                cells.add(rate.isEmpty() ? "-" : number(rate.getAsDouble()));
                cells.add(rate.isEmpty() ? "-" : "%.1f".formatted(rates.get(size) / rate.getAsDouble()));
            }
            row(cells.toArray(String[]::new));
        }
    }

    private static void printSign(Measurements measured, Optional<Measurements> fast) {
        Class<?> benchmark = SignBenchmark.class;
        table("DKIM signature, and first ARC set, RSA-2048; bare cost one RSA signature, and two",
                "message bytes", "bare, signatures/s", "sign, messages/s", "sign, times the bare cost", "seal, messages/s",
                "seal, times the bare cost", "jDKIM signs, messages/s", "sign, times jDKIM's rate",
                "sign with the native provider, times without", "seal with the native provider, times without");
        for (int size : measured.parameters(benchmark)) {
            Measurements.Cell sign = measured.of(benchmark, "sign", size);
            Measurements.Cell seal = measured.of(benchmark, "seal", size);
            Measurements.Cell bare = measured.of(benchmark, "bareSignature", size);
            Measurements.Cell jdkim = measured.of(benchmark, "jdkim", size);
            row("%,d".formatted(size), rate(bare), rate(sign), times(bare, sign), rate(seal),
                    times(measured.of(benchmark, "bareSeal", size), seal), rate(jdkim), times(sign, jdkim),
                    fast.map(cells -> times(cells.of(benchmark, "sign", size), sign)).orElse("-"),
                    fast.map(cells -> times(cells.of(benchmark, "seal", size), seal)).orElse("-"));
        }
    }

    private static void printArc(String title, Measurements measured, Class<?> benchmark, Optional<Measurements> fast) {
        table(title + "; a message of %,d bytes".formatted(ArcSealBenchmark.SIZE),
                "sets", "bare cost, messages/s", "Signet, messages/s", "Signet, times the bare cost", "Signet allocates",
                "Signet with the native provider, times without");
        for (int sets : measured.parameters(benchmark)) {
            Measurements.Cell bare = measured.of(benchmark, "bare", sets);
            Measurements.Cell signet = measured.of(benchmark, "signet", sets);
            row("%d".formatted(sets), rate(bare), rate(signet), times(bare, signet), bytes(signet),
                    fast.map(cells -> times(cells.of(benchmark, "signet", sets), signet)).orElse("-"));
        }
    }

    private static void printParsing(Measurements measured) {
        table("Header fields read", "field", "Signet, fields/s", "Signet allocates", "Mime4j, fields/s", "Mime4j allocates");
        Class<?> benchmark = HeaderParsingBenchmark.class;
        Measurements.Cell from = measured.of(benchmark, "from", Measurements.NO_PARAMETER);
        Measurements.Cell mime4j = measured.of(benchmark, "fromByMime4j", Measurements.NO_PARAMETER);
        Measurements.Cell results = measured.of(benchmark, "results", Measurements.NO_PARAMETER);
        row("From, its author domain", rate(from), bytes(from), rate(mime4j), bytes(mime4j));
        row("Authentication-Results with five results", rate(results), bytes(results), "-", "-");
    }

    private static void printInbound(Measurements measured, Optional<Measurements> fast) {
        Class<?> benchmark = InboundBenchmark.class;
        Measurements.Cell bare = measured.of(benchmark, "bare", Measurements.NO_PARAMETER);
        Measurements.Cell signet = measured.of(benchmark, "signet", Measurements.NO_PARAMETER);
        Measurements.Cell peers = measured.of(benchmark, "peers", Measurements.NO_PARAMETER);
        Optional<Measurements.Cell> nativeCell = fast.map(cells -> cells.of(benchmark, "signet", Measurements.NO_PARAMETER));
        Optional<Measurements.Cell> nativeBare = fast.map(cells -> cells.of(benchmark, "bare", Measurements.NO_PARAMETER));
        table("SPF, DKIM, ARC and DMARC of a message of %,d bytes with %d ARC sets, all answers at hand, beside SPF by jSPF, then DKIM by jDKIM"
                        .formatted(InboundBenchmark.SIZE, InboundBenchmark.SETS),
                "bare cost, checks/s", "Signet, checks/s", "Signet, times the bare cost", "Signet with the native provider, checks/s",
                "jSPF, then jDKIM, checks/s", "Signet, times that rate", "with the native provider", "bare cost, times that rate",
                "native bare cost, times that rate", "Signet allocates", "jSPF, then jDKIM allocates");
        row(rate(bare), rate(signet), times(bare, signet), nativeCell.map(Benchmarks::rate).orElse("-"), rate(peers), times(signet, peers),
                nativeCell.map(cell -> times(cell, peers)).orElse("-"), times(bare, peers),
                nativeBare.map(cell -> times(cell, peers)).orElse("-"), bytes(signet), bytes(peers));
    }

    private static void printBesidePeer(String title, String peer, String method, Measurements measured, Class<?> benchmark) {
        Measurements.Cell signet = measured.of(benchmark, "signet", Measurements.NO_PARAMETER);
        Measurements.Cell other = measured.of(benchmark, method, Measurements.NO_PARAMETER);
        table(title, "Signet, checks/s", peer + ", checks/s", "Signet, times that rate", "Signet allocates", peer + " allocates");
        row(rate(signet), rate(other), times(signet, other), bytes(signet), bytes(other));
    }

    static void table(String title, String... heads) {
        System.out.println();
        System.out.println(title);
        System.out.println();
        row(heads);
        System.out.println("|---:".repeat(heads.length) + "|");
    }

    static void row(String... cells) {
        System.out.println("| " + String.join(" | ", cells) + " |");
    }

    private static String rate(Measurements.Cell cell) {
        return number(cell.perSecond());
    }

    static String number(double perSecond) {
        return String.format(Locale.ROOT, perSecond < 100 ? "%,.1f" : "%,.0f", perSecond);
    }

    /** How much more often a second the first can be done than the second. */
    private static String times(Measurements.Cell often, Measurements.Cell seldom) {
        return String.format(Locale.ROOT, "%.2f", often.perSecond() / seldom.perSecond());
    }

    private static String bytes(Measurements.Cell cell) {
        return String.format(Locale.ROOT, "%,.0f B", cell.bytes());
    }
}
