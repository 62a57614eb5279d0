// SPDX-License-Identifier: Apache-2.0
/**
 * Sender ID, for those who still have records of it: the purported responsible address of a message (RFC 4407), checked in the
 * way of SPF (RFC 4406). Historic since RFC 8601 and RFC 7208 do without; nothing here runs unless it is turned on.
 */
@NullMarked
package dev.signet.senderid;

import org.jspecify.annotations.NullMarked;
