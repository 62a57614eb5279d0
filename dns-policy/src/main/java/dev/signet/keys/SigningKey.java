// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

import java.security.PrivateKey;
import java.util.Optional;

/** A private key, checked and ready to sign. Immutable, safe for use by many threads. */
public sealed interface SigningKey permits RsaSigningKey, Ed25519SigningKey {

    /**
     * Takes a key that is already in memory.
     *
     * @throws IllegalArgumentException with what was found and what was expected, for a key that must not or cannot sign
     */
    static SigningKey of(PrivateKey key) {
        byte[] pkcs8 = key.getEncoded();
        if (pkcs8 == null || !"PKCS#8".equals(key.getFormat())) {
            throw new IllegalArgumentException("found a key without PKCS#8 encoding (" + key.getAlgorithm()
                    + "), expected an RSA or Ed25519 private key");
        }
        return of(PrivateKeyInfo.getInstance(pkcs8));
    }

    /** As {@link #of(PrivateKey)}. */
    static SigningKey of(PrivateKeyInfo key) {
        ASN1ObjectIdentifier algorithm = key.getPrivateKeyAlgorithm().getAlgorithm();
        if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return RsaSigningKey.of(key);
        }
        if (algorithm.equals(EdECObjectIdentifiers.id_Ed25519)) {
            return Ed25519SigningKey.of(key);
        }
        throw new IllegalArgumentException("found " + describe(algorithm) + ", expected an RSA or Ed25519 private key");
    }

    /** RSA or Ed25519. */
    KeyType type();

    /** The length of the modulus; 256 for Ed25519. */
    int bits();

    /** What a key record publishes in {@code p=}: a SubjectPublicKeyInfo for RSA, the 32 octets of an Ed25519 key (RFC 8463 §4). */
    byte[] publicKey();

    /**
     * Signs the SHA-256 digest of some bytes.
     *
     * @param data where the bytes are, such as canonical header fields
     * @param offset of the first of them
     * @param length how many they are
     * @return the value of {@code b=}, before base64
     * @throws IllegalStateException if the security provider fails, which a key that was once taken gives no reason for
     */
    byte[] sign(byte[] data, int offset, int length);

    /** What an administrator should know about a key that signs, but that some verifiers refuse. */
    Optional<String> warning();

    private static String describe(ASN1ObjectIdentifier algorithm) {
        if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return "an EC key";
        }
        if (algorithm.equals(X9ObjectIdentifiers.id_dsa)) {
            return "a DSA key";
        }
        if (algorithm.equals(EdECObjectIdentifiers.id_Ed448)) {
            return "an Ed448 key";
        }
        if (algorithm.equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
            return "an RSA key for RSASSA-PSS only";
        }
        return "a key of algorithm " + algorithm.getId();
    }
}
