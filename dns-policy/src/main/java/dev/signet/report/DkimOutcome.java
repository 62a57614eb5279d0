// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;

import java.util.Optional;

/**
 * What became of one signature, as a report tells it.
 *
 * @param domain d=; in reports of others whatever they wrote
 * @param selector s=; empty where a report of RFC 7489's times leaves it out
 * @param comment for humans; empty for none
 */
public record DkimOutcome(String domain, String selector, DkimState state, String comment) {

    /** Empty for a signature so broken that it names no domain or selector: RFC 9990 requires both. */
    static Optional<DkimOutcome> of(DkimResult result) {
        if (result.domain() == null || result.selector() == null) {
            return Optional.empty();
        }
        String comment = result.state() == DkimState.PASS ? "" : ReportText.comment(cause(result.reason()));
        return Optional.of(new DkimOutcome(result.domain().ascii(), ReportText.name(result.selector()), result.state(), comment));
    }

    /** Without what is otherwise in each message, such as how many bytes are missing: messages of one fate share a row. */
    private static String cause(String reason) {
        int colon = reason.indexOf(": ");
        return colon < 0 ? reason : reason.substring(0, colon);
    }
}
