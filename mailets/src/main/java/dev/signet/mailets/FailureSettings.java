// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import com.google.common.base.Ticker;
import dev.signet.report.FailureLimits;
import org.apache.james.core.MailAddress;

import java.util.Optional;

/**
 * What {@code conf/signet.properties} says of failure reports; {@link Settings} has the table.
 *
 * @param from who sends them; present where they are on
 */
record FailureSettings(boolean on, Optional<MailAddress> from, int perDomain, int perSource) {

    private static final String NAME = "failure-reports";

    static FailureSettings of(Parameters from) {
        FailureSettings settings = new FailureSettings(
                from.flag(NAME, false),
                from.address(NAME + ".from", "dmarc@example.org"),
                from.number(NAME + ".per-domain", 10, 1, 10_000),
                from.number(NAME + ".per-source", 3, 1, 10_000));
        if (settings.on() && settings.from().isEmpty()) {
            throw from.wrong(NAME, "true", "failure-reports.from beside it: who sends them");
        }
        return settings;
    }

    FailureLimits limits() {
        return new FailureLimits(perDomain, perSource, Ticker.systemTicker());
    }
}
