// SPDX-License-Identifier: Apache-2.0
package dev.signet.scenario;

import dev.signet.smtp.Envelope;

/**
 * One message on its way.
 *
 * @param title a few words for a table
 * @param origin how it comes to James
 * @param message its bytes, one char each; its Message-ID is its own
 */
public record Scenario(String title, Origin origin, Envelope envelope, String message, Expectation expectation) {

    /** Where a message comes from. */
    public sealed interface Origin {

        /**
         * A server of the outside world.
         *
         * @param address IPv4 or IPv6, as numbers
         * @param helo what it calls itself
         */
        record Outsider(String address, String helo) implements Origin {}

        /** Our user, logged in over STARTTLS. */
        record Submission() implements Origin {}
    }

    /** By which it is found again. */
    String messageId() {
        int start = message.indexOf("Message-ID: <") + "Message-ID: ".length();
        return message.substring(start, message.indexOf('>', start) + 1);
    }
}
