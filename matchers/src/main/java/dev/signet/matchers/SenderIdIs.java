// SPDX-License-Identifier: Apache-2.0
package dev.signet.matchers;

import dev.signet.inbound.Verdict;
import dev.signet.senderid.SenderIdResult;
import dev.signet.spf.SpfResult;

import java.util.Optional;

/**
 * Matches all recipients of a mail whose Sender ID result (RFC 4406), that of its purported responsible address, is one of those
 * named.
 *
 * <p>A mail without a verdict, one that came from a network of ours or from an authenticated user, and any mail where {@code
 * sender-id} is not switched on in {@code conf/signet.properties} match nothing.
 *
 * <pre>{@code
 * <mailet match="dev.signet.matchers.SenderIdIs=fail,permerror" class="ToProcessor">
 *   <processor>spam</processor>
 * </mailet>
 * }</pre>
 */
public final class SenderIdIs extends VerdictMatcher<SpfResult.State> {

    public SenderIdIs() {
        super(SpfResult.State.class);
    }

    @Override
    public String getMatcherInfo() {
        return "Signet: the Sender ID result of the stored verdict";
    }

    @Override
    Optional<SpfResult.State> resultOf(Verdict verdict) {
        return verdict.senderId().map(SenderIdResult::state);
    }
}
