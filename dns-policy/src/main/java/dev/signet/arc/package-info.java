// SPDX-License-Identifier: Apache-2.0
/**
 * ARC (RFC 8617). {@link dev.signet.arc.ArcValidator} judges the chain of a message, {@link dev.signet.arc.ArcSealer} adds a set
 * to it, {@link dev.signet.arc.TrustedSealers} says whose testimony is worth something here.
 *
 * <p>The section numbers are those of RFC 8617.
 */
@NullMarked
package dev.signet.arc;

import org.jspecify.annotations.NullMarked;
