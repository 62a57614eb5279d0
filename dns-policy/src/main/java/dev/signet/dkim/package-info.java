// SPDX-License-Identifier: Apache-2.0
/**
 * DKIM (RFC 6376, with RFC 8301, 8463 and 8616). {@link dev.signet.dkim.DkimVerifier} judges every signature of a message,
 * {@link dev.signet.dkim.DkimSigner} makes them; the rest is what they are made of.
 */
@NullMarked
package dev.signet.dkim;

import org.jspecify.annotations.NullMarked;
