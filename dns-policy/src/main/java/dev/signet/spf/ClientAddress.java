// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import com.google.common.net.InetAddresses;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/** The forms in which SPF wants the client's address. */
final class ClientAddress {

    private ClientAddress() {}

    /**
     * The address and nothing else: without the link that an address such as {@code fe80::1%eth0} is on. RFC 7208 §5: "an IPv4-mapped IPv6 IP
     * address MUST still be considered an IPv4 address".
     */
    static InetAddress plain(InetAddress ip) {
        try {
            // Makes an Inet4Address of the mapped form.
            return InetAddress.getByAddress(ip.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("the octets of an address are one", e);
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
        return InetAddresses.toAddrString(ip);
    }

    private static String hex(int octet) {
        return Integer.toHexString(octet & 0xF).toUpperCase(Locale.ROOT);
    }
}
