// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Answers from a master file (RFC 1035 §5) as if the whole DNS were in it: whatever is not there does not exist. Nothing is
 * sent. Knows CNAMEs, wildcards and names that exist only because others lie below them.
 */
public final class ZoneFileDns implements Dns {

    private static final Name ASTERISK = Name.fromConstantString("*");
    private static final long DEFAULT_TTL = 3600;

    /** Every name that exists, with no records where there is only something below it. */
    private final Map<Name, List<Record>> zone = new HashMap<>();

    private ZoneFileDns(List<Record> records) {
        for (Record record : records) {
            zone.computeIfAbsent(record.getName(), name -> new ArrayList<>()).add(record);
            for (Name name = record.getName(); name.labels() > 1; name = new Name(name, 1)) {
                zone.putIfAbsent(new Name(name, 1), new ArrayList<>());
            }
        }
    }

    /**
     * Reads a master file. It may hold several zones, by {@code $ORIGIN} or by full names; names without a final dot before
     * the first {@code $ORIGIN} are taken as full ones, and a {@code $TTL} is not required. No relative {@code $INCLUDE}.
     *
     * @throws IOException if the file cannot be read, or with its name, the line and what is wrong there
     */
    public static ZoneFileDns read(Path file) throws IOException {
        List<Record> records = new ArrayList<>();
        try (Master master = new Master(new ByteArrayInputStream(sevenBit(Files.readAllBytes(file))), Name.root, DEFAULT_TTL)) {
            for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
                records.add(record);
            }
        } catch (TextParseException e) {
            // dnsjava calls a stream "<none>", and gives the line after it.
            String problem = String.valueOf(e.getMessage());
            throw new IOException(file + (problem.startsWith("<none>") ? problem.substring(6) : ": " + problem), e);
        }
        return new ZoneFileDns(records);
    }

    /** Escapes octets over 127 as RFC 1035 §5.1 has it: dnsjava would take them for Latin-1 and make UTF-8 of them. */
    private static byte[] sevenBit(byte[] file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(file.length);
        for (byte octet : file) {
            if (octet >= 0) {
                out.write(octet);
            } else {
                out.writeBytes(String.format(Locale.ROOT, "\\%03d", octet & 0xFF).getBytes(StandardCharsets.US_ASCII));
            }
        }
        return out.toByteArray();
    }

    @Override
    public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
        return CompletableFuture.completedFuture(find(Wire.nameOf(name), type));
    }

    private <T> DnsAnswer<T> find(Name name, RecordType<T> type) {
        Name owner = name;
        for (int cnames = 0; cnames <= Wire.MAX_CNAMES; cnames++) {
            Optional<List<Record>> records = recordsAt(owner);
            if (records.isEmpty()) {
                return new DnsAnswer.NxDomain<>();
            }
            Optional<Record> alias = records.get().stream().filter(record -> record.getType() == Type.CNAME).findFirst();
            if (alias.isEmpty() || !(alias.get() instanceof CNAMERecord cname)) {
                return Wire.answerOf(records.get(), type);
            }
            owner = cname.getTarget();
        }
        return new DnsAnswer.TempFailure<>(Wire.TOO_MANY_CNAMES);
    }

    /** Empty if the name does not exist. */
    private Optional<List<Record>> recordsAt(Name name) {
        if (zone.containsKey(name)) {
            return Optional.of(zone.get(name));
        }
        // RFC 4592 §3.3.1: only the wildcard directly below the closest name that exists counts.
        for (Name above = name; above.labels() > 1; ) {
            above = new Name(above, 1);
            if (zone.containsKey(above)) {
                return wildcardBelow(above).map(zone::get);
            }
        }
        return Optional.empty();
    }

    private static Optional<Name> wildcardBelow(Name name) {
        try {
            return Optional.of(Name.concatenate(ASTERISK, name));
        } catch (NameTooLongException e) {
            return Optional.empty();
        }
    }
}
