// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Between the types of dnsjava and ours. Octets go through as they are: nothing is escaped, nothing unescaped. */
final class Wire {

    /**
     * More CNAMEs in a row than this are a loop or an attack. RFC 1034 §3.6.2 sets no number; BIND stops at 16, Unbound at
     * 11; sound chains have one or two.
     */
    static final int MAX_CNAMES = 8;

    /** The cause where {@link #MAX_CNAMES} does not suffice. */
    static final String TOO_MANY_CNAMES = "CNAME loop, or more than " + MAX_CNAMES + " CNAMEs";

    /**
     * No answer that mail authentication can use has more records. Which of them to leave out would be the attacker's
     * choice, so such an answer is none. One message holds at most 65,535 octets, which bounds the records' size.
     */
    private static final int MAX_RECORDS = 100;

    private Wire() {}

    /** The same name for dnsjava, made of octets: its text form would take {@code \} and {@code @} for more than they are. */
    static Name nameOf(DomainName name) {
        String text = name.ascii();
        // A length in front of each label where the text has a dot between them, and the root's at the end.
        byte[] wire = new byte[text.isEmpty() ? 1 : text.length() + 2];
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '.') {
                wire[start] = (byte) (i - start);
                start = i + 1;
            } else {
                wire[i + 1] = (byte) text.charAt(i);
            }
        }
        if (!text.isEmpty()) {
            wire[start] = (byte) (text.length() - start);
        }
        try {
            return new Name(wire);
        } catch (IOException e) {
            throw new IllegalStateException("a DomainName keeps to the limits of the DNS: " + name, e);
        }
    }

    /** The same name for us; empty if a label has octets that are not visible ASCII, or a dot. */
    static Optional<DomainName> domainNameOf(Name name) {
        StringBuilder text = new StringBuilder(name.length());
        for (int i = 0; i < name.labels() - 1; i++) {
            byte[] label = name.getLabel(i);
            for (int j = 1; j < label.length; j++) {
                // The first octet of a label is its length.
                if (label[j] <= ' ' || label[j] == '.' || label[j] == 0x7F) {
                    return Optional.empty();
                }
                text.append((char) label[j]);
            }
            text.append('.');
        }
        return text.isEmpty() ? Optional.of(DomainName.ROOT) : DomainName.parse(text.toString());
    }

    /**
     * What records say. Those of other types and those that cannot be said in our types, such as an MX whose host has a
     * space in it, are left out.
     */
    static <T> DnsAnswer<T> answerOf(List<Record> records, RecordType<T> type) {
        List<T> values = new ArrayList<>(Math.min(records.size(), MAX_RECORDS));
        for (Record record : records) {
            if (record.getType() == type.code()) {
                valueOf(record).map(type.valueClass()::cast).ifPresent(values::add);
            }
            if (values.size() > MAX_RECORDS) {
                return new DnsAnswer.TempFailure<>("more than " + MAX_RECORDS + " records");
            }
        }
        return values.isEmpty() ? new DnsAnswer.NoData<>() : new DnsAnswer.Found<>(values);
    }

    private static Optional<?> valueOf(Record record) {
        return switch (record) {
            case TXTRecord txt -> Optional.of(joined(txt));
            case ARecord a -> Optional.of(address(a));
            case AAAARecord aaaa -> Optional.of(address(aaaa));
            case MXRecord mx -> domainNameOf(mx.getTarget()).map(host -> new MailExchanger(mx.getPriority(), host));
            case PTRRecord ptr -> domainNameOf(ptr.getTarget());
            default -> Optional.empty();
        };
    }

    private static String joined(TXTRecord txt) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        txt.getStringsAsByteArrays().forEach(octets::writeBytes);
        return octets.toString(StandardCharsets.ISO_8859_1);
    }

    /** From the octets, not by {@code getAddress()}: that turns an AAAA with an IPv4-mapped address into an IPv4 address. */
    private static InetAddress address(Record record) {
        byte[] octets = record.rdataToWireCanonical();
        try {
            return octets.length == 4 ? InetAddress.getByAddress(octets) : Inet6Address.getByAddress(null, octets, -1);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("dnsjava lets no other length through: " + octets.length, e);
        }
    }
}
