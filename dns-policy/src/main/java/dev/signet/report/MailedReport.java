// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import java.util.List;

/** What came of reading a mail that should bring a report. */
public sealed interface MailedReport {

    /**
     * An aggregate report.
     *
     * @param repairs where it is not what the RFCs describe and how it was understood, for humans: printable ASCII, at most 50
     */
    record Aggregate(AggregateReport report, List<String> repairs) implements MailedReport {
        public Aggregate {
            repairs = List.copyOf(repairs);
        }
    }

    /**
     * A failure report.
     *
     * @param repairs as those of an aggregate report
     */
    record Failure(FailureReport report, List<String> repairs) implements MailedReport {
        public Failure {
            repairs = List.copyOf(repairs);
        }
    }

    /**
     * No report, or none that could be understood without guessing at numbers.
     *
     * @param detail for humans, printable ASCII
     */
    record Unreadable(ReadReport.Reason reason, String detail) implements MailedReport {}
}
