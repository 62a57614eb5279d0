// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import dev.signet.dkim.SignedHeaders;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which header fields an ARC-Message-Signature covers: what stands in its {@code h=}. */
public sealed interface SealedHeaders {

    /**
     * What a DKIM signature covers by default, and the DKIM signatures themselves: "the signature of the AMS header field SHOULD
     * include any DKIM-Signature header fields already present in the message" (RFC 8617 §4.1.2).
     */
    SealedHeaders DEFAULT = new Usual();

    /** The names for {@code h=}, for one message. */
    List<String> names(HeaderBlock header);

    /** See {@link #DEFAULT}. */
    record Usual() implements SealedHeaders {

        @Override
        public List<String> names(HeaderBlock header) {
            List<String> names = new ArrayList<>(SignedHeaders.DEFAULT.names(header));
            for (HeaderField signature : header.all("DKIM-Signature")) {
                names.add(signature.name());
            }
            return names;
        }
    }

    /** These mentions, whatever the message holds. */
    record Exactly(List<String> names) implements SealedHeaders {

        // §4.1.2: Authentication-Results "are likely to be deleted by downstream ADMDs", and each set adds ARC fields.
        private static final Set<String> NEVER = Set.of(
                "authentication-results", "arc-authentication-results", "arc-message-signature", "arc-seal");

        /** @throws IllegalArgumentException for a name that must not be covered, and where From is missing */
        public Exactly {
            names = List.copyOf(names);
            for (String name : names) {
                // RFC 5322 §3.6.8, ftext; a semicolon would end h=.
                if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7F && c != ':' && c != ';')) {
                    throw new IllegalArgumentException("headers: found '" + name + "', expected the name of a header field");
                }
                if (NEVER.contains(name.toLowerCase(Locale.ROOT))) {
                    throw new IllegalArgumentException(
                            "headers: found " + name + ", which an ARC-Message-Signature must not cover (RFC 8617 §4.1.2)");
                }
            }
            // RFC 6376 §5.4 holds here, too: a seal that lets anybody change the author is worth nothing.
            if (names.stream().noneMatch("From"::equalsIgnoreCase)) {
                throw new IllegalArgumentException("headers: found " + String.join(":", names) + ", expected From among them");
            }
        }

        @Override
        public List<String> names(HeaderBlock header) {
            return names;
        }
    }
}
