// SPDX-License-Identifier: Apache-2.0
/**
 * Whether a host may use a domain in MAIL FROM or HELO: Sender Policy Framework, RFC 7208. {@link dev.signet.spf.SpfChecker} is
 * the door.
 */
@NullMarked
package dev.signet.spf;

import org.jspecify.annotations.NullMarked;
