// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import dev.signet.store.DatabaseSettings;

class H2SendingNodesTest extends SendingNodesContract {

    @Override
    DatabaseSettings emptyDatabase() {
        return SendingWorld.h2();
    }
}
