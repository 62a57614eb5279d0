// SPDX-License-Identifier: Apache-2.0
/**
 * Aggregate reports on their way out (RFC 9990): which are due, who gets them, when, and that each leaves once however many nodes
 * there are. Knows no mail server: {@link dev.signet.sending.ReportQueue} is one.
 */
@NullMarked
package dev.signet.sending;

import org.jspecify.annotations.NullMarked;
