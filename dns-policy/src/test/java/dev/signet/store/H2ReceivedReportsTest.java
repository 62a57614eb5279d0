// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class H2ReceivedReportsTest extends ReceivedReportsContract {

    @TempDir
    private Path folder;

    @Override
    DatabaseSettings emptyDatabase() {
        return DatabaseSettings.embedded(folder.resolve("reports"));
    }
}
