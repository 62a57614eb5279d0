// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;

/**
 * The database of reports: a pool of connections to a schema that is up to date. For several threads.
 *
 * <p>Nothing connects before the first use, so that James starts while the database is down.
 */
public final class Database implements AutoCloseable {

    // Two nodes that count the same new row at once: one of them has to begin again. More than a few times in a row is no accident.
    private static final int ATTEMPTS = 10;

    private final HikariDataSource pool;
    private final Object migration = new Object();
    private volatile boolean migrated;

    private Database(HikariDataSource pool) {
        this.pool = pool;
    }

    /** Connects to nothing yet. */
    public static Database open(DatabaseSettings settings) {
        HikariConfig config = new HikariConfig();
        // An instance, not the name of a class: the drivers are visible to the class loader of our jars alone.
        config.setDataSource(settings.dataSource());
        config.setPoolName("signet-reports");
        config.setMaximumPoolSize(settings.maxConnections());
        // Idle ones are of no use, and a database has only so many for all nodes.
        config.setMinimumIdle(0);
        config.setConnectionTimeout(settings.timeout().toMillis());
        config.setInitializationFailTimeout(-1);
        return new Database(new HikariDataSource(config));
    }

    /** What is to be done in one transaction. May be called again where the first attempt met another node's, or lost its connection. */
    @FunctionalInterface
    public interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    /**
     * Does all of it or nothing. The schema has been brought up to date before.
     *
     * @throws SQLException where the database is down, full, or otherwise cannot
     */
    public <T> T transaction(Work<T> work) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            migrate();
            Connection connection = pool.getConnection();
            try {
                return committed(connection, work);
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !(isCollision(e) || isLost(e))) {
                    throw e;
                }
            } finally {
                giveBack(connection);
            }
        }
    }

    private <T> T committed(Connection connection, Work<T> work) throws SQLException {
        boolean done = false;
        try {
            connection.setAutoCommit(false);
            T result = work.in(connection);
            commit(connection);
            done = true;
            return result;
        } catch (SQLException e) {
            if (isLost(e)) {
                // Hikari would hand it out again: it does not look at one that was in use a moment ago.
                pool.evictConnection(connection);
            }
            throw e;
        } finally {
            if (!done) {
                rollback(connection);
            }
        }
    }

    private static void commit(Connection connection) throws SQLException {
        try {
            connection.commit();
        } catch (SQLNonTransientConnectionException e) {
            // Not to be done again by transaction(), which does not know either.
            throw new SQLException("the connection was lost, and with it whether all is committed", e.getSQLState(), e);
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException ignored) {
            // The connection is gone, and its transaction with it; what threw before says why.
        }
    }

    private static void giveBack(Connection connection) {
        try {
            connection.close();
        } catch (SQLException ignored) {
            // The connection is gone. What was committed is committed, and must not be done again for that.
        }
    }

    /** SQLSTATE 23505 unique violation, 40 transaction rollback (serialization failure, deadlock), HYT00 H2's for a lock in use. */
    private static boolean isCollision(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.equals("23505") || state.startsWith("40") || state.equals("HYT00"));
    }

    /**
     * H2 closes an embedded database when the JVM is told to end, at the same time as James is stopped and we have something to write
     * yet. It refuses to leave that out with AUTO_SERVER; but who connects again finds the database open again.
     */
    private static boolean isLost(SQLException e) {
        return e instanceof SQLNonTransientConnectionException;
    }

    private void migrate() throws SQLException {
        if (migrated) {
            return;
        }
        synchronized (migration) {
            if (migrated) {
                return;
            }
            try {
                Flyway.configure(Database.class.getClassLoader())
                        .dataSource(pool)
                        .locations("classpath:dev/signet/store/migration")
                        .table("signet_schema")
                        // Next to tables of others, where the administrator says so.
                        .baselineOnMigrate(true)
                        .baselineVersion("0")
                        .load()
                        .migrate();
            } catch (FlywayException e) {
                throw new SQLException("the schema of the report store cannot be brought up to date: " + e.getMessage(), e);
            }
            migrated = true;
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
