// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

/** Which document describes the XML. */
public enum ReportFormat {
    /** The current one. */
    RFC9990,
    /** The one before, for report consumers that know no other. */
    RFC7489
}
