// SPDX-License-Identifier: Apache-2.0
package dev.signet.matchers;

import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcResult;
import dev.signet.inbound.Verdict;

import java.util.Optional;

/**
 * Matches all recipients of a mail to which a receiver outside may apply one of these policies of the author domain, if it cannot
 * tell that the author wrote it: {@code none}, {@code quarantine}, {@code reject}.
 *
 * <p>Where {@link DmarcPolicyIs} says what was found when a mail came in, this one is for choosing what is to be done before it
 * leaves: a domain without a policy has {@code none}, and where nothing was found out, it may be any. So mail of authenticated users
 * and of {@code own-networks} matches, and so does mail that the DNS kept a policy from, or that has no verdict. {@code MungeFrom}
 * behind it asks for itself.
 *
 * <pre>{@code
 * <mailet match="dev.signet.matchers.AuthorPolicyIs=quarantine,reject" class="dev.signet.mailets.MungeFrom">
 *   <list>talk@list.example</list>
 * </mailet>
 * }</pre>
 */
public final class AuthorPolicyIs extends VerdictMatcher<Disposition> {

    public AuthorPolicyIs() {
        super(Disposition.class);
    }

    @Override
    public String getMatcherInfo() {
        return "Signet: the policy that the author domain may have for receivers outside";
    }

    @Override
    Optional<Disposition> resultOf(Verdict verdict) {
        return DmarcPolicyIs.policyOf(verdict)
                .or(() -> verdict.dmarc().filter(result -> result.status() == DmarcResult.Status.NONE).map(DmarcResult::requested));
    }

    @Override
    boolean matchesUnknown() {
        return true;
    }
}
