// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import dev.signet.dns.Network;
import dev.signet.spf.SpfOptions;

import java.net.InetAddress;
import java.util.List;

/**
 * What is asked about the client that brought a message.
 *
 * @param ownNetworks clients whose address says nothing about the sender: own machines, a backup MX. SPF is not asked about them
 * @param relays own machines that take mail from outside and hand it on to us: behind one of them the client is the one that the
 *     relay names in its Received field
 */
public record ConnectionOptions(SpfOptions spf, List<Network> ownNetworks, List<Network> relays) {

    /** Every client is a stranger. */
    public static final ConnectionOptions DEFAULT = new ConnectionOptions(SpfOptions.DEFAULT, List.of(), List.of());

    public ConnectionOptions {
        ownNetworks = List.copyOf(ownNetworks);
        relays = List.copyOf(relays);
    }

    boolean isOwn(InetAddress client) {
        return ownNetworks.stream().anyMatch(network -> network.contains(client));
    }

    boolean isRelay(InetAddress client) {
        return relays.stream().anyMatch(network -> network.contains(client));
    }

    public ConnectionOptions withSpf(SpfOptions value) {
        return new ConnectionOptions(value, ownNetworks, relays);
    }

    public ConnectionOptions withOwnNetworks(List<Network> value) {
        return new ConnectionOptions(spf, value, relays);
    }

    public ConnectionOptions withRelays(List<Network> value) {
        return new ConnectionOptions(spf, ownNetworks, value);
    }
}
