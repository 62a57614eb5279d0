// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dns.DomainName;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a failure report of others tells (RFC 5965, 6591, 9991), without the message that it is about: nothing of a message is kept
 * that is not needed to count. Texts are strangers' and at most 253 characters long; an empty one stands for what is left out.
 *
 * @param failure Auth-Failure in lower case, such as {@code dmarc}
 * @param domain the author domain of the message, Reported-Domain
 * @param source who sent it
 * @param arrived when the reporter got it
 * @param unaligned Identity-Alignment: the mechanisms that did not pass for an aligned domain, the others did; empty where a report
 *     does not tell, none of them where it says that there is none
 * @param deliveryResult what the reporter did with it, such as {@code delivered}
 * @param envelopeFrom the domain of MAIL FROM
 * @param dkimDomain d= of the signature that failed
 * @param dkimSelector s= of the same
 * @param incidents how many messages it stands for; at least 1
 * @param generator the software, User-Agent
 */
public record FailureReport(
        String failure,
        DomainName domain,
        Optional<InetAddress> source,
        Optional<Instant> arrived,
        Optional<Set<Mechanism>> unaligned,
        String deliveryResult,
        String envelopeFrom,
        String dkimDomain,
        String dkimSelector,
        long incidents,
        String generator) {

    /** What DMARC builds on. */
    public enum Mechanism { DKIM, SPF }

    public FailureReport {
        unaligned = unaligned.map(Set::copyOf);
    }

    /** Whether a mechanism passed for an aligned domain, where the report tells. */
    public Optional<Boolean> aligned(Mechanism mechanism) {
        return unaligned.map(failed -> !failed.contains(mechanism));
    }
}
