// SPDX-License-Identifier: Apache-2.0
package dev.signet.senderid;

import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.Mailbox;
import dev.signet.message.MailboxList;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Who brought a message in most recently, going by its header (RFC 4407). */
public sealed interface PurportedResponsibleAddress {

    /**
     * The one mailbox.
     *
     * @param field the field that has it, in lower case: resent-sender, resent-from, sender or from
     */
    record Found(Mailbox mailbox, String field) implements PurportedResponsibleAddress {}

    /** "The message is ill-formed, and it is impossible to determine a PRA" (§2, step 6); the reason is for humans. */
    record IllFormed(String reason) implements PurportedResponsibleAddress {}

    /** Follows the six steps of RFC 4407 §2. */
    static PurportedResponsibleAddress of(HeaderBlock header) {
        if (header.overLimit().isPresent()) {
            return new IllFormed(header.overLimit().get());
        }
        // Step 1: the first Resent-Sender, unless a Resent-From stands further up with a hop between the two: then somebody
        // else has resent the message later.
        Optional<HeaderField> resentFrom = nonEmpty(header, "Resent-From").stream().findFirst();
        Optional<HeaderField> resentSender = nonEmpty(header, "Resent-Sender").stream()
                .findFirst()
                .filter(field -> resentFrom.isEmpty() || !isHopBetween(header, resentFrom.get(), field));
        if (resentSender.isPresent()) {
            return mailboxOf(resentSender.get());
        }
        // Step 2: the first Resent-From.
        if (resentFrom.isPresent()) {
            return mailboxOf(resentFrom.get());
        }
        // Step 3: the only Sender; more than one is step 6.
        List<HeaderField> senders = nonEmpty(header, "Sender");
        if (!senders.isEmpty()) {
            return senders.size() == 1 ? mailboxOf(senders.getFirst()) : new IllFormed("several Sender fields");
        }
        // Step 4: the only From; none or more than one is step 6.
        List<HeaderField> froms = nonEmpty(header, "From");
        return switch (froms.size()) {
            case 0 -> new IllFormed("no From field");
            case 1 -> mailboxOf(froms.getFirst());
            default -> new IllFormed("several From fields");
        };
    }

    /**
     * Step 5: the field must hold exactly one mailbox. RFC 4407 leaves it to us what is "hopelessly malformed"; who repairs
     * broken addresses sees another one than the mail reader does, so everything that the grammar does not have is.
     */
    private static PurportedResponsibleAddress mailboxOf(HeaderField field) {
        String name = field.name().toLowerCase(Locale.ROOT);
        return switch (MailboxList.parse(field.body())) {
            case MailboxList.Parse.Malformed(String reason) -> new IllFormed(name + ": " + reason);
            case MailboxList.Parse.Sound(List<Mailbox> mailboxes) -> mailboxes.size() == 1
                    ? new Found(mailboxes.getFirst(), name)
                    : new IllFormed(name + ": " + mailboxes.size() + " mailboxes where one is expected");
        };
    }

    /** RFC 4407 §2: a field of white space only is "treated as if [it] were not present". */
    private static List<HeaderField> nonEmpty(HeaderBlock header, String name) {
        return header.all(name).stream().filter(field -> !field.unfolded().isBlank()).toList();
    }

    /** Whether a Received or Return-Path stands below {@code upper} and above {@code lower}; not if those stand the other way. */
    private static boolean isHopBetween(HeaderBlock header, HeaderField upper, HeaderField lower) {
        boolean within = false;
        for (HeaderField field : header.fields()) {
            if (field == lower) {
                return false;
            }
            if (within && (field.nameIs("Received") || field.nameIs("Return-Path"))) {
                return true;
            }
            within |= field == upper;
        }
        return false;
    }
}
