// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
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
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"),
                EndingProcess.class.getName(), path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int written;
        int failed;
        try (Scanner said = new Scanner(process.getInputStream(), StandardCharsets.UTF_8)) {
            written = said.nextInt();
            failed = said.nextInt();
        }
        assertThat(process.waitFor()).isZero();

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
