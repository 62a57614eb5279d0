// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dns.DomainName;
import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** Whose mail a key signs or seals: that of one domain, of all domains below one, or of everybody. */
sealed interface KeyPattern {

    /** {@code example.org}. */
    record Exactly(DomainName domain) implements KeyPattern {
        @Override
        public String toString() {
            return domain.ascii();
        }
    }

    /** {@code *.example.org}: every domain below, not the domain itself. */
    record Below(DomainName domain) implements KeyPattern {
        @Override
        public String toString() {
            return "*." + domain.ascii();
        }
    }

    /** {@code *}: every domain, and mail that has none or several. */
    record Anybody() implements KeyPattern {
        @Override
        public String toString() {
            return "*";
        }
    }

    /** Empty for what is none of the three. */
    static Optional<KeyPattern> parse(String text) {
        if (text.equals("*")) {
            return Optional.of(new Anybody());
        }
        return text.startsWith("*.")
                ? DomainName.parse(text.substring(2)).map(Below::new)
                : DomainName.parse(text).map(Exactly::new);
    }

    /**
     * Whether a key of this pattern may sign.
     *
     * @param found null where a message has no such domain, or not just one
     */
    default boolean matches(@Nullable DomainName found) {
        return switch (this) {
            case Exactly(DomainName domain) -> domain.equals(found);
            case Below(DomainName domain) -> found != null && !found.equals(domain) && found.isAtOrBelow(domain);
            case Anybody ignored -> true;
        };
    }

    /** The signing domain where the configuration names none; empty for the one that was found. */
    default Optional<DomainName> signingDomain() {
        return switch (this) {
            case Exactly(DomainName domain) -> Optional.of(domain);
            case Below(DomainName domain) -> Optional.of(domain);
            case Anybody ignored -> Optional.empty();
        };
    }

    /** Of the patterns that match a domain, those with the highest rank count: the exact one, then the longest. */
    default int rank() {
        return switch (this) {
            case Exactly ignored -> Integer.MAX_VALUE;
            case Below(DomainName domain) -> domain.ascii().length();
            case Anybody ignored -> 0;
        };
    }
}
