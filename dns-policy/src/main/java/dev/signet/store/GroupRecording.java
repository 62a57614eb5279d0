// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import dev.signet.report.ReportRow;
import dev.signet.report.ReportTally;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Counts the messages of one policy and day, within transactions. */
final class GroupRecording {

    /** A row as it is stored. */
    private record Entry(String digest, String observation, long messages) {

        static Entry of(ReportRow row) {
            String json = ReportJson.write(row.observation());
            return new Entry(ReportJson.digest(json), json, row.count());
        }
    }

    // Every node locks policies in the same order, or two of them might wait for each other.
    static final Comparator<GroupRecording> ORDER = Comparator.<GroupRecording, LocalDate>comparing(recording -> recording.group.day())
            .thenComparing(recording -> recording.group.policy().domain().ascii())
            .thenComparing(recording -> recording.policy);

    private final ReportTally.Group group;
    private final String policy;

    GroupRecording(ReportTally.Group group) {
        this.group = group;
        this.policy = ReportJson.write(group.policy());
    }

    /** Whether there is something to lock. */
    boolean isPrepared(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select id from signet_policy_day where utc_day = ? and domain = ? and policy = ?")) {
            select.setObject(1, group.day());
            select.setString(2, group.policy().domain().ascii());
            select.setString(3, policy);
            try (ResultSet result = select.executeQuery()) {
                return result.next();
            }
        }
    }

    /** Sees to it that there is something to lock; returns whether there was not. */
    boolean prepare(Connection connection) throws SQLException {
        if (isPrepared(connection)) {
            return false;
        }
        insertPolicyDay(connection, group.day());
        return true;
    }

    void run(Connection connection) throws SQLException {
        List<Entry> entries = group.rows().stream().map(Entry::of).toList();
        // Whoever has this lock is alone with the rows below, up to the end of the transaction.
        long id = lockedPolicyDay(connection);
        insert(connection, id, missingAfterUpdate(connection, id, entries));
        // What a node that was cut off brings late may be older than what others brought.
        try (PreparedStatement update = connection.prepareStatement("""
                update signet_policy_day set messages = messages + ?, due = due or ?,
                record = case when record_time < ? then ? else record end, record_time = greatest(record_time, ?) where id = ?""")) {
            update.setLong(1, entries.stream().mapToLong(Entry::messages).sum());
            update.setBoolean(2, group.due());
            update.setObject(3, recordTime());
            update.setString(4, ReportJson.write(group.record()));
            update.setObject(5, recordTime());
            update.setLong(6, id);
            update.executeUpdate();
        }
    }

    private long lockedPolicyDay(Connection connection) throws SQLException {
        LocalDate day = group.day();
        try (PreparedStatement select = connection.prepareStatement(
                "select id, closed from signet_policy_day where utc_day = ? and domain = ? and policy = ? for update")) {
            while (true) {
                select.setObject(1, day);
                select.setString(2, group.policy().domain().ascii());
                select.setString(3, policy);
                try (ResultSet result = select.executeQuery()) {
                    if (!result.next()) {
                        return insertPolicyDay(connection, day);
                    }
                    if (!result.getBoolean(2)) {
                        return result.getLong(1);
                    }
                }
                day = day.plusDays(1);
            }
        }
    }

    private long insertPolicyDay(Connection connection, LocalDate day) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into signet_policy_day (utc_day, domain, policy, record, record_time, messages, due, closed)
                values (?, ?, ?, ?, ?, 0, false, false)""", new String[] {"id"})) {
            insert.setObject(1, day);
            insert.setString(2, group.policy().domain().ascii());
            insert.setString(3, policy);
            insert.setString(4, ReportJson.write(group.record()));
            insert.setObject(5, recordTime());
            insert.executeUpdate();
            try (ResultSet keys = insert.getGeneratedKeys()) {
                keys.next();
                return keys.getLong(1);
            }
        }
    }

    private OffsetDateTime recordTime() {
        return group.recordTime().atOffset(ZoneOffset.UTC);
    }

    private static List<Entry> missingAfterUpdate(Connection connection, long id, List<Entry> entries) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update signet_row set messages = messages + ? where policy_day = ? and digest = ?")) {
            for (Entry entry : entries) {
                update.setLong(1, entry.messages());
                update.setLong(2, id);
                update.setString(3, entry.digest());
                update.addBatch();
            }
            int[] found = update.executeBatch();
            List<Entry> missing = new ArrayList<>();
            for (int i = 0; i < found.length; i++) {
                if (found[i] == 0) {
                    missing.add(entries.get(i));
                } else if (found[i] == Statement.SUCCESS_NO_INFO) {
                    throw new SQLException("the driver does not tell how many rows an update found");
                }
            }
            return missing;
        }
    }

    private static void insert(Connection connection, long id, List<Entry> entries) throws SQLException {
        if (entries.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into signet_row (policy_day, digest, messages, observation) values (?, ?, ?, ?)")) {
            for (Entry entry : entries) {
                insert.setLong(1, id);
                insert.setString(2, entry.digest());
                insert.setLong(3, entry.messages());
                insert.setString(4, entry.observation());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
