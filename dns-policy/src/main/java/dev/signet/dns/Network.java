// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * A range of IP addresses in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3).
 *
 * @param address any address of the range; bits behind the prefix do not matter
 * @param prefix how many leading bits are the network's: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Network(InetAddress address, int prefix) {

    public Network {
        int bits = address.getAddress().length * 8;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("prefix length: found " + prefix + ", expected 0 to " + bits);
        }
    }

    /** Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32} or one address without a prefix; never asks the DNS. */
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        Optional<InetAddress> address = parseAddress(literal);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        // Java reads ::ffff:192.0.2.0 as IPv4, so that its prefix counts 96 bits that are gone.
        int lost = address.get() instanceof Inet4Address && literal.indexOf(':') >= 0 ? 96 : 0;
        int bits = address.get().getAddress().length * 8;
        int prefix = slash < 0 ? bits : parseNumber(text.substring(slash + 1)) - lost;
        return prefix < 0 || prefix > bits ? Optional.empty() : Optional.of(new Network(address.get(), prefix));
    }

    /** Whether the address lies in one of these. */
    public static boolean anyContains(List<Network> networks, InetAddress address) {
        for (Network network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the address lies in this range; never so for the other IP version. */
    public boolean contains(InetAddress other) {
        byte[] ours = address.getAddress();
        byte[] theirs = other.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (ours[i] != theirs[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        return rest == 0 || ((ours[whole] ^ theirs[whole]) & 0xFF) >> (8 - rest) == 0;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefix;
    }

    private static Optional<InetAddress> parseAddress(String literal) {
        boolean v6 = literal.indexOf(':') >= 0;
        if (literal.length() > 45 || !(v6 ? isOf(literal, "0123456789abcdefABCDEF:.") : isDottedQuad(literal))) {
            return Optional.empty();
        }
        try {
            // A literal is all that is left: getByName asks no name server for it.
            return Optional.of(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static boolean isDottedQuad(String text) {
        String[] octets = text.split("\\.", -1);
        if (octets.length != 4) {
            return false;
        }
        for (String octet : octets) {
            int value = parseNumber(octet);
            if (value < 0 || value > 255) {
                return false;
            }
        }
        return true;
    }

    // -1 for what is no number of up to three digits; a leading zero is octal to some readers and decimal to others.
    private static int parseNumber(String text) {
        boolean plain = !text.isEmpty() && text.length() <= 3 && isOf(text, "0123456789");
        return plain && (text.length() == 1 || text.charAt(0) != '0') ? Integer.parseInt(text) : -1;
    }

    private static boolean isOf(String text, String allowed) {
        return text.chars().allMatch(c -> allowed.indexOf(c) >= 0);
    }
}
