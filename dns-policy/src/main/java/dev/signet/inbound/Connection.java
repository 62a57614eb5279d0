// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;

/**
 * How a message came in, as far as it is known.
 *
 * @param clientAddress the SMTP client
 * @param helo what it called itself, HELO or EHLO
 * @param mailFrom the envelope sender without angle brackets; empty for the null sender
 * @param authenticatedUser whom SMTP AUTH proved
 * @param tls version and cipher, such as {@code TLSv1.3 TLS_AES_256_GCM_SHA384}
 * @param ours whether no stranger brought it: this server made it itself, a bounce for instance. Nothing is asked about a client
 *     then, and no policy applies
 */
public record Connection(
        @Nullable InetAddress clientAddress,
        @Nullable String helo,
        @Nullable String mailFrom,
        @Nullable String authenticatedUser,
        @Nullable String tls,
        boolean ours) {

    /** Nothing is known: a message from a file. */
    public static final Connection UNKNOWN = new Connection(null, null, null, null, null);

    /** With a client, who may be known or not. */
    public Connection(
            @Nullable InetAddress clientAddress,
            @Nullable String helo,
            @Nullable String mailFrom,
            @Nullable String authenticatedUser,
            @Nullable String tls) {
        this(clientAddress, helo, mailFrom, authenticatedUser, tls, false);
    }

    /** Of a message that this server made itself. */
    public static Connection ours(String mailFrom) {
        return new Connection(null, null, mailFrom, null, null, true);
    }
}
