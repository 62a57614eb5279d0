// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.DomainName;

import java.util.Optional;

/**
 * One question of discovery: what {@code _dmarc.<domain>} answered.
 *
 * @param domain the name without {@code _dmarc}
 */
public record WalkStep(DomainName domain, Answer answer) {

    /** What was found at one name. */
    public sealed interface Answer {
        /** Exactly one DMARC record. */
        record Published(DmarcRecord record) implements Answer {}

        /** More than one DMARC record, hence none that counts. */
        record Several(int count) implements Answer {}

        /**
         * No DMARC record.
         *
         * @param nxDomain whether {@code _dmarc.<domain>} does not exist at all; where it does, so does the domain
         */
        record Nothing(boolean nxDomain) implements Answer {}

        /** We do not know. */
        record Trouble(String cause) implements Answer {}
    }

    /** The record found here. */
    public Optional<DmarcRecord> record() {
        return answer instanceof Answer.Published(DmarcRecord found) ? Optional.of(found) : Optional.empty();
    }
}
