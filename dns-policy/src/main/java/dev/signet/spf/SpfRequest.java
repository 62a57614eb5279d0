// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import java.net.InetAddress;

/**
 * What the SMTP session says about itself.
 *
 * @param ip the client; an IPv4-mapped IPv6 address becomes the IPv4 address that it is (RFC 7208 §5)
 * @param helo the argument of HELO or EHLO as it came; empty if there was none
 * @param mailFrom the reverse-path without angle brackets as it came; empty for the null sender
 */
public record SpfRequest(InetAddress ip, String helo, String mailFrom) {

    public SpfRequest {
        ip = ClientAddress.plain(ip);
    }
}
