// SPDX-License-Identifier: Apache-2.0
package dev.signet.scenario;

import dev.signet.dns.DomainName;

import java.util.List;
import java.util.Optional;

/** The fate that a message should meet. */
public sealed interface Expectation {

    /**
     * Lands in the mailbox with one Authentication-Results field of ours that says this.
     *
     * @param folder of the mailbox
     * @param results such as {@code "dkim=pass header.d=news.example"}: these are all results of their methods, in their
     *     order; properties that are not mentioned may have any value
     * @param message what must be in the mailbox below what James and we put on top, byte for byte
     */
    record Delivered(String folder, List<String> results, String message) implements Expectation {
        public Delivered {
            results = List.copyOf(results);
        }

        /** In the inbox. */
        public Delivered(List<String> results, String message) {
            this("INBOX", results, message);
        }

        /** As {@link Outcome#seen} says it. */
        @Override
        public String toString() {
            return place() + brief(results);
        }

        /** Where it is not what everybody expects. */
        String place() {
            return folder.equals("INBOX") ? "" : "in folder " + folder + ":\n";
        }
    }

    /**
     * Is refused at the end of DATA.
     *
     * @param reply what the reply begins with
     */
    record Refused(String reply) implements Expectation {
        @Override
        public String toString() {
            return reply;
        }
    }

    /**
     * Is one of many: of so many messages, each with its own Message-ID, about this share is refused by lot, and all others land in a
     * folder.
     */
    record RefusedByLot(int percent, int messages, String folder) implements Expectation {

        // Five standard deviations: a wrong alarm in two million runs.
        boolean admits(int refused) {
            double expected = messages * percent / 100.0;
            return Math.abs(refused - expected) <= 5 * Math.sqrt(expected * (100 - percent) / 100.0);
        }

        @Override
        public String toString() {
            return "550 for " + percent + "% of " + messages + ",\nothers in folder " + folder;
        }
    }

    /** Reaches a server outside with sound signatures of this domain, by an RSA key and by an Ed25519 key. */
    record LeavesSigned(DomainName signer) implements Expectation {
        @Override
        public String toString() {
            return "dkim=pass " + signer + " rsa-sha256\ndkim=pass " + signer + " ed25519-sha256";
        }
    }

    /**
     * Reaches a server outside by way of a list, which finds this.
     *
     * @param results as {@link Delivered} has them
     * @param trusted whose seals that server believes; empty for nobody's
     * @param from what its users see in From
     */
    record Posted(List<String> results, Optional<DomainName> trusted, String from) implements Expectation {
        public Posted {
            results = List.copyOf(results);
        }

        /** As {@link Outcome#seen} says it. */
        @Override
        public String toString() {
            return "From: " + from + "\n" + brief(results);
        }
    }

    private static String brief(List<String> results) {
        return String.join("\n", results).replaceAll("(header|smtp)\\.[a-z]+=", "");
    }
}
