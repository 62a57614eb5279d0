// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import dev.signet.store.DatabaseSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests with a world of their own each, on the database that a subclass names. */
abstract class WithSendingWorld {

    SendingWorld world;

    /** An empty one. */
    abstract DatabaseSettings emptyDatabase();

    @BeforeEach
    void open() {
        world = new SendingWorld(emptyDatabase());
    }

    @AfterEach
    void close() {
        world.close();
    }
}
