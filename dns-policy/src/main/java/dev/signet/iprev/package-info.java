// SPDX-License-Identifier: Apache-2.0
/**
 * Whether the name of a client's address leads back to it: method {@code iprev}, RFC 8601 §2.7.3 and §3.
 */
@NullMarked
package dev.signet.iprev;

import org.jspecify.annotations.NullMarked;
