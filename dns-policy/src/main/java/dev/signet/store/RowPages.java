// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import dev.signet.report.ReportRow;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Reads rows in the order of their digests, which the primary key has: each page begins behind the last one. */
final class RowPages implements Iterator<ReportRow> {

    private static final int PAGE = 1000;

    private final Database database;
    private final long policyDay;
    private final Deque<ReportRow> page = new ArrayDeque<>();
    private String last = "";
    private boolean ended;

    RowPages(Database database, long policyDay) {
        this.database = database;
        this.policyDay = policyDay;
    }

    @Override
    public boolean hasNext() {
        if (page.isEmpty() && !ended) {
            try {
                read();
            } catch (SQLException e) {
                throw new UncheckedSQLException(e);
            }
        }
        return !page.isEmpty();
    }

    @Override
    public ReportRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.removeFirst();
    }

    private void read() throws SQLException {
        last = database.transaction(connection -> {
            page.clear();
            try (PreparedStatement select = connection.prepareStatement("""
                    select digest, messages, observation from signet_row
                    where policy_day = ? and digest > ? order by digest limit ?""")) {
                select.setLong(1, policyDay);
                select.setString(2, last);
                select.setInt(3, PAGE);
                String digest = last;
                try (ResultSet result = select.executeQuery()) {
                    while (result.next()) {
                        digest = result.getString(1);
                        page.add(new ReportRow(ReportJson.readObservation(result.getString(3)), result.getLong(2)));
                    }
                }
                return digest;
            }
        });
        ended = page.size() < PAGE;
    }
}
