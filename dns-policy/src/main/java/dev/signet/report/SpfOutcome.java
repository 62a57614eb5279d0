// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.spf.SpfIdentity;
import dev.signet.spf.SpfResult;

import java.util.Optional;

/**
 * What SPF said, as a report tells it.
 *
 * @param domain that was asked about; in reports of others whatever they wrote
 * @param identity where the domain stood. RFC 9990 knows MAIL FROM alone, for which the HELO name stands in where it is null
 * @param comment for humans; empty for none
 */
public record SpfOutcome(String domain, SpfIdentity identity, SpfResult.State state, String comment) {

    /** Empty where there was no domain to ask about. */
    static Optional<SpfOutcome> of(SpfResult result, boolean nullSender) {
        if (result.domain() == null) {
            return Optional.empty();
        }
        String comment = result.state() == SpfResult.State.PASS ? "" : ReportText.comment(result.reason());
        SpfIdentity identity = nullSender ? SpfIdentity.HELO : SpfIdentity.MAIL_FROM;
        return Optional.of(new SpfOutcome(result.domain().ascii(), identity, result.state(), comment));
    }
}
