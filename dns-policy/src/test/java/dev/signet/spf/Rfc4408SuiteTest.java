// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The suite of openspf.org for RFC 4408, release 2009.10, as jSPF carries it: the build takes it out of jSPF's release. Where RFC
 * 7208 has another result, the case is listed with the reason, and everything that is not listed must be as the suite says.
 */
class Rfc4408SuiteTest {

    private static final Path FILE = Path.of(
            "target/openspf/apache-jspf-1.0.1/tester/src/main/resources/org/apache/james/jspf/tester/rfc4408-tests.yml");

    private static final int CASES = 172;

    /** @param reason what RFC 7208 has changed */
    private record Difference(String result, String reason) {}

    private static final String VOID_LOOKUPS =
            "RFC 7208 §4.6.4 has a new limit, of two void lookups: the third \"a\" or \"mx\" of a name without such records is one too many";

    private static final Map<String, Difference> DIFFERENCES = Map.of(
            "mech-at-limit", new Difference("permerror", VOID_LOOKUPS),
            "include-at-limit", new Difference("permerror", VOID_LOOKUPS),
            "mx-limit", new Difference("permerror",
                    "RFC 7208 §4.6.4: more than ten MX records \"MUST produce a permerror\"; RFC 4408 §10.1 looked at ten of them"));

    @Test
    void onlyTheListedCasesDiffer() throws IOException {
        List<OpenSpfSuite.Case> cases = OpenSpfSuite.read(FILE);
        Map<String, String> different = new HashMap<>();
        for (OpenSpfSuite.Case testCase : cases) {
            SpfResult result =
                    SpfWorld.check(SpfWorld.withExplanations(), testCase.request(), SpfIdentity.MAIL_FROM, testCase.dns());
            String mistake = testCase.mistake(result.state().word(), result.explanation());
            if (!mistake.isEmpty()) {
                different.put(testCase.name(), mistake);
            }
        }
        System.out.println("openspf.org's suite for RFC 4408, " + cases.size() + " cases: " + (cases.size() - different.size())
                + " as the suite says, " + different.size() + " as RFC 7208 says");
        Map<String, String> listed = new HashMap<>();
        DIFFERENCES.forEach((name, difference) -> {
            System.out.println("  " + name + ": " + difference.result() + ". " + difference.reason());
            listed.put(name, difference.result());
        });
        assertThat(different).isEqualTo(listed);
        assertThat(cases).hasSize(CASES);
        assertThat(cases.stream().map(OpenSpfSuite.Case::name)).doesNotHaveDuplicates();
    }
}
