// SPDX-License-Identifier: Apache-2.0
package dev.signet.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** A secret of our own: one line of Base64 in a file that only the owner of the process may read. */
public final class SecretFile {

    private SecretFile() {}

    /**
     * Puts a new secret there; or leaves what another process has put there meanwhile, which is as good.
     *
     * @throws NoSuchFileException where there is no such folder
     * @throws AccessDeniedException where this user may not write there
     */
    public static void make(Path path, int bytes, SecureRandom random) throws IOException {
        byte[] secret = new byte[bytes];
        random.nextBytes(secret);
        // Whole at once, so that nobody reads half of it. A temporary file is its owner's only, where the system knows such rights.
        Path whole = Files.createTempFile(path.toAbsolutePath().getParent(), ".signet-", ".tmp");
        try {
            Files.writeString(whole, Base64.getEncoder().encodeToString(secret) + "\n");
            Files.move(whole, path);
        } catch (FileAlreadyExistsException e) {
            // Another process was faster.
        } finally {
            Files.deleteIfExists(whole);
        }
    }
}
