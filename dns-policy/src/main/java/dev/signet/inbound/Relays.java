// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import dev.signet.dns.Network;

import java.net.InetAddress;
import java.util.List;

/**
 * Machines of ours that take mail from outside and hand it on to this server. Behind them the client is not who is connected here
 * but who was connected to the outermost of them, and only its Received field knows.
 */
public sealed interface Relays {

    /** Whether a client that is connected is taken for one of them. */
    boolean include(InetAddress client);

    /**
     * Known by address: read are the Received fields of our side, down to the first that names a client of another address. Right
     * whatever way a message takes, also straight from outside.
     *
     * @param networks empty where there are no relays
     */
    record InNetworks(List<Network> networks) implements Relays {
        public InNetworks {
            networks = List.copyOf(networks);
        }

        @Override
        public boolean include(InetAddress client) {
            return Network.anyContains(networks, client);
        }
    }

    /**
     * Known by number, whatever their addresses. Every client is taken for one of them: whoever else can connect, or knows a
     * shorter way to us, says himself who he is. For servers that nobody but relays can reach, and these all by the same way.
     *
     * @param fields how many Received fields, below the one that this server writes, are theirs; the last of these names the
     *     client. 1 or more
     */
    record AtDepth(int fields) implements Relays {
        public AtDepth {
            if (fields < 1) {
                throw new IllegalArgumentException("fields: found " + fields + ", expected 1 or more");
            }
        }

        @Override
        public boolean include(InetAddress client) {
            return true;
        }
    }
}
