// SPDX-License-Identifier: Apache-2.0
package dev.signet.matchers;

import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.inbound.Verdict;
import org.apache.james.core.MailAddress;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMatcher;

import jakarta.mail.MessagingException;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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
public final class DkimIs extends GenericMatcher {

    private static final AttributeName VERDICT = AttributeName.of(Verdict.ATTRIBUTE);

    private static final List<DkimState> BEST_FIRST = List.of(
            DkimState.PASS, DkimState.TEMPERROR, DkimState.POLICY, DkimState.FAIL, DkimState.NEUTRAL, DkimState.PERMERROR);

    private Set<DkimState> wanted = Set.of();

    /** @throws MessagingException for a condition that is no list of results */
    @Override
    public void init() throws MessagingException {
        String condition = getCondition();
        Set<DkimState> states = EnumSet.noneOf(DkimState.class);
        for (String word : condition == null ? new String[0] : condition.split(",", -1)) {
            try {
                states.add(DkimState.valueOf(word.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw wrongCondition(condition);
            }
        }
        if (states.isEmpty()) {
            throw wrongCondition(condition);
        }
        wanted = Set.copyOf(states);
    }

    @Override
    public Collection<MailAddress> match(Mail mail) {
        return AttributeUtils.getValueAndCastFromMail(mail, VERDICT, String.class)
                .flatMap(Verdict::fromJson)
                .filter(verdict -> wanted.contains(resultOf(verdict)))
                .map(verdict -> mail.getRecipients())
                .orElse(List.of());
    }

    @Override
    public String getMatcherInfo() {
        return "Signet: the DKIM result of the stored verdict";
    }

    private static DkimState resultOf(Verdict verdict) {
        List<DkimState> states = verdict.dkim().stream().map(DkimResult::state).toList();
        return BEST_FIRST.stream().filter(states::contains).findFirst().orElse(DkimState.NONE);
    }

    private MessagingException wrongCondition(String found) {
        return new MessagingException("matcher " + getMatcherName() + ": found condition \"" + found
                + "\", expected one or more of none, pass, fail, policy, neutral, temperror, permerror, with commas between them");
    }
}
