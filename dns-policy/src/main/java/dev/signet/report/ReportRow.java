// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

/**
 * One record of an aggregate report.
 *
 * @param count how many messages it stands for; not negative
 */
public record ReportRow(Observation observation, long count) {}
