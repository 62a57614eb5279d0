// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;

/** Programs that are not ours, and may be missing. */
public final class Tools {

    private Tools() {}

    /** Skips the test where the tool is missing, and says so where nobody can overlook it. */
    public static void assume(String tool, Optional<String> missing) {
        String skipped = "SKIPPED, interop with " + tool + ": missing " + missing.orElse("nothing");
        if (missing.isPresent()) {
            System.out.println(skipped);
        }
        assumeTrue(missing.isEmpty(), skipped);
    }
}
