// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.DomainName;

/**
 * A mailing list whose mail may fail DMARC, as lists that change messages make it.
 *
 * @param id what stands between the angle brackets of List-Id (RFC 2919)
 * @param domain who must answer for the message, by SPF or DKIM: this domain or one below it. List-Id alone is anybody's to write
 */
public record MailingList(DomainName id, DomainName domain) {

    boolean sent(Identifiers identifiers, MessageFacts facts) {
        boolean answersForIt = identifiers.spf().filter(spf -> spf.isAtOrBelow(domain)).isPresent()
                || identifiers.dkim().stream().anyMatch(dkim -> dkim.isAtOrBelow(domain));
        return answersForIt && facts.listId().filter(id::equals).isPresent();
    }
}
