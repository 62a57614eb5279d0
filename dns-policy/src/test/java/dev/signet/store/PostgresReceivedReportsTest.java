// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import dev.signet.testing.PostgresServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresReceivedReportsTest extends ReceivedReportsContract {

    private static @Nullable PostgresServer server;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start("PostgresReceivedReportsTest");
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    DatabaseSettings emptyDatabase() {
        return DatabaseSettings.of(server.newDatabase(), server.user(), "");
    }
}
