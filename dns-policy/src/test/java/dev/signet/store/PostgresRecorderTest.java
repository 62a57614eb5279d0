// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import dev.signet.testing.PostgresForTests;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;

class PostgresRecorderTest extends RecorderContract {

    @RegisterExtension
    private static final PostgresForTests POSTGRES = new PostgresForTests();

    @Override
    Database database() {
        return Database.open(new DatabaseSettings(POSTGRES.server().newDatabase(), POSTGRES.server().user(), "", 4, Duration.ofSeconds(2)));
    }

    @Override
    void stopDatabase() {
        POSTGRES.server().stop();
    }

    @Override
    void startDatabase() {
        POSTGRES.server().start();
    }
}
