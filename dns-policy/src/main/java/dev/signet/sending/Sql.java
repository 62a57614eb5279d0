// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import dev.signet.store.Database;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Statements of one transaction, with values of {@code java.time}. */
record Sql(Connection connection) {

    interface Reader<T> {
        T read(Row row) throws SQLException;
    }

    interface Work<T> {
        T with(Sql sql) throws SQLException;
    }

    /** All of it or nothing; see {@link Database#transaction}. */
    static <T> T in(Database database, Work<T> work) throws SQLException {
        return database.transaction(connection -> work.with(new Sql(connection)));
    }

    /** One statement; returns how many rows it changed. */
    static int update(Database database, String statement, @Nullable Object... values) throws SQLException {
        return in(database, sql -> sql.update(statement, values));
    }

    static <T> List<T> query(Database database, String statement, Reader<T> reader, @Nullable Object... values) throws SQLException {
        return in(database, sql -> sql.query(statement, reader, values));
    }

    int update(String statement, @Nullable Object... values) throws SQLException {
        try (PreparedStatement prepared = prepare(statement, values)) {
            return prepared.executeUpdate();
        }
    }

    <T> List<T> query(String statement, Reader<T> reader, @Nullable Object... values) throws SQLException {
        try (PreparedStatement prepared = prepare(statement, values); ResultSet results = prepared.executeQuery()) {
            List<T> found = new ArrayList<>();
            while (results.next()) {
                found.add(reader.read(new Row(results)));
            }
            return found;
        }
    }

    boolean exists(String statement, @Nullable Object... values) throws SQLException {
        return !query(statement, row -> true, values).isEmpty();
    }

    /** A text for people, perhaps a stranger's, as every database takes it: PostgreSQL has no NUL. */
    static String printable(String text, int max) {
        String plain = text.replaceAll("[^\\x20-\\x7E]", "?");
        return plain.length() <= max ? plain : plain.substring(0, max - 3) + "...";
    }

    /** By the clock of the database. */
    Instant now() throws SQLException {
        return query("select current_timestamp as instant_now", row -> row.instant("instant_now")).getFirst();
    }

    private PreparedStatement prepare(String statement, @Nullable Object... values) throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(statement);
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            prepared.setObject(i + 1, value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : value);
        }
        return prepared;
    }

    /** The current row of a result. */
    record Row(ResultSet results) {

        String text(String column) throws SQLException {
            String text = results.getString(column);
            return text == null ? "" : text;
        }

        long number(String column) throws SQLException {
            return results.getLong(column);
        }

        @Nullable Integer integer(String column) throws SQLException {
            int value = results.getInt(column);
            return results.wasNull() ? null : value;
        }

        boolean flag(String column) throws SQLException {
            return results.getBoolean(column);
        }

        Instant instant(String column) throws SQLException {
            return results.getObject(column, OffsetDateTime.class).toInstant();
        }

        LocalDate day(String column) throws SQLException {
            return results.getObject(column, LocalDate.class);
        }
    }
}
