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

/** What docs/security.md claims is shown by tests that exist. */
class SecurityPageTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern ROW = Pattern.compile("^\\| (\\d+) \\|.*\\|(.*)\\|$", Pattern.MULTILINE);
    private static final Pattern TEST = Pattern.compile("`(\\w+)(?:\\.(\\w+))?`");

    @Test
    void everyEntryHasItsRowAndEveryTestThatItNamesExists() throws IOException {
        Map<String, String> sources = testSources();
        List<Integer> numbers = new ArrayList<>();
        Matcher row = ROW.matcher(Files.readString(ROOT.resolve("docs/security.md")));
        while (row.find()) {
            numbers.add(Integer.valueOf(row.group(1)));
            Matcher test = TEST.matcher(row.group(2));
            boolean named = test.find();
            assertThat(named).as("a test in row %s", row.group(1)).isTrue();
            for (; named; named = test.find()) {
                assertThat(sources).as("row %s", row.group(1)).containsKey(test.group(1));
                if (test.group(2) != null) {
                    assertThat(sources.get(test.group(1))).as("row %s, %s", row.group(1), test.group()).contains(" " + test.group(2) + "(");
                }
            }
        }
        assertThat(numbers).isEqualTo(IntStream.rangeClosed(1, 33).boxed().toList());
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
