// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.DomainName;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** How an identifier stands to the author domain (RFC 9989 §4.4). */
sealed interface Alignment {

    /** It answers for the author domain. */
    record Aligned() implements Alignment {}

    /** It does not. */
    record Apart() implements Alignment {}

    /** The DNS did not let us find out. */
    record Unknown(String cause) implements Alignment {}

    /**
     * Compares an identifier with the author domain, asking {@code organizations} only where names do not settle it: an
     * identifier can have the author's Organizational Domain only if it lies at or below it (RFC 9989 §4.10.2).
     */
    static CompletableFuture<Alignment> of(
            PolicyDiscovery.Found policy,
            DomainName identifier,
            AlignmentMode mode,
            Function<DomainName, CompletableFuture<Organization>> organizations) {
        DomainName author = policy.authorDomain();
        return switch (policy.organization()) {
            // RFC 7489 §3.1.1: d=com "would never allow an in alignment result", being on every list.
            case Organization.PublicSuffix suffix -> now(new Apart());
            case Organization.Known(DomainName organization) -> {
                // Equal names are aligned in both modes (RFC 9989 §4.10.2, note), also for a public suffix that sends mail itself.
                if (identifier.equals(author) || (mode == AlignmentMode.RELAXED && identifier.equals(organization))) {
                    yield now(new Aligned());
                }
                yield mode == AlignmentMode.STRICT || !identifier.isAtOrBelow(organization)
                        ? now(new Apart())
                        : organizations.apply(identifier).thenApply(other -> compare(organization, other));
            }
            case Organization.Unknown(String cause) -> {
                if (identifier.equals(author)) {
                    yield now(new Aligned());
                }
                // Whatever the organization is, it lies at or below the author's top-level domain.
                boolean apart = mode == AlignmentMode.STRICT || !identifier.isAtOrBelow(author.rightmost(1));
                yield now(apart ? new Apart() : new Unknown(cause));
            }
        };
    }

    private static Alignment compare(DomainName organization, Organization other) {
        return switch (other) {
            case Organization.Known(DomainName domain) -> domain.equals(organization) ? new Aligned() : new Apart();
            case Organization.PublicSuffix suffix -> new Apart();
            case Organization.Unknown(String cause) -> new Unknown(cause);
        };
    }

    private static CompletableFuture<Alignment> now(Alignment alignment) {
        return CompletableFuture.completedFuture(alignment);
    }
}
