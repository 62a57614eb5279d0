// SPDX-License-Identifier: Apache-2.0
/**
 * DMARC reports: aggregate (RFC 9990, RFC 7489) and failure (RFC 9991), written and read, and who may get them. What is recorded
 * of one message is a {@link dev.signet.report.ReportedMessage}.
 */
@NullMarked
package dev.signet.report;

import org.jspecify.annotations.NullMarked;
