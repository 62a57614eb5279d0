// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import java.util.List;

/** What came of reading a file that should be an aggregate report. */
public sealed interface ReadReport {

    /**
     * A report.
     *
     * @param repairs where it is not what the RFCs describe and how it was understood, for humans: printable ASCII, at most 50
     */
    record Sound(AggregateReport report, List<String> repairs) implements ReadReport {
        public Sound {
            repairs = List.copyOf(repairs);
        }
    }

    /**
     * None that could be understood without guessing at numbers.
     *
     * @param detail for humans, printable ASCII
     */
    record Unreadable(Reason reason, String detail) implements ReadReport {}

    /** Why a report, or the mail around it, could not be read. */
    enum Reason {
        /** No bytes. */
        EMPTY,
        /** More bytes than {@link ReadLimits#maxFileBytes}. */
        FILE_TOO_LARGE,
        /** More XML than {@link ReadLimits#maxExpandedBytes}. */
        EXPANDS_TOO_FAR,
        /** An archive that grows by more than {@link ReadLimits#maxRatio}. */
        BOMB,
        /** A gzip or zip file that is cut off or damaged, or encrypted. */
        BROKEN_ARCHIVE,
        /** A zip file of nothing. */
        NO_ENTRY,
        /** A zip file of several files: which one is the report is not ours to guess. */
        SEVERAL_ENTRIES,
        /** An archive in an archive. */
        NESTED_ARCHIVE,
        /** Not well-formed, or no XML at all. */
        NOT_XML,
        /** A document type declaration: no report has one, and every attack by entities needs one. */
        DOCTYPE,
        /** Elements deeper than {@link ReadLimits#maxDepth}. */
        TOO_DEEP,
        /** A text longer than {@link ReadLimits#maxText}. */
        TEXT_TOO_LONG,
        /** A record of more than {@link ReadLimits#maxElements}. */
        TOO_MANY_ELEMENTS,
        /** More than {@link ReadLimits#maxRecords}. */
        TOO_MANY_RECORDS,
        /** XML of some other kind. */
        NOT_A_REPORT,
        /** Without an element that nothing can stand in for. */
        MISSING,
        /** With two of an element of which one could not tell which counts. */
        REPEATED,
        /** A value that does not say what it should. */
        BAD_VALUE,
        /** A report of no records. */
        NO_RECORDS,
        /** A mail that no parser of MIME makes sense of. */
        NOT_MIME,
        /** A mail in which nothing looks like a report. */
        NO_REPORT,
        /** A mail of several reports: how it is to be counted is not ours to guess. */
        SEVERAL_REPORTS,
        /** A mail of more parts than any report has. */
        TOO_MANY_PARTS,
        /** Something that nobody foresaw; a mistake of ours. */
        SURPRISE
    }
}
