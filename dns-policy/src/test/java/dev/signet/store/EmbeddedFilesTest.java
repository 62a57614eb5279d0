// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.h2.tools.Shell;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;

/** Who else lives on this machine has no business in our database. */
@Timeout(60)
class EmbeddedFilesTest {

    @TempDir
    private Path temporary;

    private Path folder;

    @BeforeEach
    void needsRights() {
        boolean known = temporary.getFileSystem().supportedFileAttributeViews().contains("posix");
        String missing = "SKIPPED EmbeddedFilesTest: the file system does not know owners and their rights";
        if (!known) {
            System.err.println(missing);
        }
        assumeTrue(known, missing);
        folder = temporary.resolve("var/signet");
    }

    private Path path() {
        return folder.resolve("reports");
    }

    private static String rights(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void use(Database database) throws SQLException {
        assertThat(new ReportStore(database).policies(LocalDate.EPOCH)).isEmpty();
    }

    @Test
    void folderAndPasswordAreTheirOwnersAlone() throws Exception {
        try (Database database = Database.open(DatabaseSettings.embedded(path()))) {
            use(database);
            assertThat(folder.resolve("reports.lock.db")).exists();
            assertThat(rights(folder)).isEqualTo("rwx------");
            assertThat(rights(folder.resolve("reports.password"))).isEqualTo("rw-------");
        }
        // The second time, too.
        try (Database database = Database.open(DatabaseSettings.embedded(path()))) {
            use(database);
        }
    }

    @Test
    void theJournalIsItsOwnersAlone() throws Exception {
        try (Journal journal = new Journal(folder, "%012x-%016x".formatted(1, 2))) {
            journal.append(List.of("line"));
            assertThat(rights(folder)).isEqualTo("rwx------");
        }
    }

    @Test
    void anotherProcessIsRefusedWithoutThePassword() throws Exception {
        try (Database database = Database.open(DatabaseSettings.embedded(path()))) {
            use(database);
            String password = Files.readString(folder.resolve("reports.password")).strip();
            assertThat(password).hasSize(32);

            assertThat(shell("")).contains("Wrong user name or password");
            assertThat(shell("wrong")).contains("Wrong user name or password");
            assertThat(shell(password)).contains("forty-two").doesNotContain("Exception");
        }
    }

    /** What a process of its own gets to see that asks our server. */
    private String shell(String password) throws Exception {
        Path h2 = Path.of(Shell.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", h2.toString(), Shell.class.getName(),
                "-url", "jdbc:h2:file:" + path() + ";AUTO_SERVER=TRUE;IFEXISTS=TRUE", "-user", "sa", "-password", password,
                "-sql", "select 'forty-' || 'two'")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    @Test
    void anOpenFolderIsClosedWhereThatTakesNothingFromAnybody() throws Exception {
        Files.createDirectories(folder);
        open(folder);
        open(Files.createFile(folder.resolve("reports.trace.db")));
        Files.setPosixFilePermissions(Files.createDirectory(folder.resolve("journal")), PosixFilePermissions.fromString("rwx------"));

        DatabaseSettings.embedded(path());
        assertThat(rights(folder)).isEqualTo("rwx------");
    }

    @Test
    void aFolderOfOthersStaysAsItIs() throws Exception {
        Files.createDirectories(folder);
        open(folder);
        open(Files.createFile(folder.resolve("theirs")));

        DatabaseSettings.embedded(path());
        assertThat(rights(folder)).isEqualTo("rwxr-xr-x");
        assertThat(rights(folder.resolve("reports.password"))).isEqualTo("rw-------");
    }

    private static void open(Path path) throws Exception {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void aDatabaseThatWasMadeWithoutAPasswordIsStillRead() throws Exception {
        Files.createDirectories(folder);
        try (Connection connection = DriverManager.getConnection("jdbc:h2:file:" + path(), "sa", "")) {
            assertThat(connection.isValid(1)).isTrue();
        }

        try (Database database = Database.open(DatabaseSettings.embedded(path()))) {
            use(database);
        }
        assertThat(folder.resolve("reports.password")).doesNotExist();
    }
}
