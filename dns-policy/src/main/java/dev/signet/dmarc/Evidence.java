// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.DomainName;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How the identifiers of a message stand to its author domain.
 *
 * @param openSpf those for which SPF ended with temperror
 * @param openDkim those for which DKIM did
 */
record Evidence(List<Compared> spf, List<Compared> dkim, List<Compared> openSpf, List<Compared> openDkim) {

    record Compared(DomainName identifier, Alignment alignment) {

        boolean isAligned() {
            return alignment instanceof Alignment.Aligned;
        }

        Optional<String> doubt() {
            return alignment instanceof Alignment.Unknown(String cause)
                    ? Optional.of("alignment of " + identifier + " is unknown: " + cause)
                    : Optional.empty();
        }

        private Optional<String> open(String mechanism) {
            return isAligned() ? Optional.of(mechanism + " of " + identifier + " ended with temperror") : doubt();
        }
    }

    Optional<DomainName> alignedSpf() {
        List<DomainName> aligned = aligned(spf);
        return aligned.isEmpty() ? Optional.empty() : Optional.of(aligned.getFirst());
    }

    List<DomainName> alignedDkim() {
        return aligned(dkim);
    }

    private static List<DomainName> aligned(List<Compared> identifiers) {
        List<DomainName> aligned = new ArrayList<>(identifiers.size());
        for (Compared compared : identifiers) {
            if (compared.isAligned()) {
                aligned.add(compared.identifier());
            }
        }
        return aligned;
    }

    /**
     * What may yet turn a fail into a pass. RFC 9989 §5.3.6 speaks of queries "required to perform DMARC validation": trouble with
     * an identifier that could not align anyway does not save a forger, who can sign with a broken domain of his own.
     */
    Optional<String> doubt() {
        return Stream.of(
                        spf.stream().map(Compared::doubt),
                        dkim.stream().map(Compared::doubt),
                        openSpf.stream().map(compared -> compared.open("SPF")),
                        openDkim.stream().map(compared -> compared.open("DKIM")))
                .flatMap(doubts -> doubts)
                .flatMap(Optional::stream)
                .findFirst();
    }
}
