// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import com.google.common.hash.Hashing;
import dev.signet.dmarc.DiscoveryMethod;
import dev.signet.dns.DomainName;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the Report-ID. It is derived from what the report is about and never drawn, so that a report sent once more, also by another
 * node, has the same one and can be told for a duplicate (RFC 9990 §3.5.1). It is also the unique-id of the file name, which "MUST
 * be identical" to it (§3.1.4) and has letters and digits only.
 */
final class ReportId {

    private static final int HEX_DIGITS = 32;

    private ReportId() {}

    /** @param part of a report that had to be split, from 1 */
    static String of(DomainName receiver, PublishedPolicy policy, LocalDate day, int part) {
        // Spelled out: how a record prints itself may change with the JDK.
        String about = Stream.of(
                        receiver,
                        day,
                        part,
                        policy.domain(),
                        policy.discovery().map(DiscoveryMethod::word).orElse(""),
                        policy.policy(),
                        policy.subdomainPolicy(),
                        policy.absentSubdomainPolicy(),
                        policy.dkimAlignment(),
                        policy.spfAlignment(),
                        policy.testing(),
                        policy.failureOptions(),
                        policy.percent())
                .map(Object::toString)
                .collect(Collectors.joining("\n"));
        return Hashing.sha256().hashString(about, StandardCharsets.UTF_8).toString().substring(0, HEX_DIGITS);
    }
}
