// SPDX-License-Identifier: Apache-2.0
/**
 * The whole check of one inbound message, {@link dev.signet.inbound.InboundCheck}, and what it found, {@link
 * dev.signet.inbound.Verdict}.
 */
@NullMarked
package dev.signet.inbound;

import org.jspecify.annotations.NullMarked;
