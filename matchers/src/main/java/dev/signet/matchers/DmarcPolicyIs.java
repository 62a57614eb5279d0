// SPDX-License-Identifier: Apache-2.0
package dev.signet.matchers;

import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dmarc.PolicyDiscovery;
import dev.signet.inbound.Verdict;

import java.util.Optional;

/**
 * Matches all recipients of a mail whose author domain publishes one of these policies: {@code none}, {@code quarantine},
 * {@code reject}, whether the mail passed or failed.
 *
 * <p>It is the policy for that very domain, which may be the {@code sp} or {@code np} of a record above it, before any sampling, test
 * mode or local decision: what the owner asks for, not what is done ({@link DmarcDispositionIs}); and what was found, not what may be
 * ({@link AuthorPolicyIs}). A domain without a policy, which is not the same as {@code p=none}, matches nothing; and so do a mail without
 * a verdict, one that came from a network of ours or from an authenticated user, and any mail where {@code dmarc} is off in {@code
 * conf/signet.properties}.
 *
 * <pre>{@code
 * <mailet match="dev.signet.matchers.DmarcPolicyIs=quarantine,reject" class="SetMimeHeader">
 *   <name>X-Author-Policy</name>
 *   <value>strict</value>
 * </mailet>
 * }</pre>
 */
public final class DmarcPolicyIs extends VerdictMatcher<Disposition> {

    public DmarcPolicyIs() {
        super(Disposition.class);
    }

    @Override
    public String getMatcherInfo() {
        return "Signet: the DMARC policy of the author domain, in the stored verdict";
    }

    @Override
    Optional<Disposition> resultOf(Verdict verdict) {
        return policyOf(verdict);
    }

    static Optional<Disposition> policyOf(Verdict verdict) {
        return verdict.dmarc().flatMap(DmarcResult::policy).map(PolicyDiscovery.Found::requested);
    }
}
