// SPDX-License-Identifier: Apache-2.0
/**
 * What a domain publishes, asked for as futures with typed answers. The only package that knows dnsjava.
 */
@NullMarked
package dev.signet.dns;

import org.jspecify.annotations.NullMarked;
