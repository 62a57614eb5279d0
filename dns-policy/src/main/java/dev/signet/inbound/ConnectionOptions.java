// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import dev.signet.dns.Network;
import dev.signet.senderid.SenderIdOptions;
import dev.signet.spf.SpfOptions;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * What is asked about the client that brought a message.
 *
 * @param senderId how Sender ID is checked; empty where it is not, as it is historic and hardly anybody publishes for it
 * @param ownNetworks own machines, whose address says nothing about the sender: SPF and DMARC are not asked about their mail. A
 *     machine that takes mail from outside, such as a backup MX, is a relay
 * @param relays behind which the client is the one that they name. Who is both a relay and own is a relay
 */
public record ConnectionOptions(
        SpfOptions spf, Optional<SenderIdOptions> senderId, List<Network> ownNetworks, Relays relays) {

    /** Every client is a stranger. */
    public static final ConnectionOptions DEFAULT =
            new ConnectionOptions(SpfOptions.DEFAULT, Optional.empty(), List.of(), new Relays.InNetworks(List.of()));

    public ConnectionOptions {
        ownNetworks = List.copyOf(ownNetworks);
    }

    public boolean isOwn(InetAddress client) {
        return Network.anyContains(ownNetworks, client);
    }

    public ConnectionOptions withSpf(SpfOptions value) {
        return new ConnectionOptions(value, senderId, ownNetworks, relays);
    }

    public ConnectionOptions withSenderId(SenderIdOptions value) {
        return new ConnectionOptions(spf, Optional.of(value), ownNetworks, relays);
    }

    public ConnectionOptions withOwnNetworks(List<Network> value) {
        return new ConnectionOptions(spf, senderId, value, relays);
    }

    public ConnectionOptions withRelays(Relays value) {
        return new ConnectionOptions(spf, senderId, ownNetworks, value);
    }
}
