// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.ParsedTexts;
import dev.signet.dns.RecordType;

import java.util.concurrent.CompletableFuture;

/**
 * What domains publish. What a record's text was parsed to is kept, since a few large senders' records are included by
 * everybody; how long a record lives is the DNS cache's business, not ours.
 */
final class PublishedRecords {

    // Of all texts kept together: how many records that are depends on their length, and how much memory hardly does.
    private static final int KEPT_CHARACTERS = 250_000;

    private final RecordSelector selector;
    private final ParsedTexts<Published> parsed = new ParsedTexts<>(KEPT_CHARACTERS, PublishedRecords::parse, published -> true);

    PublishedRecords(RecordSelector selector) {
        this.selector = selector;
    }

    CompletableFuture<Published> at(DomainName domain, Dns dns) {
        // RFC 7208 §4.4: TXT only. Type 99 is never asked for (§3.1).
        return dns.lookup(domain, RecordType.TXT).thenApply(this::read);
    }

    private Published read(DnsAnswer<String> answer) {
        return switch (answer) {
            case DnsAnswer.Found<String> found -> switch (selector.select(found.records())) {
                case RecordSelector.Selection.None none -> new Published.Nothing();
                case RecordSelector.Selection.TooMany(String reason) -> new Published.Malformed(reason);
                case RecordSelector.Selection.One(String terms) -> parsed.of(terms);
            };
            case DnsAnswer.NoData<String> noData -> new Published.Nothing();
            case DnsAnswer.NxDomain<String> nxDomain -> new Published.NoDomain(selector.nonexistentDomain());
            case DnsAnswer.TempFailure<String>(String cause) -> new Published.Unknown(cause);
        };
    }

    private static Published parse(String terms) {
        return switch (SpfRecord.parse(terms)) {
            case SpfRecord.Parse.Sound(SpfRecord record) -> new Published.Sound(record);
            case SpfRecord.Parse.Malformed(String reason) -> new Published.Malformed(reason);
        };
    }
}
