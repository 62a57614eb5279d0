// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcResult;

import java.util.Locale;

/** What was done with a message (RFC 9990, ActionDispositionType). */
public enum ActionTaken {
    /** Nothing. */
    NONE,
    /** Nothing, since it passed under a policy that asks for something. RFC 7489 has no word for it: none there. */
    PASS,
    /** It failed, and was marked. */
    QUARANTINE,
    /** It failed, and was refused. */
    REJECT;

    /** The word of RFC 9990. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ActionTaken of(DmarcResult result) {
        if (result.status() == DmarcResult.Status.PASS) {
            return result.requested() == Disposition.NONE ? NONE : PASS;
        }
        return switch (result.disposition()) {
            case NONE -> NONE;
            case QUARANTINE -> QUARANTINE;
            case REJECT -> REJECT;
        };
    }
}
