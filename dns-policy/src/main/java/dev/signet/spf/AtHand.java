// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;

import java.util.concurrent.CompletableFuture;

/**
 * The answers that are there already. Whoever asks for another one is thrown a {@link Missing}: the query has been sent then, and is worth
 * waiting for, elsewhere.
 *
 * @param dns answers equal questions with one query
 */
record AtHand(Dns dns) implements Dns {

    /** No answer yet. Nothing went wrong, so there is no stack to look at. */
    static final class Missing extends RuntimeException {

        private static final long serialVersionUID = 1;

        Missing() {
            super("no answer yet", null, false, false);
        }
    }

    @Override
    public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
        CompletableFuture<DnsAnswer<T>> answer = dns.lookup(name, type);
        if (!answer.isDone()) {
            throw new Missing();
        }
        return answer;
    }
}
