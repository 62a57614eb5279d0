// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import java.util.List;

/**
 * What the DNS said about one name and type. "There is nothing" and "we do not know" are different answers: a protocol that
 * takes one for the other lets an attacker switch it off by making a name server fail.
 *
 * @param <T> what a record of the asked type holds
 */
public sealed interface DnsAnswer<T> {

    /** At least one record, in the order of the answer. */
    record Found<T>(List<T> records) implements DnsAnswer<T> {
        public Found {
            records = List.copyOf(records);
            if (records.isEmpty()) {
                throw new IllegalArgumentException("no records: that is NoData");
            }
        }
    }

    /** The name exists, but has no record of this type (RFC 2308 §2.2). */
    record NoData<T>() implements DnsAnswer<T> {}

    /** The name does not exist (RFC 2308 §2.1). */
    record NxDomain<T>() implements DnsAnswer<T> {}

    /**
     * No usable answer: SERVFAIL, REFUSED, a time-out, a malformed or looping reply, an exhausted budget.
     *
     * @param cause for the administrator, such as {@code "SERVFAIL"} or {@code "no answer within 5 s"}
     */
    record TempFailure<T>(String cause) implements DnsAnswer<T> {}
}
