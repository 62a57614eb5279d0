// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import java.util.List;

/** An aggregate report (RFC 9990, or RFC 7489 Appendix C). */
public record AggregateReport(ReportMetadata metadata, PublishedPolicy policy, List<ReportRow> rows) {

    public AggregateReport {
        rows = List.copyOf(rows);
    }

    /** How many messages it tells of. */
    public long messages() {
        return rows.stream().mapToLong(ReportRow::count).sum();
    }
}
