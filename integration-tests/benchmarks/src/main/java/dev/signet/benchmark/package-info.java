// SPDX-License-Identifier: Apache-2.0
/**
 * What Signet costs beside its peers and beside the bare cryptography, in one run.
 */
@NullMarked
package dev.signet.benchmark;

import org.jspecify.annotations.NullMarked;
