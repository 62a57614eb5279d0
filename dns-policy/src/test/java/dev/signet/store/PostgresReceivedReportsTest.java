// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import dev.signet.testing.PostgresForTests;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresReceivedReportsTest extends ReceivedReportsContract {

    @RegisterExtension
    private static final PostgresForTests POSTGRES = new PostgresForTests();

    @Override
    DatabaseSettings emptyDatabase() {
        return DatabaseSettings.of(POSTGRES.server().newDatabase(), POSTGRES.server().user(), "");
    }
}
