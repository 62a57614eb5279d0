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
 */
public record Connection(
        @Nullable InetAddress clientAddress,
        @Nullable String helo,
        @Nullable String mailFrom,
        @Nullable String authenticatedUser,
        @Nullable String tls) {

    /** Nothing is known: a message from a file. */
    public static final Connection UNKNOWN = new Connection(null, null, null, null, null);
}
