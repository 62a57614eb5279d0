// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dmarc.AlignmentMode;
import dev.signet.dmarc.DiscoveryMethod;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcRecord;
import dev.signet.dmarc.FailureOption;
import dev.signet.dns.DomainName;

import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A policy as a report tells it (RFC 9990, PolicyPublishedType), every default filled in. One report is about one of these.
 *
 * @param domain the DMARC Policy Domain: where the record stands
 * @param discovery how it was found; empty in reports that do not tell
 * @param policy p
 * @param subdomainPolicy sp
 * @param absentSubdomainPolicy np
 * @param testing t
 * @param failureOptions fo, such as {@code 1} or {@code d:s}
 * @param percent pct, 0 to 100; RFC 7489 only
 */
public record PublishedPolicy(
        DomainName domain,
        Optional<DiscoveryMethod> discovery,
        Disposition policy,
        Disposition subdomainPolicy,
        Disposition absentSubdomainPolicy,
        AlignmentMode dkimAlignment,
        AlignmentMode spfAlignment,
        boolean testing,
        String failureOptions,
        int percent) {

    /** Of the record that was found at {@code _dmarc} below {@code domain}. */
    public static PublishedPolicy of(DomainName domain, DmarcRecord record, DiscoveryMethod discovery) {
        return new PublishedPolicy(
                domain,
                Optional.of(discovery),
                record.policy(),
                record.subdomainPolicy(true),
                record.subdomainPolicy(false),
                record.dkimAlignment(),
                record.spfAlignment(),
                record.testing(),
                record.failureOptions().stream().sorted().map(PublishedPolicy::word).collect(Collectors.joining(":")),
                record.percent());
    }

    private static String word(FailureOption option) {
        return switch (option) {
            case ALL -> "0";
            case ANY -> "1";
            case DKIM -> "d";
            case SPF -> "s";
        };
    }
}
