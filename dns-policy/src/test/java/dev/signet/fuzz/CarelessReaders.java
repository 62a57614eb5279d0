// SPDX-License-Identifier: Apache-2.0
package dev.signet.fuzz;

import dev.signet.dns.DomainName;
import dev.signet.message.FieldScanner;
import org.apache.james.mime4j.dom.address.AddressList;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.apache.james.mime4j.field.address.LenientAddressParser;
import org.apache.james.mime4j.stream.ParserCursor;
import org.apache.james.mime4j.util.ByteSequence;
import org.apache.james.mime4j.util.ContentUtil;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/** The domains that others find in the body of a From field: two libraries, and the habits of scripts. One char per byte. */
public final class CarelessReaders {

    private CarelessReaders() {}

    /** What Jakarta Mail and Mime4j make of it, with all their leniency. */
    public static Set<DomainName> libraries(String body) {
        Set<DomainName> domains = new LinkedHashSet<>();
        String unfolded = body.replace("\r\n", "");
        try {
            for (InternetAddress address : InternetAddress.parseHeader(unfolded, false)) {
                if (!address.isGroup()) {
                    add(domains, address.getAddress(), true);
                }
            }
        } catch (AddressException refused) {
            // It sees nobody.
        }
        // Not by the method that takes a string: that one counts characters where it should count bytes.
        ByteSequence bytes = ContentUtil.encode(StandardCharsets.ISO_8859_1, unfolded);
        AddressList list = LenientAddressParser.DEFAULT.parseAddressList(bytes, new ParserCursor(0, bytes.length()));
        for (Mailbox mailbox : list.flatten()) {
            add(domains, "@" + mailbox.getDomain(), true);
        }
        return domains;
    }

    /** Behind the first and the last at sign, and in the last angle brackets. */
    public static Set<DomainName> scripts(String body) {
        Set<DomainName> domains = new LinkedHashSet<>();
        String unfolded = body.replace("\r\n", "");
        int angle = unfolded.lastIndexOf('<');
        int close = unfolded.indexOf('>', angle);
        add(domains, unfolded, false);
        add(domains, unfolded.substring(0, Math.max(0, unfolded.indexOf('@', unfolded.indexOf('@') + 1))), false);
        add(domains, angle < 0 || close < 0 ? "" : unfolded.substring(angle, close), false);
        return domains;
    }

    /** The name behind the last at sign: to the end, or as far as a name goes. */
    private static void add(Set<DomainName> domains, String address, boolean toTheEnd) {
        int at = address == null ? -1 : address.lastIndexOf('@');
        if (at < 0) {
            return;
        }
        String name = address.substring(at + 1).strip();
        int end = 0;
        while (end < name.length() && (FieldScanner.isLetterOrDigit(name.charAt(end)) || "-._".indexOf(name.charAt(end)) >= 0)) {
            end++;
        }
        // Names beyond ASCII are read as we read them, or not at all.
        if (end == name.length() || (!toTheEnd && name.charAt(end) < 0x80)) {
            DomainName.parse(name.substring(0, end)).filter(found -> found.ascii().indexOf('.') > 0).ifPresent(domains::add);
        }
    }
}
