// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that is told to end and has more to write, as James does: it writes rows until the end, and for a while after H2 has closed
 * the database. Prints how many it has written, and how often it could not.
 */
final class EndingProcess {

    static final int THREADS = 3;
    private static final int AFTERWARDS = 50;
    private static final int MANY = 100;

    private final Database database;
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private volatile int enough = Integer.MAX_VALUE;

    private EndingProcess(Database database) {
        this.database = database;
    }

    /** The path of the database is the one argument. */
    public static void main(String[] args) throws Exception {
        DatabaseSettings settings = DatabaseSettings.embedded(Path.of(args[0]));
        Database database = Database.open(settings);
        database.transaction(connection -> {
            try (Statement create = connection.createStatement()) {
                return create.execute("create table written (id int primary key)");
            }
        });
        // What H2 closes, it closes for all of this process.
        Connection witness = DriverManager.getConnection(settings.url(), settings.user(), settings.password());
        new EndingProcess(database).writeUntilTheEnd(witness);
    }

    private void writeUntilTheEnd(Connection witness) {
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            threads[i] = Thread.ofPlatform().daemon().start(this::write);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                while (!witness.isClosed()) {
                    LockSupport.parkNanos(1_000_000);
                }
                enough = written.get() + AFTERWARDS;
                for (Thread thread : threads) {
                    thread.join();
                }
            } catch (InterruptedException | SQLException e) {
                throw new IllegalStateException(e);
            }
            database.close();
            System.out.println(written + " " + failed);
        }));
        while (written.get() < AFTERWARDS) {
            LockSupport.parkNanos(1_000_000);
        }
        System.exit(0);
    }

    private void write() {
        while (written.get() < enough && failed.get() < MANY) {
            try {
                database.transaction(connection -> {
                    try (PreparedStatement insert = connection.prepareStatement("insert into written values (?)")) {
                        // Another one at each attempt: what is done twice is found twice.
                        insert.setInt(1, ids.incrementAndGet());
                        return insert.executeUpdate();
                    }
                });
                written.incrementAndGet();
            } catch (SQLException e) {
                failed.incrementAndGet();
            }
        }
    }
}
