// SPDX-License-Identifier: Apache-2.0
package dev.signet.scenario;

import dev.signet.dns.DomainName;

import java.util.List;

/** The fate that a message should meet. */
public sealed interface Expectation {

    /**
     * Lands in the mailbox with one Authentication-Results field of ours that says this.
     *
     * @param results such as {@code "dkim=pass header.d=news.example"}: these are all results of their methods, in their
     *     order; properties that are not mentioned may have any value
     * @param message what must be in the mailbox below what James and we put on top, byte for byte
     */
    record Delivered(List<String> results, String message) implements Expectation {
        public Delivered {
            results = List.copyOf(results);
        }

        /** As {@link Outcome#seen} says it. */
        @Override
        public String toString() {
            return String.join("\n", results).replaceAll("(header|smtp)\\.[a-z]+=", "");
        }
    }

    /** Reaches a server outside with sound signatures of this domain, by an RSA key and by an Ed25519 key. */
    record LeavesSigned(DomainName signer) implements Expectation {
        @Override
        public String toString() {
            return "dkim=pass " + signer + " rsa-sha256\ndkim=pass " + signer + " ed25519-sha256";
        }
    }
}
