// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.file.SecretFile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Where the key of a {@link Sampler} lies: one line of Base64. It survives restarts, so that a retry after one meets the same
 * fate, and is copied to the other nodes of a cluster for the same reason. It signs nothing: who reads it can compute which of
 * his messages a {@code pct} lets off, no more.
 */
public record SamplingKeyFile(Path path) {

    private static final int NEW_KEY = 32;

    // Above all it is not /dev/zero.
    private static final int MAX_SIZE = 4096;

    /**
     * The key in the file. Where there is no file yet, a new key is put there first, which only the owner of the process may read.
     *
     * @return at least 16 bytes
     * @throws IOException with the file, what was found and what was expected
     */
    public byte[] readOrMake(SecureRandom random) throws IOException {
        if (!Files.exists(path)) {
            make(random);
        }
        return read();
    }

    /**
     * The key in the file.
     *
     * @return at least 16 bytes
     * @throws IOException with the file, what was found and what was expected
     */
    public byte[] read() throws IOException {
        byte[] text;
        try (InputStream in = Files.newInputStream(path)) {
            text = in.readNBytes(MAX_SIZE);
        } catch (AccessDeniedException e) {
            throw new IOException(path + ": found it unreadable for this user, expected a sampling key", e);
        }
        byte[] key;
        try {
            key = Base64.getDecoder().decode(new String(text, StandardCharsets.ISO_8859_1).strip());
        } catch (IllegalArgumentException e) {
            throw new IOException(path + ": found what is no Base64, expected a sampling key of at least " + Sampler.MIN_KEY + " bytes", e);
        }
        if (key.length < Sampler.MIN_KEY) {
            throw new IOException(
                    path + ": found " + key.length + " bytes in Base64, expected a sampling key of at least " + Sampler.MIN_KEY);
        }
        return key;
    }

    private void make(SecureRandom random) throws IOException {
        try {
            SecretFile.make(path, NEW_KEY, random);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    path + ": found no folder " + path.toAbsolutePath().getParent() + ", expected one for a new sampling key", e);
        } catch (AccessDeniedException e) {
            throw new IOException(path + ": found that this user may not write there, expected that it may make a sampling key", e);
        }
    }
}
