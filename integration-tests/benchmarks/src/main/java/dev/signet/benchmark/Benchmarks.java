// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import com.google.common.base.Splitter;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Runs the benchmarks, shows each as it ends, and closes with a Markdown table of ratios: absolute numbers are the machine's. */
public final class Benchmarks {

    private static final String QUIET = "-Dorg.slf4j.simpleLogger.defaultLogLevel=error";

    private Benchmarks() {}

    /** One cell: how often a second, and how much it allocates each time. */
    private record Measured(double perSecond, double bytes) {}

    public static void main(String[] arguments) throws Exception {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(DkimVerifyBenchmark.class.getSimpleName())
                        .include(SpfWarmBenchmark.class.getSimpleName())
                        .include(ArcSealBenchmark.class.getSimpleName())
                        .include(ArcVerifyBenchmark.class.getSimpleName())
                        // What the compiler makes of the same code differs from one JVM to the next.
                        .forks(3)
                        // The peers log each step; nobody pays for that in production.
                        .jvmArgsAppend(QUIET)
                        .threads(1)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(4)
                        .measurementTime(TimeValue.seconds(1))
                        .addProfiler(GCProfiler.class)
                        .verbosity(VerboseMode.NORMAL)
                        .build())
                .run();
        // By benchmark class, then by its parameter, then by method.
        Map<String, Map<Integer, Map<String, Measured>>> tables = new TreeMap<>();
        for (RunResult result : results) {
            List<String> name = Splitter.on('.').splitToList(result.getParams().getBenchmark());
            int parameter = result.getParams().getParamsKeys().stream()
                    .map(key -> Integer.parseInt(result.getParams().getParam(key)))
                    .findFirst()
                    .orElse(0);
            Measured measured = new Measured(
                    result.getPrimaryResult().getScore(), result.getSecondaryResults().get("gc.alloc.rate.norm").getScore());
            tables.computeIfAbsent(name.get(name.size() - 2), key -> new TreeMap<>())
                    .computeIfAbsent(parameter, key -> new TreeMap<>())
                    .put(name.getLast(), measured);
        }
        printDkim(tables.get(DkimVerifyBenchmark.class.getSimpleName()));
        Map<String, Measured> spf = tables.get(SpfWarmBenchmark.class.getSimpleName()).get(0);
        printSpf(spf.get("signet"), spf.get("jspf"));
        printArc("ARC: one set more; bare cost two RSA-2048 signatures and one SHA-256", tables.get(ArcSealBenchmark.class.getSimpleName()));
        printArc("ARC: a chain validated; bare cost two RSA-2048 verifications a set and one SHA-256",
                tables.get(ArcVerifyBenchmark.class.getSimpleName()));
        ColdDns.run();
    }

    private static void printArc(String title, Map<Integer, Map<String, Measured>> table) {
        System.out.println();
        System.out.println(String.format(Locale.ROOT, "%s; a message of %,d bytes", title, ArcSealBenchmark.SIZE));
        System.out.println();
        System.out.println("| sets | bare cost, messages/s | Signet, messages/s | Signet, times the bare cost | Signet allocates |");
        System.out.println("|---:|---:|---:|---:|---:|");
        table.forEach((sets, row) -> {
            Measured bare = row.get("bare");
            Measured signet = row.get("signet");
            System.out.println(String.format(Locale.ROOT, "| %d | %,.0f | %,.0f | %.2f | %,.0f B |",
                    sets, bare.perSecond(), signet.perSecond(), bare.perSecond() / signet.perSecond(), signet.bytes()));
        });
    }

    private static void printSpf(Measured signet, Measured jspf) {
        System.out.println();
        System.out.println("SPF, all answers at hand: three includes with one inside each, mx, a");
        System.out.println();
        System.out.println("| Signet, checks/s | jSPF, checks/s | Signet, times jSPF's rate | Signet allocates | jSPF allocates |");
        System.out.println("|---:|---:|---:|---:|---:|");
        System.out.println(String.format(Locale.ROOT, "| %,.0f | %,.0f | %.1f | %,.0f B | %,.0f B |",
                signet.perSecond(), jspf.perSecond(), signet.perSecond() / jspf.perSecond(), signet.bytes(), jspf.bytes()));
    }

    private static void printDkim(Map<Integer, Map<String, Measured>> table) {
        System.out.println();
        System.out.println("DKIM verify, one thread, RSA-2048, relaxed/relaxed, keys without DNS. JDK " + Runtime.version());
        System.out.println();
        System.out.println("| message bytes | bare cost, messages/s | Signet, messages/s | Signet, times the bare cost "
                + "| jDKIM, messages/s | Signet, times jDKIM's rate | Signet allocates | jDKIM allocates |");
        System.out.println("|---:|---:|---:|---:|---:|---:|---:|---:|");
        table.forEach((size, row) -> {
            Measured bare = row.get("bare");
            Measured signet = row.get("signet");
            Measured jdkim = row.get("jdkim");
            System.out.println(String.format(Locale.ROOT, "| %,d | %,.0f | %,.0f | %.2f | %,.0f | %.1f | %,.0f B | %,.0f B |",
                    size, bare.perSecond(), signet.perSecond(), bare.perSecond() / signet.perSecond(),
                    jdkim.perSecond(), signet.perSecond() / jdkim.perSecond(), signet.bytes(), jdkim.bytes()));
        });
    }
}
