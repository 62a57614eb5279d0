// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import dev.signet.dns.DomainName;
import dev.signet.message.Mailbox;
import dev.signet.message.MailboxList;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The address of a list or of one of its members; equal to others that differ only in case, as every list manager has it. */
public record ListAddress(String localPart, DomainName domain) {

    // RFC 5321 §4.5.3.1.1
    private static final int MAX_LOCAL_PART = 64;

    public ListAddress {
        localPart = localPart.toLowerCase(Locale.ROOT);
    }

    /** Reads one address and nothing else; empty for what is none. */
    public static Optional<ListAddress> parse(String text) {
        return switch (MailboxList.parse(text)) {
            case MailboxList.Parse.Malformed ignored -> Optional.empty();
            case MailboxList.Parse.Sound(List<Mailbox> mailboxes) -> mailboxes.size() == 1 && mailboxes.getFirst().displayName().isEmpty()
                    ? Optional.of(of(mailboxes.getFirst()))
                    : Optional.empty();
        };
    }

    static ListAddress of(Mailbox mailbox) {
        return new ListAddress(mailbox.localPart(), mailbox.domain());
    }

    /** {@code talk-bounces@example.org} of {@code talk@example.org}. */
    public String with(String suffix) {
        return localPart + suffix + "@" + domain;
    }

    /**
     * The sender that names its one recipient, so that a bounce tells whose it is: {@code talk-bounces+ann=member.example@example.org}.
     * Empty where that would be no address that every server takes.
     *
     * @param recipient with its own case: it is for the recipient's server to tell
     */
    public static Optional<String> verp(String sender, String recipient) {
        int at = sender.lastIndexOf('@');
        int recipientAt = recipient.lastIndexOf('@');
        if (at < 1 || recipientAt < 1) {
            return Optional.empty();
        }
        String localPart = sender.substring(0, at) + "+" + recipient.substring(0, recipientAt) + "=" + recipient.substring(recipientAt + 1);
        boolean plain = localPart.chars().allMatch(c -> c > ' ' && c < 0x7F && "\"\\()<>[]:;@,".indexOf(c) < 0);
        return plain && localPart.length() <= MAX_LOCAL_PART ? Optional.of(localPart + sender.substring(at)) : Optional.empty();
    }

    @Override
    public String toString() {
        return localPart + "@" + domain;
    }
}
