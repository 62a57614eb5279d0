// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import com.google.common.base.Ticker;
import dev.signet.dns.DomainName;
import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Limits how many failure reports leave (RFC 9991 §2: "MUST implement a rate-limit"): about one domain, caused by one source, and to
 * one host, each an hour. What led to no report is counted, whatever the reason, and Incidents of the next report about the same
 * domain and source says so, if there is one. Memory is bounded: whoever fills it gets no reports, and the oldest of such counts are
 * forgotten. Safe for use by many threads.
 */
public final class FailureLimits {

    private static final long WINDOW = Duration.ofHours(1).toNanos();
    // Of each kind of counter.
    private static final int MAX_COUNTERS = 10_000;

    /**
     * A report that may be sent, until it is given back.
     *
     * @param incidents it is to tell of: its own, and those since the last report
     */
    public record Claim(DomainName policyDomain, InetAddress source, long incidents) {}

    // Not the time of day: a clock that was wrong by years, and is put right, would close a window for as long.
    private final Ticker time;
    private final Counters<DomainName> domains;
    private final Counters<String> sources;
    private final Counters<DomainName> hosts;
    private final Counters<DomainName> inVain;
    // No window: an incident waits for as long as it takes.
    private final LinkedHashMap<String, Long> held = new LinkedHashMap<>();

    /**
     * The limits an hour, 1 or more each.
     *
     * @param perDomain reports about one policy domain, and to one host
     * @param perSource reports about mail of one IPv4 address or one IPv6 network of 64 bits
     */
    public FailureLimits(int perDomain, int perSource, Ticker time) {
        if (perDomain < 1 || perSource < 1) {
            throw new IllegalArgumentException("limits on failure reports: expected 1 or more of each");
        }
        this.time = time;
        this.domains = new Counters<>(perDomain);
        this.sources = new Counters<>(perSource);
        this.hosts = new Counters<>(perDomain);
        this.inVain = new Counters<>(perDomain);
    }

    /** Asks for one report. Empty where none may be sent, and this incident is counted. */
    public synchronized Optional<Claim> claim(DomainName policyDomain, InetAddress source) {
        long now = time.read();
        String network = network(source);
        if (sources.isFull(network, now) || domains.isFull(policyDomain, now) || inVain.isFull(policyDomain, now)) {
            hold(policyDomain, network, 1);
            return Optional.empty();
        }
        sources.count(network, now);
        domains.count(policyDomain, now);
        @Nullable Long before = held.remove(pair(policyDomain, network));
        return Optional.of(new Claim(policyDomain, source, before == null ? 1 : 1 + before));
    }

    /** No mail came of a claim, and nobody was asked: it takes no room, and its incidents are for the next one. */
    public synchronized void giveBack(Claim claim) {
        String network = network(claim.source());
        sources.uncount(network);
        domains.uncount(claim.policyDomain());
        hold(claim.policyDomain(), network, claim.incidents());
    }

    /**
     * No mail came of a claim, since there is nobody to write to: given back, but the DNS is not asked about the destinations of this
     * domain more often than there could be reports about it.
     */
    public synchronized void foundNobody(Claim claim) {
        giveBack(claim);
        inVain.count(claim.policyDomain(), time.read());
    }

    /** Asks for one mail to a host, whoever named it. */
    public synchronized boolean claim(DomainName host) {
        long now = time.read();
        if (hosts.isFull(host, now)) {
            return false;
        }
        hosts.count(host, now);
        return true;
    }

    private void hold(DomainName policyDomain, String network, long incidents) {
        held.merge(pair(policyDomain, network), incidents, Long::sum);
        if (held.size() > MAX_COUNTERS) {
            held.pollFirstEntry();
        }
    }

    private static String pair(DomainName policyDomain, String network) {
        return policyDomain + " " + network;
    }

    /** RFC 4291 §2.5.4: whoever has one address of such a network has all of them. */
    private static String network(InetAddress source) {
        byte[] octets = source.getAddress();
        return HexFormat.of().formatHex(octets.length == 16 ? Arrays.copyOf(octets, 8) : octets);
    }

    /** Counts by key within windows that begin with the first count. */
    private static final class Counters<K> {

        private record Count(long since, long number) {}

        // In the order in which windows begin, and so end: a key that begins anew is put at the end.
        private final Map<K, Count> counts = new LinkedHashMap<>();
        private final int max;

        Counters(int max) {
            this.max = max;
        }

        boolean isFull(K key, long now) {
            @Nullable Count count = counts.get(key);
            if (count != null && isOver(count, now)) {
                return false;
            }
            return count == null ? !hasRoom(now) : count.number() >= max;
        }

        void count(K key, long now) {
            @Nullable Count count = counts.get(key);
            if (count != null && isOver(count, now)) {
                counts.remove(key);
                count = null;
            }
            if (count != null) {
                counts.put(key, new Count(count.since(), count.number() + 1));
            } else if (hasRoom(now)) {
                counts.put(key, new Count(now, 1));
            }
        }

        void uncount(K key) {
            counts.computeIfPresent(key, (same, count) -> count.number() > 1 ? new Count(count.since(), count.number() - 1) : null);
        }

        private boolean hasRoom(long now) {
            if (counts.size() >= MAX_COUNTERS) {
                counts.values().removeIf(count -> isOver(count, now));
            }
            return counts.size() < MAX_COUNTERS;
        }

        private static boolean isOver(Count count, long now) {
            return now - count.since() >= WINDOW;
        }
    }
}
