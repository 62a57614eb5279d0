// SPDX-License-Identifier: Apache-2.0
package dev.signet.fuzz;

import com.code_intelligence.jazzer.Jazzer;
import com.code_intelligence.jazzer.junit.FuzzTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Fuzzes every target, one after the other, each in a JVM of its own, and closes with a Markdown table of executions and time. What
 * fails a target is left in its folder and shown; the exit status then is 1.
 */
public final class Fuzzing {

    // What one input may take before it counts as a finding.
    private static final String LONGEST_SECONDS = "10";
    private static final String HEAP = "-Xmx768m";

    // To report every comparison to the fuzzer costs several times what the code under test does. Words come from dictionaries.
    private static final String TRACE = "cov";

    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");

    private record Target(Class<?> test, String method, List<String> words) {
        String name() {
            return test.getSimpleName() + "." + method;
        }
    }

    private record Outcome(Target target, long runs, long seconds, boolean clean) {}

    private Fuzzing() {}

    /**
     * Fuzzes.
     *
     * @param arguments seconds a target, the folder for everything that is found, and parts of names of targets, or nothing for all
     */
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        List<String> wanted = Stream.of(arguments).skip(2).flatMap(names -> Pattern.compile("[,\\s]+").splitAsStream(names)).filter(name -> !name.isEmpty()).toList();
        List<Outcome> outcomes = new ArrayList<>();
        for (Target target : targets()) {
            if (wanted.isEmpty() || wanted.stream().anyMatch(target.name()::contains)) {
                outcomes.add(fuzz(target, Integer.parseInt(arguments[0]), folder));
            }
        }
        print(outcomes);
        System.exit(outcomes.stream().allMatch(Outcome::clean) ? 0 : 1);
    }

    /** Every method with the annotation, of every class that is named for it. */
    private static List<Target> targets() throws ReflectiveOperationException, IOException {
        Path root = Path.of(Fuzzing.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        List<Target> targets = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(path -> path.toString().endsWith("FuzzTest.class")).sorted().toList()) {
                String name = root.relativize(file).toString().replace(".class", "").replace('/', '.');
                Class<?> test = Class.forName(name, false, Fuzzing.class.getClassLoader());
                for (Method method : test.getDeclaredMethods()) {
                    if (method.isAnnotationPresent(FuzzTest.class)) {
                        Words words = method.getAnnotation(Words.class);
                        targets.add(new Target(test, method.getName(), words == null ? List.of() : List.of(words.value())));
                    }
                }
            }
        }
        return targets;
    }

    /** What the tests themselves do is nothing to explore. */
    private static String tests(Target target) {
        return Fuzzing.class.getPackageName() + ".**:" + target.test().getName() + "**";
    }

    private static Outcome fuzz(Target target, int seconds, Path folder) throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve(target.name()));
        Path log = own.resolve("log");
        Path corpus = Files.createDirectories(own.resolve("corpus"));
        System.out.println(target.name() + ": " + seconds + " s, log in " + log);
        // The fuzzer does not take an empty file.
        Stream<String> words = Stream.concat(Stream.of("# " + target.name()), target.words().stream().map(Fuzzing::escaped));
        Path dictionary = Files.write(own.resolve("words"), words.toList());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), HEAP, "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
                        "-XX:+EnableDynamicAgentLoading", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-classpath", System.getProperty("java.class.path"), Jazzer.class.getName(),
                        "--target_class=" + target.test().getName(), "--target_method=" + target.method(), "--max_duration=" + seconds + "s",
                        "--trace=" + TRACE, "--instrumentation_excludes=" + tests(target), "--custom_hook_excludes=" + tests(target),
                        "-dict=" + dictionary.toAbsolutePath(), "-timeout=" + LONGEST_SECONDS, "-print_final_stats=1", corpus.toAbsolutePath().toString())
                .directory(own.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int status = process.waitFor();
        long runs = 0;
        long took = 0;
        for (Matcher done = DONE.matcher(Files.readString(log)); done.find(); ) {
            runs = Long.parseLong(done.group(1));
            took = Long.parseLong(done.group(2));
        }
        if (status != 0) {
            show(log);
        }
        return new Outcome(target, runs, took, status == 0);
    }

    /** As libFuzzer wants it. */
    private static String escaped(String word) {
        StringBuilder escaped = new StringBuilder("\"");
        word.chars().forEach(c -> escaped.append(String.format(Locale.ROOT, "\\x%02X", c)));
        return escaped.append('"').toString();
    }

    private static void show(Path log) {
        try (Stream<String> lines = Files.lines(log)) {
            lines.dropWhile(line -> !line.contains("== Java Exception") && !line.contains("ERROR:")).limit(40).forEach(System.out::println);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void print(List<Outcome> outcomes) {
        System.out.println("\n| target | executions | seconds | a second | |\n|---|---:|---:|---:|---|");
        for (Outcome outcome : outcomes) {
            System.out.printf(Locale.ROOT, "| %s | %,d | %d | %,d | %s |%n", outcome.target().name(), outcome.runs(), outcome.seconds(),
                    outcome.runs() / Math.max(1, outcome.seconds()), outcome.clean() ? "nothing found" : "FOUND SOMETHING");
        }
        System.out.printf(Locale.ROOT, "| all | %,d | %d | | |%n", outcomes.stream().mapToLong(Outcome::runs).sum(), outcomes.stream().mapToLong(Outcome::seconds).sum());
    }
}
