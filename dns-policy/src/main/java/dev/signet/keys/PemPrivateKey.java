// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the one private key in PEM text (RFC 7468, RFC 1421 for OpenSSL's older encryption). Text between the blocks and
 * blocks that are no private keys, such as certificates or {@code EC PARAMETERS}, are passed over.
 */
final class PemPrivateKey {

    private static final String EXPECTED = "expected one RSA or Ed25519 private key in PEM (PKCS#1 or PKCS#8)";

    private PemPrivateKey() {}

    /**
     * Reads and, where needed, decrypts.
     *
     * @throws IllegalArgumentException with what was found and what was expected
     */
    static PrivateKeyInfo parse(String pem, Optional<String> password) {
        try (Blocks blocks = new Blocks(pem)) {
            Object key = blocks.readObject();
            // Two keys in one file: which of them signs must not depend on their order.
            if (key == null || blocks.readPemObject() != null) {
                throw new IllegalArgumentException("found " + blocks.describe() + ", " + EXPECTED);
            }
            return switch (key) {
                case PrivateKeyInfo info -> info;
                case PEMKeyPair pair -> pair.getPrivateKeyInfo();
                case PKCS8EncryptedPrivateKeyInfo encrypted -> decrypt(encrypted, required(password));
                case PEMEncryptedKeyPair encrypted -> decrypt(encrypted, required(password));
                default -> throw new IllegalArgumentException("found " + blocks.describe() + ", " + EXPECTED);
            };
        } catch (IOException | IllegalStateException e) {
            // Bouncy Castle's decoder of base64 throws an IllegalStateException.
            throw new IllegalArgumentException("found damaged PEM (" + e.getMessage() + "), " + EXPECTED, e);
        }
    }

    private static String required(Optional<String> password) {
        return password.orElseThrow(() -> new IllegalArgumentException("found an encrypted private key, expected a password with it"));
    }

    // The provider is passed as an object: nothing of Bouncy Castle is registered in a JVM that we share with others.
    private static PrivateKeyInfo decrypt(PKCS8EncryptedPrivateKeyInfo encrypted, String password) {
        try {
            return encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                    .setProvider(new BouncyCastleProvider()).build(password.toCharArray()));
        } catch (PKCSException | OperatorCreationException | RuntimeException e) {
            throw undecryptable(e);
        }
    }

    private static PrivateKeyInfo decrypt(PEMEncryptedKeyPair encrypted, String password) {
        try {
            return encrypted.decryptKeyPair(new JcePEMDecryptorProviderBuilder()
                    .setProvider(new BouncyCastleProvider()).build(password.toCharArray())).getPrivateKeyInfo();
        } catch (IOException | RuntimeException e) {
            throw undecryptable(e);
        }
    }

    /** A wrong password shows as bad padding, or, once in 256 times, as bad ASN.1: to the administrator they are the same. */
    private static IllegalArgumentException undecryptable(Exception e) {
        return new IllegalArgumentException("found an encrypted private key that the given password does not open ("
                + e.getMessage() + "), expected the right password", e);
    }

    /** Shows the parser the private keys only, and remembers the name of every block it saw. */
    private static final class Blocks extends PEMParser {

        private final List<String> seen = new ArrayList<>();

        Blocks(String pem) {
            super(new StringReader(pem));
        }

        @Override
        public @Nullable PemObject readPemObject() throws IOException {
            PemObject block = super.readPemObject();
            while (block != null && !remember(block).endsWith("PRIVATE KEY")) {
                block = super.readPemObject();
            }
            return block;
        }

        String describe() {
            return seen.isEmpty() ? "no PEM block" : String.join(" and ", seen);
        }

        private String remember(PemObject block) {
            String type = block.getType();
            seen.add(type);
            // ssh-keygen's own format; the parser's word for it would be "unrecognised object".
            if (type.equals("OPENSSH PRIVATE KEY")) {
                throw new IllegalArgumentException("found OPENSSH PRIVATE KEY, " + EXPECTED);
            }
            return type;
        }
    }
}
