// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import java.util.concurrent.CompletableFuture;

/** Asks the DNS. Implementations are safe for use by many threads. */
public interface Dns {

    /**
     * Asks for the records of one type at one name, following CNAMEs.
     *
     * <p>The future always completes, and never exceptionally: every kind of trouble is a {@link DnsAnswer.TempFailure}.
     * Whoever dislikes waiting puts a {@link MessageDns} with a deadline in between.
     */
    <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type);
}
