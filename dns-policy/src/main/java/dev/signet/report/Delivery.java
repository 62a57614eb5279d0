// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dns.DomainName;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * How a message came in, as far as reports tell it.
 *
 * @param time when it was judged; decides the day of its report
 * @param client who handed it over: never a relay of ours
 * @param mailFrom the address of MAIL FROM; empty for the null sender
 * @param recipientDomain the domain of RCPT TO; empty where recipients are of several domains
 * @param report whether the message is a report itself, as another receiver sends it
 */
public record Delivery(
        Instant time, InetAddress client, String mailFrom, Optional<DomainName> recipientDomain, boolean report) {}
