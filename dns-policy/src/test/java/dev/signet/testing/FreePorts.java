// SPDX-License-Identifier: Apache-2.0
package dev.signet.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of loopback for servers that go and come back in the same place. They lie below those that the system gives to outgoing
 * connections (Linux: from 32768), one of which could otherwise sit on the port when its server comes back.
 */
public final class FreePorts {

    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;
    // Of all this process: on a port that was given there may be nobody yet. Another process is likely to begin elsewhere.
    private static final AtomicInteger GIVEN = new AtomicInteger(new Random().nextInt(COUNT));

    private FreePorts() {}

    /** Free for UDP and TCP alike, and given to nobody else in this process. */
    public static int next() throws IOException {
        for (int attempt = 1; ; attempt++) {
            int port = FIRST + Math.floorMod(GIVEN.getAndIncrement(), COUNT);
            try {
                new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
                new DatagramSocket(port, InetAddress.getLoopbackAddress()).close();
                return port;
            } catch (BindException e) {
                if (attempt == COUNT) {
                    throw e;
                }
            }
        }
    }
}
