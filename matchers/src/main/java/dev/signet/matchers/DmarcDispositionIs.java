// SPDX-License-Identifier: Apache-2.0
package dev.signet.matchers;

import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcResult;
import dev.signet.inbound.Verdict;

import java.util.Optional;

/**
 * Matches all recipients of a mail that DMARC wants treated in one of these ways: {@code none}, {@code quarantine}, {@code reject},
 * after sampling, test mode and local decisions. A mail that passed has the disposition {@code none}.
 *
 * <p>{@code ApplyDmarc} is made for acting on it; this is for whoever wants other mailets to. A mail without a verdict, one that came
 * from a network of ours or from an authenticated user, and any mail where {@code dmarc} is off in {@code conf/signet.properties} match
 * nothing.
 *
 * <pre>{@code
 * <mailet match="dev.signet.matchers.DmarcDispositionIs=quarantine" class="WithStorageDirective">
 *   <targetFolderName>Spam</targetFolderName>
 * </mailet>
 * }</pre>
 */
public final class DmarcDispositionIs extends VerdictMatcher<Disposition> {

    public DmarcDispositionIs() {
        super(Disposition.class);
    }

    @Override
    public String getMatcherInfo() {
        return "Signet: the DMARC disposition of the stored verdict";
    }

    @Override
    Optional<Disposition> resultOf(Verdict verdict) {
        return verdict.dmarc().map(DmarcResult::disposition);
    }
}
