// SPDX-License-Identifier: Apache-2.0
/**
 * Keys. Private ones that sign: read from PEM files, read again when the file changes, generated together with the DNS record
 * that publishes their public half. Public ones that verify: read from the DNS, {@link dev.signet.keys.PublishedKeys}.
 */
@NullMarked
package dev.signet.keys;

import org.jspecify.annotations.NullMarked;
