// SPDX-License-Identifier: Apache-2.0
package dev.signet.matchers;

import dev.signet.arc.TrustedSealers;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMatcher;

import jakarta.mail.MessagingException;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Matches all recipients of a mail with an ARC chain that passed and whose newest sealer ({@code d=} of the ARC-Seal) is one of those
 * named: domains, or {@code *.domain} for all below one.
 *
 * <p>The newest only. Whoever seals may have changed the message as he liked; the seals before his stay sound, and could have been
 * taken from another message. So they prove nothing that he does not.
 *
 * <p>A mail without a verdict matches nothing, as with {@link ArcIs}.
 *
 * <pre>{@code
 * <mailet match="dev.signet.matchers.SealedBy=list.example.org,*.forward.example" class="ToProcessor">
 *   <processor>lists</processor>
 * </mailet>
 * }</pre>
 */
public final class SealedBy extends GenericMatcher {

    private TrustedSealers sealers = TrustedSealers.NONE;

    /** @throws MessagingException for a condition that is no list of domains */
    @Override
    public void init() throws MessagingException {
        String condition = Optional.ofNullable(getCondition()).orElse("");
        List<String> domains = List.of(condition.split(",", -1));
        try {
            sealers = TrustedSealers.of(domains);
        } catch (IllegalArgumentException e) {
            throw new MessagingException(complaint(condition), e);
        }
        // In a file these are an empty line and a comment.
        if (domains.stream().anyMatch(domain -> domain.isBlank() || domain.contains("#"))) {
            throw new MessagingException(complaint(condition));
        }
    }

    @Override
    public Collection<MailAddress> match(Mail mail) {
        return VerdictMatcher.recipientsWhere(mail, verdict -> sealers.sealedLast(verdict.arc()));
    }

    @Override
    public String getMatcherInfo() {
        return "Signet: the newest sealer of the stored verdict";
    }

    private String complaint(String condition) {
        return "matcher " + getMatcherName() + ": found condition \"" + condition
                + "\", expected one or more domains such as list.example, *.forward.example, with commas between them";
    }
}
