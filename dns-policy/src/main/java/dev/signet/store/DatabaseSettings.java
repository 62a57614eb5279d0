// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGSimpleDataSource;

import javax.sql.DataSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where reports are stored.
 *
 * @param url JDBC's, of H2 or PostgreSQL
 * @param password empty for none
 * @param maxConnections at once
 * @param timeout how long one waits for a connection
 */
public record DatabaseSettings(String url, String user, String password, int maxConnections, Duration timeout) {

    /** What is expected of a URL, for people. */
    public static final String EXPECTED = "jdbc:postgresql://host/database or jdbc:h2:file:/path";

    /** @throws IllegalArgumentException for another database, or a URL that its driver does not understand */
    public DatabaseSettings {
        if (!isH2(url) && !isPostgres(url)) {
            throw new IllegalArgumentException("found \"" + url + "\", expected " + EXPECTED);
        }
    }

    /** On a server. */
    public static DatabaseSettings of(String url, String user, String password) {
        return new DatabaseSettings(url, user, password, 4, Duration.ofSeconds(5));
    }

    /**
     * H2 in files beginning with this path, made where they are missing. The command line can open them while James has them open, if it
     * may read the password that lies beside them.
     *
     * @throws UncheckedIOException where there can be no such files, or this user may not read them
     */
    public static DatabaseSettings embedded(Path path) {
        // WRITE_DELAY=0: what is committed survives a killed process.
        String url = "jdbc:h2:file:" + path.toAbsolutePath() + ";AUTO_SERVER=TRUE;WRITE_DELAY=0";
        // H2 takes some seconds to believe that the lock of a killed process is nobody's.
        try {
            return new DatabaseSettings(url, "sa", new EmbeddedFiles(path).password(), 4, Duration.ofSeconds(20));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DataSource dataSource() {
        if (isH2(url)) {
            // AUTO_SERVER listens, by default for all the world. H2 has no other way to say this, and reads it once.
            System.getProperties().putIfAbsent("h2.bindAddress", "localhost");
            JdbcDataSource h2 = new JdbcDataSource();
            h2.setURL(url);
            h2.setUser(user);
            h2.setPassword(password);
            return h2;
        }
        PGSimpleDataSource postgres = new PGSimpleDataSource();
        // A server that has vanished must not hold up a thread for ever. The URL, which may say otherwise, comes after them.
        postgres.setConnectTimeout(Math.toIntExact(timeout.toSeconds()));
        postgres.setSocketTimeout(60);
        postgres.setTcpKeepAlive(true);
        postgres.setURL(url);
        postgres.setUser(user);
        postgres.setPassword(password);
        return postgres;
    }

    private static boolean isH2(String url) {
        return url.startsWith("jdbc:h2:");
    }

    private static boolean isPostgres(String url) {
        return url.startsWith("jdbc:postgresql:");
    }

    /** Without the password. */
    @Override
    public String toString() {
        return url + " as " + user;
    }
}
