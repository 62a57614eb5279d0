// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import org.h2.tools.Server;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.sql.SQLException;
import java.time.Duration;

/** The embedded database cannot be stopped while it is in use; as a server it can. */
class H2RecorderTest extends RecorderContract {

    private @Nullable Server server;
    private int port;

    @BeforeEach
    void firstStart() {
        startDatabase();
    }

    @Override
    Database database() {
        return Database.open(new DatabaseSettings(
                "jdbc:h2:tcp://localhost:" + port + "/" + folder.resolve("reports") + ";WRITE_DELAY=0", "sa", "", 4, Duration.ofSeconds(1)));
    }

    @AfterEach
    @Override
    void stopDatabase() {
        if (server != null) {
            server.stop();
        }
    }

    @Override
    void startDatabase() {
        try {
            server = Server.createTcpServer("-tcpPort", Integer.toString(port), "-ifNotExists", "-tcpDaemon").start();
            port = server.getPort();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
