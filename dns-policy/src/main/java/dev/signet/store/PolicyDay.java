// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import dev.signet.dmarc.DmarcRecord;
import dev.signet.report.PublishedPolicy;

import java.time.LocalDate;

/**
 * What one report, or one series of them, is about.
 *
 * @param id in table {@code signet_policy_day}
 * @param day in UTC
 * @param record the newest of the records that came to this policy: says where the report goes
 * @param messages how many are counted
 * @param due whether any of them calls for a report; see {@link dev.signet.report.ReportedMessage#callsForReport}
 * @param closed whether nothing is counted here any more; see {@link ReportStore#close}
 */
public record PolicyDay(
        long id, LocalDate day, PublishedPolicy policy, DmarcRecord record, long messages, boolean due, boolean closed) {}
