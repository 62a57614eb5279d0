// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.store.Database;
import dev.signet.store.DatabaseSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The database in which James has its reports; it may be running. */
final class ReportDatabase {

    private static final String H2_SUFFIX = ".mv.db";

    @Option(names = "--database", paramLabel = "PATH|URL", defaultValue = "var/signet/reports",
            description = "Where James stores reports: the path of its H2 files without their ending, or the URL of a server, such as "
                    + "jdbc:postgresql://host/database. Without it: ${DEFAULT-VALUE}, as seen from James's directory.")
    private String database;

    @Option(names = "--database-user", paramLabel = "NAME", defaultValue = "", description = "Of a server.")
    private String user;

    @Option(names = "--database-password-file", paramLabel = "FILE", description = "A file whose first line is the password of that user.")
    private @Nullable Path passwordFile;

    Database open(CommandSpec command) {
        if (database.startsWith("jdbc:")) {
            try {
                return Database.open(DatabaseSettings.of(database, user, password(command)));
            } catch (IllegalArgumentException e) {
                throw Signet.wrong(command, "--database", String.valueOf(e.getMessage()));
            }
        }
        // H2 would make a new one.
        Path file = Path.of(database + H2_SUFFIX);
        if (!Files.exists(file)) {
            throw Signet.wrong(command, "--database", "found no " + file + ", expected the reports of a James");
        }
        try {
            return Database.open(DatabaseSettings.embedded(Path.of(database)));
        } catch (UncheckedIOException e) {
            throw Signet.wrong(command, "--database",
                    "found it unusable (" + Trouble.of(e.getCause()) + "), expected the reports of a James whose user runs this");
        }
    }

    private String password(CommandSpec command) {
        if (passwordFile == null) {
            return "";
        }
        try {
            return Files.readString(passwordFile).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw Signet.wrong(command, "--database-password-file",
                    "found " + passwordFile + " unusable (" + Trouble.of(e) + "), expected a password");
        }
    }
}
