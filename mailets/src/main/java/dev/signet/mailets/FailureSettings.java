// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import com.google.common.base.Ticker;
import dev.signet.report.FailureLimits;
import org.apache.james.core.MailAddress;

import jakarta.mail.internet.AddressException;

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
                from.read(NAME + ".from", "a mail address, such as dmarc@example.org", FailureSettings::address),
                from.number(NAME + ".per-domain", 10, 1, 10_000),
                from.number(NAME + ".per-source", 3, 1, 10_000));
        if (settings.on() && settings.from().isEmpty()) {
            throw from.wrong(NAME, "true", "failure-reports.from beside it: who sends them");
        }
        return settings;
    }

    private static Optional<MailAddress> address(String text) {
        try {
            return Optional.of(new MailAddress(text));
        } catch (AddressException e) {
            return Optional.empty();
        }
    }

    FailureLimits limits() {
        return new FailureLimits(perDomain, perSource, Ticker.systemTicker());
    }
}
