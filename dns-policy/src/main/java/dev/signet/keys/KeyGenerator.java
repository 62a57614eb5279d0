// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;

/** Makes new private keys. Safe for use by many threads. */
public final class KeyGenerator {

    /** What RFC 8301 §3.2 asks signers to use, and what still fits into one UDP answer. */
    public static final int DEFAULT_RSA_BITS = RsaSigningKey.GOOD_BITS;

    private final SecureRandom random;

    public KeyGenerator(SecureRandom random) {
        this.random = random;
    }

    /**
     * Makes an RSA key with the public exponent 65537.
     *
     * @param bits 1024 to 8192; ask the key for its {@link SigningKey#warning()}
     * @throws IllegalArgumentException for other numbers of bits
     */
    public GeneratedKey rsa(int bits) {
        if (bits < RsaSigningKey.MIN_BITS || bits > RsaSigningKey.MAX_BITS) {
            throw RsaSigningKey.wrongSize(bits);
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits, random);
            return GeneratedKey.of(PrivateKeyInfo.getInstance(generator.generateKeyPair().getPrivate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK always has RSA", e);
        }
    }

    /** Makes an Ed25519 key. */
    public GeneratedKey ed25519() {
        byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
        random.nextBytes(seed);
        try {
            // RFC 8410 §7, without the public half, which older readers do not expect.
            return GeneratedKey.of(new PrivateKeyInfo(new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519),
                    new DEROctetString(seed)));
        } catch (IOException e) {
            throw new UncheckedIOException("32 octets always encode", e);
        }
    }
}
