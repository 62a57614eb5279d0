// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import dev.signet.store.Database;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Asks a running server to send the reports about a day, or to say what it would send. */
public final class SendRequest {

    private final Database database;
    private final String id = UUID.randomUUID().toString();

    /**
     * Leaves the request in the database, where a server finds it within seconds.
     *
     * @param dryRun whether nothing is to be sent
     */
    public SendRequest(Database database, LocalDate day, boolean dryRun) throws SQLException {
        this.database = database;
        Sql.update(database, "insert into signet_report_request (request_id, utc_day, dry_run) values (?, ?, ?)", id, day, dryRun);
    }

    /** Whether a server has it; none does where none is running. */
    public boolean taken() throws SQLException {
        return !Sql.query(database, "select node from signet_report_request where request_id = ? and node is not null", row -> row.text("node"), id).isEmpty();
    }

    /** The lines of the answer, once there is one. */
    public Optional<List<String>> answer() throws SQLException {
        return Sql.query(database, "select answer from signet_report_request where request_id = ? and answer is not null", row -> row.text("answer"), id)
                .stream()
                .findFirst()
                .map(text -> text.lines().toList());
    }

    /** Takes back what no server has taken. */
    public void withdraw() throws SQLException {
        Sql.update(database, "delete from signet_report_request where request_id = ? and node is null", id);
    }
}
