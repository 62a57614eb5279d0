// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

/**
 * How much of a stranger's report is read. What is over a limit is not read at all: half a report would be a wrong one.
 *
 * @param maxFileBytes of the file as it came
 * @param maxExpandedBytes of the XML in it
 * @param maxRatio how many times as large as the file the XML may be, once it is over 1 MiB. Reports reach 50; a bomb 1000
 * @param maxRecords in one report
 * @param maxElements in one record
 * @param maxText characters in one element
 * @param maxDepth of elements within each other
 */
public record ReadLimits(
        int maxFileBytes, int maxExpandedBytes, int maxRatio, int maxRecords, int maxElements, int maxText, int maxDepth) {

    /** Room for the largest reports that large receivers send, in about 100 MB of heap. */
    public static final ReadLimits DEFAULT = new ReadLimits(16 << 20, 32 << 20, 200, 50_000, 2_000, 10_000, 16);

    public ReadLimits {
        if (maxFileBytes < 1 || maxExpandedBytes < 1 || maxRatio < 1 || maxRecords < 1 || maxElements < 1 || maxText < 1 || maxDepth < 1) {
            throw new IllegalArgumentException("limits on reports: expected 1 or more of each");
        }
    }
}
