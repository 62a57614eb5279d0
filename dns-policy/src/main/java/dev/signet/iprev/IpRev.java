// SPDX-License-Identifier: Apache-2.0
package dev.signet.iprev;

import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.iprev.IpRevResult.State;
import org.jspecify.annotations.Nullable;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Checks the name of a client (RFC 8601 §3, "iprev"). */
public final class IpRev {

    // RFC 8601 §3 asks for a limit because of attacks by names without end, and names none. Ten as for SPF (RFC 7208 §4.6.4).
    private static final int MAX_NAMES = 10;

    private IpRev() {}

    /**
     * Asks for the names of an address and for their addresses; never waits.
     *
     * @param ip an IPv4-mapped IPv6 address is checked as IPv4 if it comes as {@link java.net.Inet4Address}, as the JDK makes it
     */
    public static CompletableFuture<IpRevResult> check(InetAddress ip, Dns dns) {
        return dns.lookup(DomainName.reverseOf(ip), RecordType.PTR).thenCompose(answer -> switch (answer) {
            case DnsAnswer.Found<DomainName> found ->
                confirm(ip, different(found.records()), dns);
            // RFC 8601 §2.7.3: permerror where "no reverse data (e.g., no relevant PTR record)" was found.
            case DnsAnswer.NoData<DomainName> noData -> result(State.PERMERROR, ip, "the address has no name");
            case DnsAnswer.NxDomain<DomainName> nxDomain -> result(State.PERMERROR, ip, "the address has no name");
            case DnsAnswer.TempFailure<DomainName>(String cause) -> result(State.TEMPERROR, ip, "PTR: " + cause);
        });
    }

    private static List<DomainName> different(List<DomainName> names) {
        List<DomainName> different = new ArrayList<>(names.size());
        for (DomainName name : names) {
            if (different.size() < MAX_NAMES && !different.contains(name)) {
                different.add(name);
            }
        }
        return different;
    }

    private static CompletableFuture<IpRevResult> confirm(InetAddress ip, List<DomainName> names, Dns dns) {
        RecordType<InetAddress> type = ip instanceof Inet6Address ? RecordType.AAAA : RecordType.A;
        List<CompletableFuture<DnsAnswer<InetAddress>>> answers = new ArrayList<>(names.size());
        for (DomainName name : names) {
            answers.add(dns.lookup(name, type));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new)).thenApply(done -> {
            String failure = null;
            for (int i = 0; i < answers.size(); i++) {
                switch (answers.get(i).join()) {
                    case DnsAnswer.Found<InetAddress> found -> {
                        if (found.records().contains(ip)) {
                            return new IpRevResult(State.PASS, ip, names.get(i), "the name has the address");
                        }
                    }
                    case DnsAnswer.NoData<InetAddress> noData -> {}
                    case DnsAnswer.NxDomain<InetAddress> nxDomain -> {}
                    case DnsAnswer.TempFailure<InetAddress>(String cause) -> failure = type + " of " + names.get(i) + ": " + cause;
                }
            }
            return failure(ip, failure);
        });
    }

    /** Without a confirmed name: the name that could not be asked for may have been the right one. */
    private static IpRevResult failure(InetAddress ip, @Nullable String temporary) {
        return temporary == null
                ? new IpRevResult(State.FAIL, ip, null, "no name of the address has the address")
                : new IpRevResult(State.TEMPERROR, ip, null, temporary);
    }

    private static CompletableFuture<IpRevResult> result(State state, InetAddress ip, String reason) {
        return CompletableFuture.completedFuture(new IpRevResult(state, ip, null, reason));
    }
}
