// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.DomainName;

import java.util.List;
import java.util.Optional;

/**
 * The domains that answer for a message (RFC 9989 §3.2.1), and those that might if the DNS had answered.
 *
 * @param spf the domain of MAIL FROM, where SPF passed for it. Never that of HELO (RFC 9989 §4.4.2), which only stands in for a
 *     null sender's (RFC 7208 §2.4)
 * @param dkim d= of each signature that passed
 * @param spfTempError the domain of MAIL FROM, where SPF ended with temperror
 * @param dkimTempErrors d= of each signature whose check ended with temperror
 */
public record Identifiers(
        Optional<DomainName> spf,
        List<DomainName> dkim,
        Optional<DomainName> spfTempError,
        List<DomainName> dkimTempErrors) {

    /** Nobody answers for the message. */
    public static final Identifiers NONE = new Identifiers(Optional.empty(), List.of(), Optional.empty(), List.of());

    public Identifiers {
        dkim = List.copyOf(dkim);
        dkimTempErrors = List.copyOf(dkimTempErrors);
    }
}
