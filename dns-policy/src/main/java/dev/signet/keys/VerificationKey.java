// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import dev.signet.message.HeaderCanonicalizer;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Locale;
import java.util.Optional;

/** A public key as a key record holds it. */
public sealed interface VerificationKey {

    /** Above this RSA keys only cost time (RFC 8301 §3.2 asks for 4096 bits at least to be accepted). */
    int MAX_RSA_BITS = 8192;

    KeyType algorithm();

    /** The size that is spoken of: of the modulus, or 256. */
    int bits();

    /**
     * Whether {@code signature} fits what the canonicalizer holds.
     *
     * @throws GeneralSecurityException if the platform cannot do it at all; never for a signature that does not fit
     */
    boolean verifies(HeaderCanonicalizer signed, byte[] signature) throws GeneralSecurityException;

    /**
     * Reads {@code p=}.
     *
     * @param type {@code k=}
     * @return empty for a type that is unknown and for bytes that are no such key
     */
    static Optional<VerificationKey> decode(String type, byte[] bytes) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "rsa" -> Rsa.decode(bytes);
            // RFC 8463 §4.2: the 32 octets of the key and nothing around them.
            case "ed25519" -> bytes.length == Ed25519.PUBLIC_KEY_SIZE ? Optional.of(new EdDsa(bytes)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** RFC 6376 §3.3.1, RFC 8301. */
    record Rsa(RSAPublicKey key) implements VerificationKey {

        // A public exponent may be as long as the modulus, and then costs as much as a private one. Nobody needs that.
        private static final int MAX_EXPONENT_BITS = 64;

        static Optional<VerificationKey> decode(byte[] bytes) {
            try {
                KeyFactory factory = RsaProvider.keyFactory();
                RSAPublicKey key;
                try {
                    key = (RSAPublicKey) factory.generatePublic(new X509EncodedKeySpec(bytes));
                } catch (InvalidKeySpecException notSubjectPublicKeyInfo) {
                    // RFC 6376 erratum 3017: the text of the RFC names the bare RSAPublicKey, its examples the structure
                    // around it. Both are in the wild, and everybody reads both.
                    key = (RSAPublicKey) factory.generatePublic(bare(bytes));
                }
                return key.getPublicExponent().bitLength() > MAX_EXPONENT_BITS ? Optional.empty() : Optional.of(new Rsa(key));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has RSA", e);
            } catch (InvalidKeySpecException | RuntimeException e) {
                // Bouncy Castle and native providers refuse a stranger's bytes by exceptions of several kinds.
                return Optional.empty();
            }
        }

        private static RSAPublicKeySpec bare(byte[] bytes) {
            var key = org.bouncycastle.asn1.pkcs.RSAPublicKey.getInstance(bytes);
            BigInteger modulus = key.getModulus();
            if (modulus.signum() <= 0) {
                throw new IllegalArgumentException("a modulus that is not positive");
            }
            return new RSAPublicKeySpec(modulus, key.getPublicExponent());
        }

        @Override
        public KeyType algorithm() {
            return KeyType.RSA;
        }

        @Override
        public int bits() {
            return key.getModulus().bitLength();
        }

        @Override
        public boolean verifies(HeaderCanonicalizer signed, byte[] signature) throws GeneralSecurityException {
            Signature rsa = RsaProvider.signature();
            rsa.initVerify(key);
            signed.writeTo(rsa::update);
            try {
                return rsa.verify(signature);
            } catch (SignatureException e) {
                // The JDK says so for a signature of another length than the modulus.
                return false;
            }
        }
    }

    /** RFC 8463. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared, never handed out.
    record EdDsa(byte[] key) implements VerificationKey {

        @Override
        public KeyType algorithm() {
            return KeyType.ED25519;
        }

        @Override
        public int bits() {
            return 256;
        }

        // §3: PureEdDSA over the SHA-256 of the data. Bouncy Castle's own code is several times as fast as the JDK's here.
        @Override
        public boolean verifies(HeaderCanonicalizer signed, byte[] signature) throws GeneralSecurityException {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            signed.writeTo(sha256::update);
            byte[] hash = sha256.digest();
            return signature.length == Ed25519.SIGNATURE_SIZE && Ed25519.verify(signature, 0, key, 0, hash, 0, hash.length);
        }
    }
}
