// SPDX-License-Identifier: Apache-2.0
/**
 * A message as bytes: its header block, the canonical forms and hashes of its body, its author domain.
 */
@NullMarked
package dev.signet.message;

import org.jspecify.annotations.NullMarked;
