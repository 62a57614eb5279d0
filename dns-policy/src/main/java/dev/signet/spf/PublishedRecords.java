// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The records that one check needs, each asked for and read once, whether evaluation or an early query comes first. */
final class PublishedRecords {

    private final Dns dns;
    private final RecordSelector selector;
    private final Map<DomainName, CompletableFuture<Published>> records = new ConcurrentHashMap<>();

    PublishedRecords(Dns dns, RecordSelector selector) {
        this.dns = dns;
        this.selector = selector;
    }

    CompletableFuture<Published> at(DomainName domain) {
        // RFC 7208 §4.4: TXT only. Type 99 is never asked for (§3.1).
        return records.computeIfAbsent(domain, name -> dns.lookup(name, RecordType.TXT).thenApply(this::read));
    }

    private Published read(DnsAnswer<String> answer) {
        return switch (answer) {
            case DnsAnswer.Found<String> found -> switch (selector.select(found.records())) {
                case RecordSelector.Selection.None none -> new Published.Nothing();
                case RecordSelector.Selection.TooMany(String reason) -> new Published.Malformed(reason);
                case RecordSelector.Selection.One(String terms) -> switch (SpfRecord.parse(terms)) {
                    case SpfRecord.Parse.Sound(SpfRecord record) -> new Published.Sound(record);
                    case SpfRecord.Parse.Malformed(String reason) -> new Published.Malformed(reason);
                };
            };
            case DnsAnswer.NoData<String> noData -> new Published.Nothing();
            case DnsAnswer.NxDomain<String> nxDomain -> new Published.Nothing();
            case DnsAnswer.TempFailure<String>(String cause) -> new Published.Unknown(cause);
        };
    }
}
