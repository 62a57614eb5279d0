// SPDX-License-Identifier: Apache-2.0
/**
 * A real James: laid out in a directory, run as a process of its own, fed and read over its own protocols.
 */
@NullMarked
package dev.signet.james;

import org.jspecify.annotations.NullMarked;
