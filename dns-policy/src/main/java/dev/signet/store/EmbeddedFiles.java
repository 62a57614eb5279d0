// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import dev.signet.file.SecretFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The files of an embedded database. Who is let into it may run whatever he likes in the process that has it open: H2 calls methods of
 * Java. So it takes a password, which lies beside it and which nobody but its owner may read.
 *
 * @param path what all their names begin with, before a dot
 */
record EmbeddedFiles(Path path) {

    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedFiles.class);
    private static final int PASSWORD_BYTES = 24;

    /** Makes the folder and the password where they are missing. */
    String password() throws IOException {
        Path absolute = path.toAbsolutePath();
        String prefix = absolute.getFileName() + ".";
        PrivateFolder.make(absolute.getParent(), file -> file.getFileName().toString().startsWith(prefix));
        Path file = named("password");
        if (!Files.exists(file)) {
            if (Files.exists(named("mv.db"))) {
                LOGGER.warn("{}: found no {}, expected the password of this database, which is taken to have none; a new database gets one",
                        named("mv.db"), file);
                return "";
            }
            SecretFile.make(file, PASSWORD_BYTES, new SecureRandom());
        }
        String password = Files.readString(file).strip();
        if (password.isEmpty()) {
            throw new IOException(file + ": found nothing, expected a password");
        }
        return password;
    }

    private Path named(String ending) {
        return path.resolveSibling(path.getFileName() + "." + ending);
    }
}
