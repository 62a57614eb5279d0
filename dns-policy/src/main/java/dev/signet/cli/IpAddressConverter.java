// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.dns.Network;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.net.InetAddress;

/** Reads an IPv4 or IPv6 address. Names are refused, not looked up. */
final class IpAddressConverter implements ITypeConverter<InetAddress> {

    @Override
    public InetAddress convert(String value) {
        // A network without a prefix is one address.
        return Network.parse(value).filter(network -> value.indexOf('/') < 0).map(Network::address)
                .orElseThrow(() -> new TypeConversionException(
                        "found \"" + value + "\", expected an address such as 192.0.2.1 or 2001:db8::1"));
    }
}
