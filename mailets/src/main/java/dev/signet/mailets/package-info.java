// SPDX-License-Identifier: Apache-2.0
/**
 * What James runs: the SMTP hook and the mailets, each a thin adapter between James's Mail and the protocols of dns-policy.
 *
 * <p>One instance of each serves many threads. Whatever they share is in {@link dev.signet.mailets.Signet}.
 */
@NullMarked
package dev.signet.mailets;

import org.jspecify.annotations.NullMarked;
