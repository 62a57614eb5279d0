// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dns.DomainName;
import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** Whose mail a key signs: one domain, all domains below one, or everybody. */
sealed interface AuthorPattern {

    /** {@code example.org}. */
    record Exactly(DomainName domain) implements AuthorPattern {}

    /** {@code *.example.org}: every domain below, not the domain itself. */
    record Below(DomainName domain) implements AuthorPattern {}

    /** {@code *}: every author, and mail that has no author domain or several. */
    record Anybody() implements AuthorPattern {}

    /** Empty for what is none of the three. */
    static Optional<AuthorPattern> parse(String text) {
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
     * @param author null where a message has no author domain, or not just one
     */
    default boolean matches(@Nullable DomainName author) {
        return switch (this) {
            case Exactly(DomainName domain) -> domain.equals(author);
            case Below(DomainName domain) -> author != null && !author.equals(domain) && author.isAtOrBelow(domain);
            case Anybody ignored -> true;
        };
    }

    /** The signing domain where the configuration names none; empty for the author's own. */
    default Optional<DomainName> signingDomain() {
        return switch (this) {
            case Exactly(DomainName domain) -> Optional.of(domain);
            case Below(DomainName domain) -> Optional.of(domain);
            case Anybody ignored -> Optional.empty();
        };
    }

    /** Of the patterns that match an author, those with the highest rank count: the exact one, then the longest. */
    default int rank() {
        return switch (this) {
            case Exactly ignored -> Integer.MAX_VALUE;
            case Below(DomainName domain) -> domain.ascii().length();
            case Anybody ignored -> 0;
        };
    }
}
