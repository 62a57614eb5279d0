// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/** The forms in which SPF wants the client's address. */
final class ClientAddress {

    private ClientAddress() {}

    /** RFC 7208 §5: "an IPv4-mapped IPv6 IP address MUST still be considered an IPv4 address". */
    static InetAddress unmapped(InetAddress ip) {
        byte[] octets = ip.getAddress();
        if (octets.length != 16 || octets[10] != (byte) 0xFF || octets[11] != (byte) 0xFF) {
            return ip;
        }
        for (int i = 0; i < 10; i++) {
            if (octets[i] != 0) {
                return ip;
            }
        }
        try {
            // Makes an Inet4Address of the mapped form.
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 octets are an address", e);
        }
    }

    /** RFC 7208 §7.3, macro "i": dotted quad, or every nibble of an IPv6 address between dots. */
    static String dotted(InetAddress ip) {
        if (!(ip instanceof Inet6Address)) {
            return ip.getHostAddress();
        }
        StringBuilder out = new StringBuilder(63);
        for (byte octet : ip.getAddress()) {
            // Upper case as in the examples of the test suite; the DNS does not care.
            out.append(out.isEmpty() ? "" : ".").append(hex(octet >> 4)).append('.').append(hex(octet));
        }
        return out.toString();
    }

    /** RFC 7208 §7.3, macro "c": the readable form; for IPv6 that of RFC 5952. */
    static String readable(InetAddress ip) {
        if (!(ip instanceof Inet6Address)) {
            return ip.getHostAddress();
        }
        int[] groups = new int[8];
        byte[] octets = ip.getAddress();
        for (int i = 0; i < 8; i++) {
            groups[i] = (octets[2 * i] & 0xFF) << 8 | (octets[2 * i + 1] & 0xFF);
        }
        // RFC 5952 §4.2: the longest run of two or more zero groups, the first of equals, becomes "::".
        int gapStart = -1;
        int gapLength = 1;
        for (int start = 0; start < 8; start++) {
            int length = 0;
            while (start + length < 8 && groups[start + length] == 0) {
                length++;
            }
            if (length > gapLength) {
                gapStart = start;
                gapLength = length;
            }
        }
        StringBuilder out = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == gapStart) {
                out.append("::");
                i += gapLength - 1;
            } else {
                boolean first = out.isEmpty() || out.charAt(out.length() - 1) == ':';
                out.append(first ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return out.toString();
    }

    private static String hex(int octet) {
        return Integer.toHexString(octet & 0xF).toUpperCase(Locale.ROOT);
    }
}
