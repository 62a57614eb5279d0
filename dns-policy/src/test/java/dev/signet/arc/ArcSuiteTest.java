// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The validation suite of ValiMail: one message a case, and what becomes of its chain. */
class ArcSuiteTest {

    private static final Path FILE = Path.of("../../shared/conformance/arc-validation-tests.yml");

    // Four names stand twice in the file; as in any YAML mapping that takes them, the last one counts.
    private static final int CASES = 171;

    private record Case(String scenario, String name, String message, String expected, FakeDns dns) {}

    @Test
    void everyCaseHasItsResult() throws IOException {
        List<String> wrong = new ArrayList<>();
        List<Case> cases = cases();
        for (Case testCase : cases) {
            ArcResult result = ArcWorld.validate(testCase.message(), testCase.dns());
            if (!result.state().toString().equals(testCase.expected())) {
                wrong.add(testCase.scenario() + ", " + testCase.name() + ": expected " + testCase.expected() + ", found " + result);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(cases).hasSize(CASES);
    }

    private static List<Case> cases() throws IOException {
        String missing = "SKIPPED: the conformance suite is not there: " + FILE.toAbsolutePath().normalize();
        if (!Files.exists(FILE)) {
            System.err.println(missing);
        }
        assumeTrue(Files.exists(FILE), missing);
        List<Case> cases = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(FILE, StandardCharsets.ISO_8859_1)) {
            for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(reader)) {
                Map<?, ?> scenario = (Map<?, ?>) document;
                FakeDns dns = new FakeDns();
                ((Map<?, ?>) scenario.get("txt-records")).forEach(
                        (name, value) -> dns.txt((String) name, ((String) value).replace("\n", "")));
                ((Map<?, ?>) scenario.get("tests")).forEach(
                        (name, test) -> cases.add(testCase((String) scenario.get("description"), (String) name, (Map<?, ?>) test, dns)));
            }
        }
        return cases;
    }

    private static Case testCase(String scenario, String name, Map<?, ?> test, FakeDns dns) {
        String expected = ((String) test.get("cv")).toLowerCase(Locale.ROOT);
        String message = ((String) test.get("message")).replace("\n", "\r\n");
        // An empty result stands for that of a chain whose newest seal says fail.
        return new Case(scenario, name, message, expected.isEmpty() ? "fail" : expected, dns);
    }
}
