// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a private key lies: PEM, PKCS#1 or PKCS#8, RSA or Ed25519, encrypted or not.
 *
 * @param path the file; it may hold comments, certificates and parameters beside the one key
 * @param password needed if the key is encrypted, unused if it is not
 */
public record KeyFile(Path path, Optional<String> password) {

    // A key of 8192 bits takes 6.5 KB; room for a certificate chain beside it. Above all it is not /dev/zero.
    private static final int MAX_SIZE = 1 << 20;

    /** A key that is not encrypted. */
    public KeyFile(Path path) {
        this(path, Optional.empty());
    }

    /**
     * Reads the file.
     *
     * @throws KeyFileException with what was found and what was expected
     */
    public SigningKey read() {
        String pem = text();
        try {
            return SigningKey.of(PemPrivateKey.parse(pem, password));
        } catch (IllegalArgumentException e) {
            throw new KeyFileException(path, String.valueOf(e.getMessage()), e);
        }
    }

    /** The path only: a password must not get into a log. */
    @Override
    public String toString() {
        return path.toString();
    }

    private String text() {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(MAX_SIZE + 1);
        } catch (NoSuchFileException e) {
            throw new KeyFileException(path, "found no such file, expected a private key in PEM", e);
        } catch (AccessDeniedException e) {
            throw new KeyFileException(path, "found it unreadable for this user, expected a private key in PEM", e);
        } catch (IOException e) {
            throw new KeyFileException(path, "cannot be read (" + e.getMessage() + "), expected a private key in PEM", e);
        }
        if (bytes.length > MAX_SIZE) {
            throw new KeyFileException(path, "found more than " + MAX_SIZE + " bytes, expected a private key in PEM");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
