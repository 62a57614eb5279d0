// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.testing.ChildJvm;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Scanner;

/** H2 closes an embedded database at the moment its process is told to end, under the hands of who still writes. */
@Timeout(60)
class EndingProcessTest {

    @TempDir
    private Path folder;

    @RepeatedTest(3)
    void whatIsWrittenWhileTheProcessEndsIsWritten() throws Exception {
        Path path = folder.resolve("reports");
        Scanner said = new Scanner(ChildJvm.run(System.getProperty("java.class.path"), EndingProcess.class, path.toString()));
        int written = said.nextInt();
        int failed = said.nextInt();

        try (Database database = Database.open(DatabaseSettings.embedded(path))) {
            int rows = database.transaction(connection -> {
                try (Statement count = connection.createStatement(); ResultSet result = count.executeQuery("select count(*) from written")) {
                    result.next();
                    return result.getInt(1);
                }
            });
            // Each thread may be told that it failed when what it did was about to be committed; and was, or was not.
            assertThat(failed).isLessThanOrEqualTo(EndingProcess.THREADS);
            assertThat(rows).isBetween(written, written + failed);
        }
    }
}
