// SPDX-License-Identifier: Apache-2.0
/**
 * Authentication-Results (RFC 8601) and ARC-Authentication-Results (RFC 8617): model, parser, writer, and who claims to be us.
 */
@NullMarked
package dev.signet.authres;

import org.jspecify.annotations.NullMarked;
