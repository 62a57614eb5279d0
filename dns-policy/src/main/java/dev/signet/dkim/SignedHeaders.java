// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;

import java.util.ArrayList;
import java.util.List;

/** Which header fields a signature covers: what stands in {@code h=}. */
public sealed interface SignedHeaders {

    /** Oversigned: mentioned once more than they occur, so that nobody can add another (RFC 6376 §8.15). */
    List<String> OVERSIGNED = List.of(
            "From", "To", "Cc", "Subject", "Date", "Reply-To", "Message-ID", "MIME-Version", "Content-Type",
            "Content-Transfer-Encoding", "Content-Disposition", "Content-ID", "Content-Description");

    /** Signed where they occur. Mailing lists and forwarders may add them without breaking anything. */
    List<String> SIGNED = List.of(
            "Sender", "In-Reply-To", "References", "Resent-Date", "Resent-From", "Resent-Sender", "Resent-To", "Resent-Cc",
            "Resent-Message-ID", "List-Id", "List-Help", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Subscribe",
            "List-Post", "List-Owner", "List-Archive", "Autocrypt", "Feedback-ID");

    /** {@link #OVERSIGNED} and {@link #SIGNED}. */
    SignedHeaders DEFAULT = new Present(OVERSIGNED, SIGNED);

    /** The names for {@code h=}, for one message. */
    List<String> names(HeaderBlock header);

    /** Each occurrence of these names, and one mention more of the oversigned ones. */
    record Present(List<String> oversigned, List<String> signed) implements SignedHeaders {
        public Present {
            oversigned = List.copyOf(oversigned);
            signed = List.copyOf(signed);
            requireSound(oversigned);
            requireSound(signed);
        }

        @Override
        public List<String> names(HeaderBlock header) {
            List<String> names = new ArrayList<>();
            for (String name : oversigned) {
                addPresent(names, name, header);
                names.add(name);
            }
            for (String name : signed) {
                addPresent(names, name, header);
            }
            return names;
        }

        private static void addPresent(List<String> names, String name, HeaderBlock header) {
            for (HeaderField present : header.all(name)) {
                names.add(present.name());
            }
        }
    }

    /** These mentions, whatever the message holds. */
    record Exactly(List<String> names) implements SignedHeaders {
        public Exactly {
            names = List.copyOf(names);
            requireSound(names);
            // RFC 6376 §5.4: "The From header field MUST be signed".
            if (names.stream().noneMatch(name -> name.equalsIgnoreCase("From"))) {
                throw new IllegalArgumentException("headers: found " + String.join(":", names) + ", expected From among them");
            }
        }

        @Override
        public List<String> names(HeaderBlock header) {
            return names;
        }
    }

    private static void requireSound(List<String> names) {
        for (String name : names) {
            // RFC 5322 §3.6.8, ftext; a semicolon would end h=.
            boolean sound = !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 0x7F && c != ':' && c != ';');
            if (!sound) {
                throw new IllegalArgumentException("headers: found '" + name + "', expected the name of a header field");
            }
            // RFC 6376 §5.4: a signature must not cover another's fate: these are added and removed underway.
            if (name.equalsIgnoreCase("DKIM-Signature")) {
                throw new IllegalArgumentException("headers: DKIM-Signature is always signed with itself and cannot be listed");
            }
        }
    }
}
