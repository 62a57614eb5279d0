// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import dev.signet.file.AdminFile;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a private key lies: PEM, PKCS#1 or PKCS#8, RSA or Ed25519, encrypted or not.
 *
 * @param path the file; it may hold comments, certificates and parameters beside the one key
 * @param password needed if the key is encrypted, unused if it is not
 */
public record KeyFile(Path path, Optional<String> password) {

    // A key of 8192 bits takes 6.5 KB; room for a certificate chain beside it.
    private static final int MAX_SIZE = 1 << 20;

    /** A key that is not encrypted. */
    public KeyFile(Path path) {
        this(path, Optional.empty());
    }

    /**
     * Reads the file.
     *
     * @throws dev.signet.file.UnusableFileException with what was found and what was expected
     */
    public SigningKey read() {
        AdminFile file = adminFile();
        String pem = file.read(StandardCharsets.ISO_8859_1);
        try {
            return SigningKey.of(PemPrivateKey.parse(pem, password));
        } catch (IllegalArgumentException e) {
            throw file.unusable(String.valueOf(e.getMessage()), e);
        }
    }

    /** The same, where a key of another type than this cannot be used. */
    SigningKey read(KeyType type) {
        SigningKey key = read();
        if (key.type() != type) {
            throw adminFile().unusable("found a key for " + key.type() + ", expected one for " + type
                    + " as before: another type needs a selector of its own");
        }
        return key;
    }

    private AdminFile adminFile() {
        return new AdminFile(path, "key file", "a private key in PEM", MAX_SIZE);
    }

    /** The path only: a password must not get into a log. */
    @Override
    public String toString() {
        return path.toString();
    }
}
