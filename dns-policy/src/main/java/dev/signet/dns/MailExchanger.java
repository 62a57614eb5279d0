// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

/**
 * One MX record.
 *
 * @param preference lower is tried first, 0 to 65535
 * @param host the exchange; the root name of a null MX (RFC 7505) is {@link DomainName#ROOT}
 */
public record MailExchanger(int preference, DomainName host) {}
