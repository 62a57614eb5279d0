// SPDX-License-Identifier: Apache-2.0
package dev.signet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What docs/security.md and docs/faults.md claim is shown by tests that exist. */
class SecurityPageTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern ROW = Pattern.compile("^\\| (\\d+) \\|.*\\|(.*)\\|$", Pattern.MULTILINE);
    private static final Pattern FAULT = Pattern.compile("^\\| (\\w[^|]*) \\|[^|]*\\|(.*)\\|$", Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile("`(\\w+)(?:\\.(\\w+))?`");

    @Test
    void everyEntryHasItsRowAndEveryTestThatItNamesExists() throws IOException {
        Map<String, String> sources = testSources();
        List<Integer> numbers = new ArrayList<>();
        Matcher row = ROW.matcher(Files.readString(ROOT.resolve("docs/security.md")));
        while (row.find()) {
            numbers.add(Integer.valueOf(row.group(1)));
            assertTestsExist(row.group(1), row.group(2), sources);
        }
        assertThat(numbers).isEqualTo(IntStream.rangeClosed(1, 33).boxed().toList());
    }

    @Test
    void everyFaultNamesTestsThatExist() throws IOException {
        Map<String, String> sources = testSources();
        List<String> faults = new ArrayList<>();
        Matcher row = FAULT.matcher(Files.readString(ROOT.resolve("docs/faults.md")));
        assertThat(row.find()).as("what the columns are").isTrue();
        while (row.find()) {
            faults.add(row.group(1));
            assertTestsExist(row.group(1), row.group(2), sources);
        }
        assertThat(faults).hasSizeGreaterThanOrEqualTo(10).doesNotHaveDuplicates();
    }

    private static void assertTestsExist(String row, String cell, Map<String, String> sources) {
        Matcher test = TEST.matcher(cell);
        boolean named = test.find();
        assertThat(named).as("a test in row %s", row).isTrue();
        for (; named; named = test.find()) {
            assertThat(sources).as("row %s", row).containsKey(test.group(1));
            if (test.group(2) != null) {
                assertThat(sources.get(test.group(1))).as("row %s, %s", row, test.group()).contains(" " + test.group(2) + "(");
            }
        }
    }

    /** By class. */
    private static Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(path -> path.toString().matches(".*/src/test/java/.*(Test|IT)\\.java")).toList()) {
                sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
            }
        }
        return sources;
    }
}
