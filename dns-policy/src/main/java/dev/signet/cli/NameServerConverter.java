// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.net.InetSocketAddress;

/** Reads {@code 192.0.2.1}, {@code ns.example.com:5353}, {@code [2001:db8::1]:53}; the port is 53 if it is left out. */
final class NameServerConverter implements ITypeConverter<InetSocketAddress> {

    private static final int DNS_PORT = 53;

    @Override
    public InetSocketAddress convert(String value) {
        // RFC 3986 §3.2.2: brackets tell the colons of an IPv6 address from that before the port.
        int hostEnd = value.startsWith("[") ? value.indexOf(']') + 1 : value.indexOf(':');
        String host = hostEnd < 0 ? value : value.substring(0, hostEnd);
        String rest = value.substring(host.length());
        if (host.isEmpty() || !(rest.isEmpty() || rest.startsWith(":"))) {
            throw wrong(value);
        }
        InetSocketAddress server = new InetSocketAddress(host, rest.isEmpty() ? DNS_PORT : port(value, rest.substring(1)));
        if (server.isUnresolved()) {
            throw new TypeConversionException("found \"" + host + "\", which has no address, expected a name server");
        }
        return server;
    }

    private static int port(String value, String digits) {
        boolean number = !digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = number ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > 65_535) {
            throw wrong(value);
        }
        return port;
    }

    private static TypeConversionException wrong(String value) {
        return new TypeConversionException("found \"" + value
                + "\", expected HOST or HOST:PORT with a port of 1 to 65535, and brackets around an IPv6 address: [2001:db8::1]:53");
    }
}
