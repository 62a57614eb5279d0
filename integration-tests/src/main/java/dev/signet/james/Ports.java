// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Where one James listens, on loopback only.
 *
 * @param mx SMTP from the outside
 * @param proxiedMx the same behind a load balancer: expects the PROXY protocol, which says any client address one likes
 * @param submission SMTP of our own users, with STARTTLS and AUTH
 * @param imap to read what was delivered
 * @param webAdmin James's administration over HTTP
 */
public record Ports(int mx, int proxiedMx, int submission, int imap, int webAdmin) {

    /** Ports that nobody uses right now. */
    public static Ports free() throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return new Ports(
                    held.get(0).getLocalPort(),
                    held.get(1).getLocalPort(),
                    held.get(2).getLocalPort(),
                    held.get(3).getLocalPort(),
                    held.get(4).getLocalPort());
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }
}
