// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import dev.signet.testing.PostgresServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import java.time.Duration;

class PostgresRecorderTest extends RecorderContract {

    private static @Nullable PostgresServer server;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start("PostgresRecorderTest");
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    Database database() {
        return Database.open(new DatabaseSettings(server.newDatabase(), server.user(), "", 4, Duration.ofSeconds(1)));
    }

    @Override
    void stopDatabase() {
        server.stop();
    }

    @Override
    void startDatabase() {
        server.start();
    }
}
