// SPDX-License-Identifier: Apache-2.0
package dev.signet.matchers;

import dev.signet.arc.ArcState;
import dev.signet.inbound.Verdict;

import java.util.Optional;

/**
 * Matches all recipients of a mail whose ARC chain, as it came in, is one of those named: {@code none} (there is no chain), {@code
 * pass}, {@code fail}, {@code temperror} (the DNS kept back a key).
 *
 * <p>A chain that passes says who passed the message on, not that he is to be believed: anybody can seal. {@link SealedBy} asks who.
 *
 * <p>A mail without a verdict matches nothing: one that neither {@code VerifyMailHook} nor {@code VerifyMail} saw, and one that a mailet
 * sent on as a new mail.
 *
 * <pre>{@code
 * <mailet match="dev.signet.matchers.ArcIs=fail" class="SetMimeHeader">
 *   <name>X-Chain</name>
 *   <value>broken</value>
 * </mailet>
 * }</pre>
 */
public final class ArcIs extends VerdictMatcher<ArcState> {

    public ArcIs() {
        super(ArcState.class);
    }

    @Override
    public String getMatcherInfo() {
        return "Signet: the ARC result of the stored verdict";
    }

    @Override
    Optional<ArcState> resultOf(Verdict verdict) {
        return Optional.of(verdict.arc().state());
    }
}
