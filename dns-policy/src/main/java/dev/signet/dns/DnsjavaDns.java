// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Cache;
import org.xbill.DNS.Credibility;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Lookup;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SetResponse;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;
import org.xbill.DNS.lookup.RedirectOverflowException;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Asks real name servers by dnsjava: over UDP, over TCP where the reply is truncated, with a cache. Absolute names only: no
 * search path, no hosts file. Answers of more than 100 records are temporary failures.
 *
 * <p>Futures complete on the common pool.
 */
public final class DnsjavaDns implements Dns {

    // The size that needs no fragments on any path (RFC 9715 §3.1, DNS flag day 2020).
    private static final int UDP_PAYLOAD = 1232;

    private final Supplier<LookupSession> session;
    private final Supplier<Cache> cache;

    private DnsjavaDns(Supplier<LookupSession> session, Supplier<Cache> cache) {
        this.session = session;
        this.cache = cache;
    }

    /**
     * Asks the resolver and uses the cache that are dnsjava's defaults at the time of each lookup: within James, those that
     * James made from its own configuration.
     */
    public static DnsjavaDns onDefaults() {
        return new DnsjavaDns(() -> {
            Resolver resolver = Lookup.getDefaultResolver();
            // A resolver's time-out is that of one exchange, and UDP may be followed by TCP. This limit is for what hangs.
            Duration limit = resolver.getTimeout().multipliedBy(2);
            return sessionOn(new CheckedResolver(resolver, "", limit)).cache(new BorrowedCache(Lookup.getDefaultCache(DClass.IN))).build();
        }, () -> Lookup.getDefaultCache(DClass.IN));
    }

    /**
     * Asks recursive name servers, the next one whenever one gives no usable reply, with a cache of its own.
     *
     * @param servers tried in this order, those that failed lately last
     * @param timeout of one attempt at one server, TCP after UDP included
     * @param attempts at each server, at least 1
     * @throws IllegalArgumentException for no servers, a host name that has no address, no time, no attempt
     */
    public static DnsjavaDns onServers(List<InetSocketAddress> servers, Duration timeout, int attempts) {
        if (servers.isEmpty() || timeout.isNegative() || timeout.isZero() || attempts < 1) {
            throw new IllegalArgumentException(servers + ", " + timeout + ", " + attempts + ": need a server, time, an attempt");
        }
        List<Resolver> resolvers = new ArrayList<>();
        for (InetSocketAddress server : servers) {
            if (server.isUnresolved()) {
                throw new IllegalArgumentException("no address known for the name server " + server.getHostString());
            }
            SimpleResolver resolver = new SimpleResolver(server);
            resolver.setEDNS(0, UDP_PAYLOAD, 0, List.of());
            resolver.setTimeout(timeout);
            resolvers.add(new CheckedResolver(resolver, server.getHostString() + ":" + server.getPort(), timeout));
        }
        ExtendedResolver all = new ExtendedResolver(resolvers);
        all.setRetries(attempts);
        // It gives up when this is over, even with attempts left; the attempts are bounded themselves.
        all.setTimeout(timeout.multipliedBy((long) servers.size() * attempts + 1));
        SmallCache cache = new SmallCache(InstantSource.system());
        LookupSession session = sessionOn(all).cache(cache).build();
        return new DnsjavaDns(() -> session, () -> cache);
    }

    private static LookupSession.LookupSessionBuilder sessionOn(Resolver resolver) {
        // dnsjava 3.6 follows one CNAME less than it is told.
        return LookupSession.builder().resolver(resolver).maxRedirects(Wire.MAX_CNAMES + 1);
    }

    @Override
    public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
        try {
            Name asked = Wire.nameOf(name);
            // dnsjava tells of a cached "no" by three exceptions, each with the whole stack of a mail server's thread.
            SetResponse known = cache.get().lookupRecords(asked, type.code(), Credibility.NORMAL);
            if (known.isNXDOMAIN()) {
                return CompletableFuture.completedFuture(new DnsAnswer.NxDomain<>());
            }
            if (known.isNXRRSET()) {
                return CompletableFuture.completedFuture(new DnsAnswer.NoData<>());
            }
            if (known.isSuccessful()) {
                // What the session would find there, too, by more work than the rest of an answer takes.
                return CompletableFuture.completedFuture(Wire.answerOf(recordsOf(known), type));
            }
            return session.get()
                    .lookupAsync(asked, type.code())
                    .toCompletableFuture()
                    .thenApply(result -> answerOf(result, type))
                    .exceptionally(DnsjavaDns::answerOf);
        } catch (RuntimeException e) {
            // What goes wrong before anything is sent, such as a default resolver that was never set.
            return CompletableFuture.completedFuture(answerOf(e));
        }
    }

    private static List<Record> recordsOf(SetResponse known) {
        List<Record> records = new ArrayList<>();
        for (RRset set : known.answers()) {
            records.addAll(set.rrs(false));
        }
        return records;
    }

    private static <T> DnsAnswer<T> answerOf(@Nullable LookupResult result, RecordType<T> type) {
        return result == null ? new DnsAnswer.TempFailure<>("no answer") : Wire.answerOf(result.getRecords(), type);
    }

    private static <T> DnsAnswer<T> answerOf(Throwable trouble) {
        Throwable cause = trouble;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case NoSuchDomainException ignored -> new DnsAnswer.NxDomain<>();
            case NoSuchRRSetException ignored -> new DnsAnswer.NoData<>();
            case FailedReply reply -> new DnsAnswer.TempFailure<>(String.valueOf(reply.getMessage()));
            case RedirectOverflowException ignored -> new DnsAnswer.TempFailure<>(Wire.TOO_MANY_CNAMES);
            default -> new DnsAnswer.TempFailure<>("no answer, " + cause.getClass().getSimpleName());
        };
    }
}
