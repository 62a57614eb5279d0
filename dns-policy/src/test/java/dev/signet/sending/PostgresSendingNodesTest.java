// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import dev.signet.store.DatabaseSettings;
import dev.signet.testing.PostgresForTests;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresSendingNodesTest extends SendingNodesContract {

    @RegisterExtension
    private static final PostgresForTests POSTGRES = new PostgresForTests();

    @Override
    DatabaseSettings emptyDatabase() {
        return DatabaseSettings.of(POSTGRES.server().newDatabase(), POSTGRES.server().user(), "");
    }
}
