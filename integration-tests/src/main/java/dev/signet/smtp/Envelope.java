// SPDX-License-Identifier: Apache-2.0
package dev.signet.smtp;

import java.util.List;

/**
 * Who sends and who receives, as said in SMTP, whatever the message itself claims.
 *
 * @param sender the reverse-path; empty for the null sender
 * @param recipients the forward-paths, without angle brackets
 */
public record Envelope(String sender, List<String> recipients) {

    public Envelope {
        recipients = List.copyOf(recipients);
    }

    /** The usual case: one recipient. */
    public Envelope(String sender, String recipient) {
        this(sender, List.of(recipient));
    }
}
