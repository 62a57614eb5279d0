// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import dev.signet.store.Database;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;

/** What the command line asks for, as a node that sends sees it. One node takes a request; it is taken over like everything else. */
final class Requests {

    /** Asked for by hand. */
    record Request(String id, LocalDate day, boolean dryRun) {}

    private static final String OURS = "answer is null and (node is null or node = ? or " + Outbox.silent("signet_report_request.node") + ")";

    private final Database database;
    private final String node;

    Requests(Database database, String node) {
        this.database = database;
        this.node = node;
    }

    /** Those that this node has to answer. */
    List<Request> take() throws SQLException {
        return Sql.in(database, sql -> sql.exists("select request_id from signet_report_request where " + OURS, node)
                        && sql.update("update signet_report_request set node = ? where " + OURS, node, node) > 0
                ? sql.query("select * from signet_report_request where answer is null and node = ?",
                        row -> new Request(row.text("request_id"), row.day("utc_day"), row.flag("dry_run")), node)
                : List.of());
    }

    /** Whether somebody asks whom no node has heard. */
    boolean waiting() throws SQLException {
        return Sql.in(database, sql -> sql.exists("select request_id from signet_report_request where answer is null and node is null"));
    }

    void answer(Request request, List<String> lines) throws SQLException {
        String text = lines.isEmpty() ? "nothing was recorded on " + request.day() : String.join("\n", lines);
        Sql.update(database, "update signet_report_request set answer = ? where request_id = ?", text, request.id());
    }

    /** Forgets those about days before {@code day}. */
    void forgetBefore(LocalDate day) throws SQLException {
        Sql.update(database, "delete from signet_report_request where utc_day < ?", day);
    }
}
