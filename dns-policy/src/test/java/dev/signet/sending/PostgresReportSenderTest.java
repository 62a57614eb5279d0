// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import dev.signet.store.DatabaseSettings;
import dev.signet.testing.PostgresServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresReportSenderTest extends ReportSenderContract {

    private static @Nullable PostgresServer server;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start("PostgresReportSenderTest");
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
