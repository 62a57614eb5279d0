// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import dev.signet.store.Database;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The addresses that get no report of any kind for now, since what we sent them came back: one list for all nodes that share a database.
 * Safe for many threads.
 */
public final class SuppressionList {

    private static final int MAX_REASON = 500;

    private final Database database;
    private final Duration suppression;
    private final InstantSource clock;

    /** @param suppression how long an address that sent a mail back gets none */
    public SuppressionList(Database database, Duration suppression, InstantSource clock) {
        this.database = database;
        this.suppression = suppression;
        this.clock = clock;
    }

    /** Empty where nothing is known against an address. */
    public Optional<String> reasonAgainst(String address) throws SQLException {
        return reasonAgainst(database, address, clock.instant());
    }

    static Optional<String> reasonAgainst(Database database, String address, Instant now) throws SQLException {
        return Sql.query(database, "select reason, suppressed_until from signet_suppressed_address where address = ? and suppressed_until > ?",
                        row -> "mail to it came back, nothing before " + row.instant("suppressed_until") + ": " + row.text("reason"),
                        MailProgress.key(address), now)
                .stream()
                .findFirst();
    }

    /**
     * An address sent a mail back.
     *
     * @param reason for people
     */
    public void add(String address, String reason) throws SQLException {
        Sql.in(database, sql -> add(sql, address, reason, clock.instant().plus(suppression)));
    }

    /** Within a transaction; returns how many rows it changed. */
    static int add(Sql sql, String address, String reason, Instant until) throws SQLException {
        String told = Sql.printable(reason, MAX_REASON);
        String key = MailProgress.key(address);
        int known = sql.update("update signet_suppressed_address set suppressed_until = ?, bounces = bounces + 1, reason = ? where address = ?",
                until, told, key);
        return known > 0
                ? known
                : sql.update("insert into signet_suppressed_address (address, suppressed_until, bounces, reason) values (?, ?, 1, ?)",
                        key, until, told);
    }
}
