// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

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

    /** Asks for the DMARC record of one domain; the future never completes exceptionally. */
    static CompletableFuture<WalkStep> ask(DomainName domain, Dns dns) {
        Optional<DomainName> name = domain.prefixedWith("_dmarc");
        if (name.isEmpty()) {
            // The domain is so long that there can be no such name in the DNS; its parents may still have a policy.
            return CompletableFuture.completedFuture(new WalkStep(domain, new Answer.Nothing(true)));
        }
        return dns.lookup(name.get(), RecordType.TXT).thenApply(answer -> new WalkStep(domain, read(answer)));
    }

    private static Answer read(DnsAnswer<String> answer) {
        return switch (answer) {
            case DnsAnswer.Found<String>(List<String> texts) -> read(texts);
            case DnsAnswer.NoData<String>() -> new Answer.Nothing(false);
            case DnsAnswer.NxDomain<String>() -> new Answer.Nothing(true);
            case DnsAnswer.TempFailure<String>(String cause) -> new Answer.Trouble(cause);
        };
    }

    private static Answer read(List<String> texts) {
        List<DmarcRecord> records = texts.stream().map(DmarcRecord::parse).flatMap(Optional::stream).toList();
        return switch (records.size()) {
            case 0 -> new Answer.Nothing(false);
            case 1 -> new Answer.Published(records.getFirst());
            // RFC 9989 §4.10 steps 2 and 6: "If multiple DMARC Policy Records are returned for a single target, they are all
            // discarded", and the walk goes on.
            default -> new Answer.Several(records.size());
        };
    }
}
