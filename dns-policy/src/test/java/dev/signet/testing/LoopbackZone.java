// SPDX-License-Identifier: Apache-2.0
package dev.signet.testing;

import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The records of a {@link LoopbackDns}, and the well-behaved replies from them. Safe for many threads. */
final class LoopbackZone {

    private static final int UDP_PAYLOAD = 1232;
    private static final int MAX_CNAMES = 16;
    private static final Name ASTERISK = Name.fromConstantString("*");

    private final Map<Name, List<Record>> records = new HashMap<>();
    private long ttl = 60;

    synchronized void ttl(long seconds) {
        ttl = seconds;
    }

    synchronized void add(Name name, int type, byte[] data) {
        add(Record.newRecord(name, type, DClass.IN, ttl, data));
    }

    synchronized void remove(Name name) {
        records.remove(name);
    }

    synchronized void addAll(String masterFile) {
        byte[] text = masterFile.getBytes(StandardCharsets.ISO_8859_1);
        try (Master master = new Master(new ByteArrayInputStream(text), Name.root, ttl)) {
            for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
                add(record);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("bad master file", e);
        }
    }

    private void add(Record record) {
        records.computeIfAbsent(record.getName(), name -> new ArrayList<>()).add(record);
    }

    /**
     * A reply without answers yet.
     *
     * @param question what it says to reply to
     */
    static Message emptyReply(Message query, Record question) {
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RA);
        if (query.getHeader().getFlag(Flags.RD)) {
            reply.getHeader().setFlag(Flags.RD);
        }
        reply.addRecord(question, Section.QUESTION);
        if (query.getOPT() != null) {
            reply.addRecord(new OPTRecord(UDP_PAYLOAD, 0, 0), Section.ADDITIONAL);
        }
        return reply;
    }

    /** Answers as a recursive server does, with the CNAMEs on the way or, on request, only the first. */
    synchronized Message reply(Message query, boolean oneCname) {
        Record question = query.getQuestion();
        Message reply = emptyReply(query, question);
        Name owner = question.getName();
        for (int cnames = 0; cnames < MAX_CNAMES; cnames++) {
            Optional<List<Record>> here = at(owner);
            if (here.isEmpty()) {
                reply.getHeader().setRcode(Rcode.NXDOMAIN);
                break;
            }
            List<Record> wanted = here.get().stream().filter(record -> record.getType() == question.getType()).toList();
            Optional<Record> alias = here.get().stream().filter(record -> record.getType() == Type.CNAME).findFirst();
            if (!wanted.isEmpty() || alias.isEmpty()) {
                wanted.forEach(record -> reply.addRecord(record, Section.ANSWER));
                break;
            }
            reply.addRecord(alias.get(), Section.ANSWER);
            if (oneCname) {
                return reply;
            }
            owner = ((CNAMERecord) alias.get()).getTarget();
        }
        boolean answered = reply.getSection(Section.ANSWER).stream().anyMatch(record -> record.getType() == question.getType());
        if (!answered) {
            // RFC 2308 §3: the SOA says for how long there is nothing.
            reply.addRecord(new SOARecord(Name.root, DClass.IN, ttl, Name.root, Name.root, 1, 1, 1, 1, ttl), Section.AUTHORITY);
        }
        return reply;
    }

    /** The records at a name, from a wildcard perhaps; an empty list if there are only names below; empty if nothing. */
    private Optional<List<Record>> at(Name name) {
        if (exists(name)) {
            return Optional.of(records.getOrDefault(name, List.of()));
        }
        for (Name above = name; above.labels() > 1; ) {
            above = new Name(above, 1);
            if (exists(above)) {
                return wildcardBelow(above, name);
            }
        }
        return Optional.empty();
    }

    private boolean exists(Name name) {
        return records.containsKey(name) || records.keySet().stream().anyMatch(known -> known.subdomain(name));
    }

    private Optional<List<Record>> wildcardBelow(Name above, Name name) {
        try {
            List<Record> found = records.get(Name.concatenate(ASTERISK, above));
            return Optional.ofNullable(found).map(list -> list.stream().map(record -> renamed(record, name)).toList());
        } catch (NameTooLongException e) {
            return Optional.empty();
        }
    }

    static Record renamed(Record record, Name name) {
        return Record.newRecord(name, record.getType(), record.getDClass(), record.getTTL(), record.rdataToWireCanonical());
    }
}
