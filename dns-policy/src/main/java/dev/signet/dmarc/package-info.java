// SPDX-License-Identifier: Apache-2.0
/**
 * DMARC (RFC 9989, and by setting RFC 7489): what the domain that a reader sees asks receivers to do with a message that
 * nobody authenticated for it, and what this receiver makes of that. {@link dev.signet.dmarc.DmarcChecker} is the way in.
 */
@NullMarked
package dev.signet.dmarc;

import org.jspecify.annotations.NullMarked;
