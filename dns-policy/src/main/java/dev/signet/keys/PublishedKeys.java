// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.ParsedTexts;
import dev.signet.dns.RecordType;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Keys from the DNS. What a record's text was parsed to is kept, since parsing an RSA key costs more than verifying with it;
 * how long a record lives is the DNS cache's business, not ours.
 */
public final class PublishedKeys {

    // Of all texts kept together, some 2,000 keys of the usual size: a stranger's record may be as large as it likes.
    private static final int KEPT_CHARACTERS = 1_000_000;
    // Two keys at one name happen while somebody rotates; more than a handful is somebody else's idea.
    private static final int MAX_RECORDS = 10;

    // What is no key was parsed with little effort, and will be again.
    private final ParsedTexts<KeyAnswer> parsed =
            new ParsedTexts<>(KEPT_CHARACTERS, PublishedKey::parse, KeyAnswer.Usable.class::isInstance);

    /** The one usable key at a name, or why there is none. */
    public CompletableFuture<KeyAnswer> at(DomainName name, Dns dns) {
        return dns.lookup(name, RecordType.TXT).thenApply(answer -> switch (answer) {
            case DnsAnswer.Found<String>(List<String> records) -> choose(records);
            case DnsAnswer.NoData<String>() -> noKey(name);
            case DnsAnswer.NxDomain<String>() -> noKey(name);
            case DnsAnswer.TempFailure<String>(String cause) ->
                new KeyAnswer.Unknown("no answer for the key at " + name + ": " + cause);
        });
    }

    // RFC 6376 §3.6.2.2: with several records the result is undefined. Taking one at random would make the result depend on
    // the order of the answer, so exactly one sound one is wanted; unrelated TXT records at the name do no harm.
    private KeyAnswer choose(List<String> records) {
        if (records.size() > MAX_RECORDS) {
            return new KeyAnswer.Unusable("more than " + MAX_RECORDS + " TXT records at the key's name");
        }
        KeyAnswer chosen = parsed.of(records.getFirst());
        for (String record : records.subList(1, records.size())) {
            KeyAnswer other = parsed.of(record);
            if (other instanceof KeyAnswer.Usable) {
                if (chosen instanceof KeyAnswer.Usable) {
                    return new KeyAnswer.Unusable("several keys at one name");
                }
                chosen = other;
            }
        }
        return chosen;
    }

    private static KeyAnswer noKey(DomainName name) {
        return new KeyAnswer.Unusable("no key at " + name);
    }
}
