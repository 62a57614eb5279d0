// SPDX-License-Identifier: Apache-2.0
package dev.signet.scenario;

import java.util.List;

/**
 * What became of a message.
 *
 * @param seen what it got, for the reader: the results in the mailbox, of the methods that
 *     the expectation names, or what the receiver found; a line each
 * @param problems each deviation from the expectation; empty where all is well
 */
public record Outcome(Scenario scenario, String seen, List<String> problems) {

    public Outcome {
        problems = List.copyOf(problems);
    }

    public boolean isAsExpected() {
        return problems.isEmpty();
    }
}
