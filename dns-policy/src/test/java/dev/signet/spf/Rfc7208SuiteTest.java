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
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The suite of openspf.org for RFC 7208: results and explanations. */
class Rfc7208SuiteTest {

    private static final int CASES = 203;

    @ParameterizedTest(name = "early queries: {0}")
    @ValueSource(ints = {0, 24})
    void everyCaseHasItsResultAndItsExplanation(int earlyQueries) throws IOException {
        List<String> wrong = new ArrayList<>();
        List<Rfc7208Suite.Case> cases = cases();
        SpfOptions options = new SpfOptions(2, earlyQueries, true, "receiver.example.org");
        SpfChecker checker = new SpfChecker(options, Runnable::run, InstantSource.system());
        for (Rfc7208Suite.Case testCase : cases) {
            SpfResult result = checker.check(
                            testCase.request(),
                            SpfIdentity.MAIL_FROM,
                            new MessageDns(testCase.dns(), 1000, Duration.ofSeconds(20)))
                    .join();
            if (!testCase.results().contains(result.state().word())) {
                wrong.add(testCase + ": " + result);
            }
            String explanation = result.explanation() == null ? "DEFAULT" : result.explanation();
            if (testCase.explanation() != null && !testCase.explanation().equals(explanation)) {
                wrong.add(testCase.name() + ": explanation " + explanation + ", expected " + testCase.explanation());
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(cases).hasSize(CASES);
    }

    @Test
    void noCaseAsksMoreThanItNeedsWithoutEarlyQueries() throws IOException {
        // A check with everything counted: ten terms, ten names each, and the PTR and TXT lookups around them.
        for (Rfc7208Suite.Case testCase : cases()) {
            MessageDns dns = new MessageDns(testCase.dns(), 1000, Duration.ofSeconds(20));
            SpfChecker checker = new SpfChecker(new SpfOptions(2, 0, true, "unknown"), Runnable::run, InstantSource.system());
            assertThat(checker.check(testCase.request(), SpfIdentity.MAIL_FROM, dns).join().lookups()).isBetween(0, 10);
            assertThat(dns.queries()).as(testCase.name()).isLessThanOrEqualTo(25);
        }
    }

    private static List<Rfc7208Suite.Case> cases() throws IOException {
        String missing = "SKIPPED: the conformance suite is not there: " + Rfc7208Suite.FILE.toAbsolutePath().normalize();
        if (!Files.exists(Rfc7208Suite.FILE)) {
            System.err.println(missing);
        }
        assumeTrue(Files.exists(Rfc7208Suite.FILE), missing);
        return Rfc7208Suite.read(Rfc7208Suite.FILE);
    }
}
