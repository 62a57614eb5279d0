// SPDX-License-Identifier: Apache-2.0
package dev.signet.matchers;

import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.inbound.Verdict;

import java.util.List;
import java.util.Optional;

/**
 * Matches all recipients of a mail whose DKIM result is one of those named.
 *
 * <p>A message has one result, that of its best signature: the first in this order that any of its signatures has: {@code pass},
 * {@code temperror}, {@code policy}, {@code fail}, {@code neutral}, {@code permerror}; {@code none} where it has no signature. So
 * a mailing list's broken copy of a signature takes nothing away from the list's own sound one.
 *
 * <p>A mail without a verdict, which neither {@code VerifyMailHook} nor {@code VerifyMail} saw, matches nothing.
 *
 * <pre>{@code
 * <mailet match="dev.signet.matchers.DkimIs=fail,permerror" class="ToProcessor">
 *   <processor>spam</processor>
 * </mailet>
 * }</pre>
 */
public final class DkimIs extends VerdictMatcher<DkimState> {

    private static final List<DkimState> BEST_FIRST = List.of(
            DkimState.PASS, DkimState.TEMPERROR, DkimState.POLICY, DkimState.FAIL, DkimState.NEUTRAL, DkimState.PERMERROR);

    public DkimIs() {
        super(DkimState.class);
    }

    @Override
    public String getMatcherInfo() {
        return "Signet: the DKIM result of the stored verdict";
    }

    @Override
    Optional<DkimState> resultOf(Verdict verdict) {
        List<DkimState> states = verdict.dkim().stream().map(DkimResult::state).toList();
        return Optional.of(BEST_FIRST.stream().filter(states::contains).findFirst().orElse(DkimState.NONE));
    }
}
