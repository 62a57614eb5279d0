// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import java.util.Optional;

/**
 * Who sends as a domain of ours, by what others report: a line of the table that an administrator looks at. Texts are strangers',
 * and bounded.
 *
 * @param kind whether aggregate or failure reports tell it; the same message may be in both
 * @param source an address; empty where a failure report does not tell
 * @param from the author domain
 * @param messages how many
 * @param disposition what was done with them: the word of the reports
 * @param dkimAligned whether DKIM passed for an aligned domain; empty where failure reports do not tell
 * @param spfAligned whether SPF did
 * @param reporters how many domains sent such reports
 */
public record SeenSender(
        Kind kind,
        String source,
        String from,
        long messages,
        String disposition,
        Optional<Boolean> dkimAligned,
        Optional<Boolean> spfAligned,
        long reporters) {

    /** Of which reports. */
    public enum Kind { AGGREGATE, FAILURE }
}
