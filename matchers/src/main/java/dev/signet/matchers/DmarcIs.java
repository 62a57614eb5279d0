// SPDX-License-Identifier: Apache-2.0
package dev.signet.matchers;

import dev.signet.dmarc.DmarcResult;
import dev.signet.inbound.Verdict;

import java.util.Optional;

/**
 * Matches all recipients of a mail whose DMARC result is one of those named: {@code pass}, {@code fail}, {@code none} (no policy),
 * {@code temperror}, {@code permerror} (not exactly one author domain).
 *
 * <p>What a receiver does about it is another question: a {@code fail} under {@code p=none} is nobody's wish, and a
 * {@code permerror} may be one to refuse. {@link DmarcDispositionIs} answers that.
 *
 * <p>A mail without a verdict, one that came from a network of ours or from an authenticated user, and any mail where {@code dmarc} is
 * off in {@code conf/signet.properties} match nothing.
 *
 * <pre>{@code
 * <mailet match="dev.signet.matchers.DmarcIs=fail,permerror" class="SetMimeHeader">
 *   <name>X-Unproved</name>
 *   <value>author</value>
 * </mailet>
 * }</pre>
 */
public final class DmarcIs extends VerdictMatcher<DmarcResult.Status> {

    public DmarcIs() {
        super(DmarcResult.Status.class);
    }

    @Override
    public String getMatcherInfo() {
        return "Signet: the DMARC result of the stored verdict";
    }

    @Override
    Optional<DmarcResult.Status> resultOf(Verdict verdict) {
        return verdict.dmarc().map(DmarcResult::status);
    }
}
