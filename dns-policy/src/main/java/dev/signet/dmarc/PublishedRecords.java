// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.ParsedTexts;
import dev.signet.dns.RecordType;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What domains publish at {@code _dmarc}. What a record's text was parsed to is kept, since much mail has few authors; how long a record
 * lives is the DNS cache's business, not ours.
 */
final class PublishedRecords {

    // Of all texts kept together, some 3,000 records of the usual size: a stranger's record may be as large as it likes.
    private static final int KEPT_CHARACTERS = 250_000;

    // What is no DMARC record was read with little effort, and will be again.
    private final ParsedTexts<Optional<DmarcRecord>> parsed = new ParsedTexts<>(KEPT_CHARACTERS, DmarcRecord::parse, Optional::isPresent);

    /** Asks for the DMARC record of one domain; the future never completes exceptionally. */
    CompletableFuture<WalkStep> at(DomainName domain, Dns dns) {
        Optional<DomainName> name = domain.prefixedWith("_dmarc");
        if (name.isEmpty()) {
            // The domain is so long that there can be no such name in the DNS; its parents may still have a policy.
            return CompletableFuture.completedFuture(new WalkStep(domain, new WalkStep.Answer.Nothing(true)));
        }
        return dns.lookup(name.get(), RecordType.TXT).thenApply(answer -> new WalkStep(domain, read(answer)));
    }

    private WalkStep.Answer read(DnsAnswer<String> answer) {
        return switch (answer) {
            case DnsAnswer.Found<String>(List<String> texts) -> read(texts);
            case DnsAnswer.NoData<String>() -> new WalkStep.Answer.Nothing(false);
            case DnsAnswer.NxDomain<String>() -> new WalkStep.Answer.Nothing(true);
            case DnsAnswer.TempFailure<String>(String cause) -> new WalkStep.Answer.Trouble(cause);
        };
    }

    private WalkStep.Answer read(List<String> texts) {
        List<DmarcRecord> records = new ArrayList<>(1);
        for (String text : texts) {
            parsed.of(text).ifPresent(records::add);
        }
        return switch (records.size()) {
            case 0 -> new WalkStep.Answer.Nothing(false);
            case 1 -> new WalkStep.Answer.Published(records.getFirst());
            // RFC 9989 §4.10 steps 2 and 6: "If multiple DMARC Policy Records are returned for a single target, they are all
            // discarded", and the walk goes on.
            default -> new WalkStep.Answer.Several(records.size());
        };
    }
}
