// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import org.jspecify.annotations.Nullable;

/**
 * A mail with a report, for the queue.
 *
 * @param id of the mail: letters and digits; the same for the same report and recipient
 * @param copy counts how often it was put into a queue, from 1: a later copy stands for an earlier one that seems to be lost
 * @param sender the envelope sender; none for the null sender
 * @param message unsigned
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; millions of bytes are not copied for nothing.
public record OutgoingMail(String id, int copy, @Nullable String sender, String recipient, byte[] message) {

    /** How the mail names its own row, for whoever sees it later: see {@link MailProgress}. */
    public String tag() {
        return id + " " + copy;
    }
}
