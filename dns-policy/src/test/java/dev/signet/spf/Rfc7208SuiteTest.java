// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.signet.dns.MessageDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The suite of openspf.org for RFC 7208: results and explanations. */
class Rfc7208SuiteTest {

    private static final Path FILE = Path.of("../../shared/conformance/rfc7208-tests.yml");
    private static final int CASES = 203;

    @ParameterizedTest(name = "early queries: {0}")
    @ValueSource(ints = {0, 24})
    void everyCaseHasItsResultAndItsExplanation(int earlyQueries) throws IOException {
        List<OpenSpfSuite.Case> cases = cases();
        List<String> wrong = new ArrayList<>();
        for (OpenSpfSuite.Case testCase : cases) {
            String mistake = mistake(testCase, earlyQueries);
            if (!mistake.isEmpty()) {
                wrong.add(testCase + ": " + mistake);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(cases).hasSize(CASES);
    }

    @Test
    void jspfBesideIt() throws IOException {
        List<OpenSpfSuite.Case> cases = cases();
        List<String> rows = new ArrayList<>();
        int ours = 0;
        int jspf = 0;
        int jspfWithoutType99 = 0;
        for (OpenSpfSuite.Case testCase : cases) {
            String ourMistake = mistake(testCase, SpfOptions.DEFAULT.earlyQueries());
            String mistake = Jspf.mistake(testCase, true);
            String mistakeWithoutType99 = Jspf.mistake(testCase, false);
            ours += ourMistake.isEmpty() ? 1 : 0;
            jspf += mistake.isEmpty() ? 1 : 0;
            jspfWithoutType99 += mistakeWithoutType99.isEmpty() ? 1 : 0;
            if (!(ourMistake + mistake + mistakeWithoutType99).isEmpty()) {
                rows.add("| %s | %s | %s | %s | %s | %s |".formatted(
                        testCase.scenario(), testCase.name(), String.join(" or ", testCase.results()),
                        orRight(ourMistake), orRight(mistake), orRight(mistakeWithoutType99)));
            }
        }
        System.out.println("openspf.org's suite for RFC 7208, " + cases.size() + " cases. Right: Signet " + ours + ", jSPF "
                + Jspf.version() + " " + jspf + ", jSPF where type 99 is never answered " + jspfWithoutType99);
        System.out.println("| scenario | case | expected | Signet | jSPF | jSPF without type 99 |");
        System.out.println("|---|---|---|---|---|---|");
        rows.forEach(System.out::println);
        assertThat(cases).hasSize(CASES);
        assertThat(List.of(ours, jspf, jspfWithoutType99)).containsExactly(CASES, 190, 197);
    }

    @Test
    void noCaseAsksMoreThanItNeedsWithoutEarlyQueries() throws IOException {
        // A check with everything counted: ten terms, ten names each, and the PTR and TXT lookups around them.
        for (OpenSpfSuite.Case testCase : cases()) {
            MessageDns dns = new MessageDns(testCase.dns(), 1000, Duration.ofSeconds(20));
            SpfChecker checker = new SpfChecker(new SpfOptions(2, 0, true, "unknown"), Runnable::run, InstantSource.system());
            assertThat(checker.check(testCase.request(), SpfIdentity.MAIL_FROM, dns).join().lookups()).isBetween(0, 10);
            assertThat(dns.queries()).as(testCase.name()).isLessThanOrEqualTo(25);
        }
    }

    private static String orRight(String mistake) {
        return mistake.isEmpty() ? "right" : mistake;
    }

    private static String mistake(OpenSpfSuite.Case testCase, int earlyQueries) {
        SpfOptions options = new SpfOptions(2, earlyQueries, true, "receiver.example.org");
        SpfResult result =
                SpfWorld.check(options, testCase.request(), SpfIdentity.MAIL_FROM, testCase.dns());
        return testCase.mistake(result.state().word(), result.explanation());
    }

    private static List<OpenSpfSuite.Case> cases() throws IOException {
        String missing = "SKIPPED: the conformance suite is not there: " + FILE.toAbsolutePath().normalize();
        if (!Files.exists(FILE)) {
            System.err.println(missing);
        }
        assumeTrue(Files.exists(FILE), missing);
        return OpenSpfSuite.read(FILE);
    }
}
