// SPDX-License-Identifier: Apache-2.0
package dev.signet.testing;

import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.MailExchanger;
import dev.signet.dns.RecordType;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A zone in memory that tells NXDOMAIN from NODATA and remembers what it was asked, for tests of protocol logic. What needs
 * packets uses a real server on loopback instead.
 */
public final class FakeDns implements Dns {

    private record Key(DomainName name, RecordType<?> type) {}

    private final Map<Key, List<Object>> records = new HashMap<>();
    private final Map<Key, String> failures = new HashMap<>();
    private final Set<DomainName> names = new HashSet<>();
    private final ArrayList<String> asked = new ArrayList<>();

    /** Adds a TXT record, one char per octet. */
    public FakeDns txt(String name, String octets) {
        return add(name, RecordType.TXT, octets);
    }

    /** Adds an A or AAAA record, whichever the address literal is. */
    public FakeDns address(String name, String literal) {
        try {
            InetAddress address = InetAddress.getByName(literal);
            return add(name, literal.contains(":") ? RecordType.AAAA : RecordType.A, address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    public FakeDns mx(String name, int preference, String host) {
        return add(name, RecordType.MX, new MailExchanger(preference, DomainName.of(host)));
    }

    public FakeDns ptr(String address, String name) {
        try {
            return add(DomainName.reverseOf(InetAddress.getByName(address)).ascii(), RecordType.PTR, DomainName.of(name));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }

    /** Adds a PTR record by the name that has it. */
    public FakeDns pointer(String reverseName, String name) {
        return add(reverseName, RecordType.PTR, DomainName.of(name));
    }

    /** Makes a name exist that has no records. */
    public FakeDns empty(String name) {
        names.add(name(name));
        return this;
    }

    /** Makes one lookup fail with a temporary failure. */
    public FakeDns failing(String name, RecordType<?> type, String cause) {
        failures.put(new Key(name(name), type), cause);
        return this;
    }

    /** Ends the failures of a name. */
    public FakeDns answering(String name) {
        failures.keySet().removeIf(key -> key.name().equals(name(name)));
        return this;
    }

    /** Every lookup so far, as {@code "TXT example.com"}, in the order asked. */
    public synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    /** Forgets what it was asked: that list is the one thing here that grows. */
    public synchronized void forget() {
        asked.clear();
        asked.trimToSize();
    }

    @Override
    @SuppressWarnings("unchecked") // add() puts only values of the type's own kind.
    public synchronized <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
        asked.add(type + " " + name);
        Key key = new Key(name, type);
        if (failures.containsKey(key)) {
            return CompletableFuture.completedFuture(new DnsAnswer.TempFailure<>(failures.get(key)));
        }
        List<Object> found = records.getOrDefault(key, List.of());
        if (!found.isEmpty()) {
            return CompletableFuture.completedFuture(new DnsAnswer.Found<>((List<T>) found));
        }
        boolean exists = names.stream().anyMatch(known -> known.isAtOrBelow(name));
        return CompletableFuture.completedFuture(exists ? new DnsAnswer.NoData<>() : new DnsAnswer.NxDomain<>());
    }

    private FakeDns add(String name, RecordType<?> type, Object value) {
        DomainName key = name(name);
        names.add(key);
        records.computeIfAbsent(new Key(key, type), k -> new ArrayList<>()).add(value);
        return this;
    }

    /** SPF macros ask for names with spaces, so zones for them have some. */
    private static DomainName name(String text) {
        return text.contains(" ") ? DomainName.parsePrintable(text).orElseThrow() : DomainName.of(text);
    }
}
