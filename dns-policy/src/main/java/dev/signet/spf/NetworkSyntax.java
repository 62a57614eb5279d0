// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import com.google.common.net.InetAddresses;
import dev.signet.dns.Network;
import org.jspecify.annotations.Nullable;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Networks as SPF records write them (RFC 7208 §12), where a mapped address names a piece of the IPv6 space. */
final class NetworkSyntax {

    private NetworkSyntax() {}

    /** Reads {@code ip4-network [ ip4-cidr-length ]} of RFC 7208 §5.6; null if it is none. */
    static @Nullable Network ip4(String text) {
        int slash = text.indexOf('/');
        byte[] octets = quad(slash < 0 ? text : text.substring(0, slash));
        int bits = slash < 0 ? 32 : prefixLength(text, slash + 1, text.length(), 32);
        if (octets == null || bits < 0) {
            return null;
        }
        try {
            return new Network(InetAddress.getByAddress(octets), bits);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 octets are an address", e);
        }
    }

    /** Reads {@code ip6-network [ ip6-cidr-length ]} of RFC 7208 §5.6; null if it is none. */
    static @Nullable Network ip6(String text) {
        int slash = text.indexOf('/');
        String network = slash < 0 ? text : text.substring(0, slash);
        int bits = slash < 0 ? 128 : prefixLength(text, slash + 1, text.length(), 128);
        if (bits < 0 || !looksLikeIp6(network) || !InetAddresses.isInetAddress(network)) {
            return null;
        }
        try {
            byte[] octets = InetAddresses.forString(network).getAddress();
            return new Network(Inet6Address.getByAddress(null, octets.length == 16 ? octets : mapped(octets), -1), bits);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 octets are an address", e);
        }
    }

    /** Reads {@code "0" / %x31-39 *DIGIT} up to {@code max}; -1 if it is none. */
    static int prefixLength(String text, int from, int to, int max) {
        int length = to - from;
        if (length < 1 || length > 3 || (length > 1 && text.charAt(from) == '0')) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value <= max ? value : -1;
    }

    /** RFC 7208 §12, ip4-network: four numbers to 255 without leading zeros. */
    private static byte @Nullable [] quad(String text) {
        byte[] octets = new byte[4];
        int start = 0;
        for (int i = 0; i < 4; i++) {
            int dot = i < 3 ? text.indexOf('.', start) : text.length();
            int value = dot < 0 ? -1 : prefixLength(text, start, dot, 255);
            if (value < 0) {
                return null;
            }
            octets[i] = (byte) value;
            start = dot + 1;
        }
        return octets;
    }

    /** No more than what RFC 4291 §2.2 writes addresses with: libraries also read zones, brackets and digits of all scripts. */
    private static boolean looksLikeIp6(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789abcdefABCDEF:.".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return text.length() <= 45 && text.indexOf(':') >= 0;
    }

    /** A mapped address is read as the IPv4 address that it is, but here it names a piece of the IPv6 space. */
    private static byte[] mapped(byte[] ip4) {
        byte[] octets = new byte[16];
        octets[10] = (byte) 0xFF;
        octets[11] = (byte) 0xFF;
        System.arraycopy(ip4, 0, octets, 12, 4);
        return octets;
    }
}
