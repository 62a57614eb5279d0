// SPDX-License-Identifier: Apache-2.0
/**
 * Private keys that sign: read from PEM files, read again when the file changes, generated together with the DNS record that
 * publishes their public half.
 */
@NullMarked
package dev.signet.keys;

import org.jspecify.annotations.NullMarked;
