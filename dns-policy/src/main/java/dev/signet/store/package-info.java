// SPDX-License-Identifier: Apache-2.0
/**
 * The report store: what DMARC found is counted here until the day's reports are sent.
 *
 * <p>{@link dev.signet.store.Database} is the way to the tables for everything that is stored. Its schema is the numbered files in
 * {@code dev/signet/store/migration}, one SQL for H2 and PostgreSQL: V1 what is recorded, V2 what is sent, V3 what is received. A file
 * that has been released never changes.
 *
 * <p>To send: {@link dev.signet.store.ReportStore#policies} of a day, {@link dev.signet.store.ReportStore#close} before the first
 * byte of a report is made, then {@link dev.signet.store.ReportStore#rows} into an
 * {@link dev.signet.report.AggregateReportWriter}. Tables about sending reference {@code signet_policy_day (id)} with
 * {@code on delete cascade}.
 */
@NullMarked
package dev.signet.store;

import org.jspecify.annotations.NullMarked;
