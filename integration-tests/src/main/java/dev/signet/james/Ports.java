// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import dev.signet.testing.FreePorts;

import java.io.IOException;

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

    /** Ports that nobody uses, and that a James still finds free when it is started again. */
    public static Ports free() throws IOException {
        return new Ports(FreePorts.next(), FreePorts.next(), FreePorts.next(), FreePorts.next(), FreePorts.next());
    }
}
