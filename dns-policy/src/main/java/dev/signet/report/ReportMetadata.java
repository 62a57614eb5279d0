// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import java.time.Instant;

/**
 * About an aggregate report (RFC 9990, ReportMetadataType). An empty text stands for what a report leaves out.
 *
 * @param organization who reports
 * @param reportId unique among the reports about one domain
 * @param begin the first second of the period
 * @param end its last second
 * @param error what was wrong with the DMARC record
 * @param generator the software
 */
public record ReportMetadata(
        String organization,
        String email,
        String extraContact,
        String reportId,
        Instant begin,
        Instant end,
        String error,
        String generator) {}
