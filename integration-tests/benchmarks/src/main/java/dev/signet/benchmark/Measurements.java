// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import com.google.common.base.Splitter;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What JMH measured: by benchmark class, then by its parameter, then by method. */
final class Measurements {

    /** Stands in for the parameter of a benchmark that has none. */
    static final int NO_PARAMETER = 0;

    private static final String QUIET = "-Dorg.slf4j.simpleLogger.defaultLogLevel=error";

    /** How often a second, and how much it allocates each time. */
    record Cell(double perSecond, double bytes) {}

    private final Map<String, Map<Integer, Map<String, Cell>>> cells = new TreeMap<>();

    private Measurements() {}

    /**
     * Runs some benchmarks, and shows each as it ends.
     *
     * @param beside a jar more on the class path
     */
    static Measurements of(List<Class<?>> benchmarks, Optional<File> beside) throws RunnerException {
        Measurements measured = new Measurements();
        if (benchmarks.isEmpty()) {
            return measured;
        }
        ChainedOptionsBuilder options = new OptionsBuilder()
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
                .verbosity(VerboseMode.NORMAL);
        benchmarks.forEach(benchmark -> options.include("\\." + benchmark.getSimpleName() + "\\."));
        String classPath = System.getProperty("java.class.path");
        // JMH starts its JVMs with the class path of this one, as it finds it here.
        beside.ifPresent(jar -> System.setProperty("java.class.path", classPath + File.pathSeparator + jar));
        try {
            new Runner(options.build()).run().forEach(measured::add);
        } finally {
            System.setProperty("java.class.path", classPath);
        }
        return measured;
    }

    private void add(RunResult result) {
        List<String> name = Splitter.on('.').splitToList(result.getParams().getBenchmark());
        int parameter = result.getParams().getParamsKeys().stream()
                .map(key -> Integer.parseInt(result.getParams().getParam(key)))
                .findFirst()
                .orElse(NO_PARAMETER);
        cells.computeIfAbsent(name.get(name.size() - 2), key -> new TreeMap<>())
                .computeIfAbsent(parameter, key -> new TreeMap<>())
                .put(name.getLast(), new Cell(
                        result.getPrimaryResult().getScore(), result.getSecondaryResults().get("gc.alloc.rate.norm").getScore()));
    }

    Set<Integer> parameters(Class<?> benchmark) {
        return byParameter(benchmark).keySet();
    }

    Cell of(Class<?> benchmark, String method, int parameter) {
        Cell cell = byParameter(benchmark).getOrDefault(parameter, Map.of()).get(method);
        if (cell == null) {
            throw new NoSuchElementException(benchmark.getSimpleName() + "." + method + " with " + parameter + " was not measured");
        }
        return cell;
    }

    private Map<Integer, Map<String, Cell>> byParameter(Class<?> benchmark) {
        return cells.getOrDefault(benchmark.getSimpleName(), Map.of());
    }
}
