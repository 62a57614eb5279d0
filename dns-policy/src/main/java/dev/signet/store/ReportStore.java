// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import dev.signet.report.ReportRow;
import dev.signet.report.ReportTally;
import dev.signet.report.ReportedMessage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What DMARC found, counted into the rows of reports as it is recorded: a row that a thousand messages share is stored once.
 * Immutable; several threads and several nodes may use one database.
 */
public final class ReportStore {

    private final Database database;

    public ReportStore(Database database) {
        this.database = database;
    }

    /**
     * Counts messages, all or none of them.
     *
     * <p>A message of a day whose report is {@linkplain #close closed} is counted on the next day that is not: it came late, from a
     * node that was cut off. It is told of a day late, and neither lost nor told of twice.
     *
     * @param upTo where the journal stands with these messages
     * @return false where the journal had come as far before: then they are counted already, and nothing happens
     */
    public boolean record(JournalPosition upTo, Collection<ReportedMessage> messages) throws SQLException {
        ReportTally tally = new ReportTally();
        messages.forEach(tally::add);
        List<GroupRecording> recordings = tally.groups().stream().map(GroupRecording::new).sorted(GroupRecording.ORDER).toList();
        for (GroupRecording recording : unprepared(recordings)) {
            // Alone, and short: two nodes that both meet a policy for the first time would else wait for each other's whole batch.
            database.transaction(recording::prepare);
        }
        return database.transaction(connection -> {
            if (!advance(connection, upTo)) {
                return false;
            }
            for (GroupRecording recording : recordings) {
                recording.run(connection);
            }
            return true;
        });
    }

    /** Those that the database does not know, few of them as a rule: asked for together. */
    private List<GroupRecording> unprepared(List<GroupRecording> recordings) throws SQLException {
        return database.transaction(connection -> {
            List<GroupRecording> unprepared = new ArrayList<>();
            for (GroupRecording recording : recordings) {
                if (!recording.isPrepared(connection)) {
                    unprepared.add(recording);
                }
            }
            return unprepared;
        });
    }

    /** Whether the database refuses this message, though it is up and well: tomorrow it would do so, too. Counts nothing. */
    boolean refuses(ReportedMessage message) throws SQLException {
        ReportTally alone = new ReportTally();
        alone.add(message);
        try {
            return database.transaction(connection -> {
                for (ReportTally.Group group : alone.groups()) {
                    new GroupRecording(group).run(connection);
                }
                connection.rollback();
                return false;
            });
        } catch (SQLException e) {
            if (isRefusal(e)) {
                return true;
            }
            throw e;
        }
    }

    /** SQLSTATE 22, data exception. */
    static boolean isRefusal(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith("22");
    }

    private static boolean advance(Connection connection, JournalPosition upTo) throws SQLException {
        Instant now = Instant.now();
        try (PreparedStatement update = connection.prepareStatement(
                "update signet_journal set counted = ?, last_counted = ? where id = ? and counted < ?")) {
            update.setLong(1, upTo.position());
            update.setObject(2, now.atOffset(ZoneOffset.UTC));
            update.setString(3, upTo.journal());
            update.setLong(4, upTo.position());
            if (update.executeUpdate() == 1) {
                return true;
            }
        }
        try (PreparedStatement known = connection.prepareStatement("select counted from signet_journal where id = ?")) {
            known.setString(1, upTo.journal());
            try (ResultSet result = known.executeQuery()) {
                if (result.next()) {
                    return false;
                }
            }
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into signet_journal (id, counted, last_counted) values (?, ?, ?)")) {
            insert.setString(1, upTo.journal());
            insert.setLong(2, upTo.position());
            insert.setObject(3, now.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
            return true;
        }
    }

    /** What there is of one day, by domain. */
    public List<PolicyDay> policies(LocalDate day) throws SQLException {
        return database.transaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement("""
                    select id, utc_day, policy, record, messages, due, closed from signet_policy_day
                    where utc_day = ? order by domain, policy""")) {
                select.setObject(1, day);
                try (ResultSet result = select.executeQuery()) {
                    List<PolicyDay> found = new ArrayList<>();
                    while (result.next()) {
                        found.add(policyDay(result));
                    }
                    return found;
                }
            }
        });
    }

    private static PolicyDay policyDay(ResultSet result) throws SQLException {
        return new PolicyDay(
                result.getLong(1),
                result.getObject(2, LocalDate.class),
                ReportJson.readPolicy(result.getString(3)),
                ReportJson.readRecord(result.getString(4)),
                result.getLong(5),
                result.getBoolean(6),
                result.getBoolean(7));
    }

    /**
     * Ends the counting: what is read of this policy and day from now on stays the same, so that a report can be made again, and be
     * the same report. May be called any number of times.
     *
     * @param policyDay {@link PolicyDay#id}
     */
    public void close(long policyDay) throws SQLException {
        database.transaction(connection -> {
            close(connection, policyDay);
            return null;
        });
    }

    /** {@link #close(long)} as a part of something larger. */
    public static void close(Connection connection, long policyDay) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update signet_policy_day set closed = true where id = ?")) {
            update.setLong(1, policyDay);
            update.executeUpdate();
        }
    }

    /**
     * The rows of a report, always in the same order. They come in pages: no more than a page is in memory, and nothing in the
     * database is kept open or locked between pages. {@link Iterator#next} throws an {@link UncheckedSQLException}.
     *
     * @param policyDay {@link PolicyDay#id}
     */
    public Iterator<ReportRow> rows(long policyDay) {
        return new RowPages(database, policyDay);
    }

    /**
     * Forgets all days before this one.
     *
     * @return how many policies of a day were forgotten
     */
    public int prune(LocalDate before) throws SQLException {
        return database.transaction(connection -> {
            try (PreparedStatement journals = connection.prepareStatement("delete from signet_journal where last_counted < ?")) {
                journals.setObject(1, before.atStartOfDay().atOffset(ZoneOffset.UTC).minus(Duration.ofDays(365)));
                journals.executeUpdate();
            }
            try (PreparedStatement days = connection.prepareStatement("delete from signet_policy_day where utc_day < ?")) {
                days.setObject(1, before);
                return days.executeUpdate();
            }
        });
    }

    /** One policy and day; for a test or a person who wants to look. */
    public Optional<PolicyDay> policy(long policyDay) throws SQLException {
        return database.transaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "select id, utc_day, policy, record, messages, due, closed from signet_policy_day where id = ?")) {
                select.setLong(1, policyDay);
                try (ResultSet result = select.executeQuery()) {
                    return result.next() ? Optional.of(policyDay(result)) : Optional.empty();
                }
            }
        });
    }
}
