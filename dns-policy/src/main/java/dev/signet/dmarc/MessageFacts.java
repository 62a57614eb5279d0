// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.DomainName;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What local decisions look at besides the domains.
 *
 * @param client who handed the message over; empty where nobody knows
 * @param listId the mailing list that the message says it comes from (RFC 2919): anybody's to write
 * @param fingerprint taken where lots are drawn, which few messages need
 */
public record MessageFacts(Optional<InetAddress> client, Optional<DomainName> listId, Supplier<MessageFingerprint> fingerprint) {

    /**
     * Takes the facts from a message.
     *
     * @param mailFrom the address of MAIL FROM; empty for a null sender
     */
    public static MessageFacts of(HeaderBlock header, String mailFrom, Optional<InetAddress> client) {
        return new MessageFacts(client, listId(header), () -> MessageFingerprint.of(header, mailFrom));
    }

    private static Optional<DomainName> listId(HeaderBlock header) {
        // RFC 2919 §2: "There MUST be no more than one". Which of two a reader means is not ours to guess.
        List<HeaderField> fields = header.all("List-Id");
        if (fields.size() != 1) {
            return Optional.empty();
        }
        String body = fields.getFirst().unfolded();
        int open = body.lastIndexOf('<');
        return open >= 0 && body.endsWith(">") ? DomainName.parse(body.substring(open + 1, body.length() - 1)) : Optional.empty();
    }
}
