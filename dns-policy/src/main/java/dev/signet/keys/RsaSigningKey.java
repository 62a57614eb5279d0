// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Optional;

/** rsa-sha256 (RFC 6376 §3.3.1). */
final class RsaSigningKey implements SigningKey {

    // RFC 8301 §3.2: signers MUST use at least 1024 bits and SHOULD use 2048; verifiers need not go beyond 4096.
    static final int MIN_BITS = 1024;
    static final int GOOD_BITS = 2048;
    static final int EVERYWHERE_BITS = 4096;
    // The RFCs set no upper bound. 8192 bits already take 100 ms a signature and fill a TXT record of 1.4 KB.
    static final int MAX_BITS = 8192;

    private final PrivateKey privateKey;
    private final byte[] publicKey;
    private final int bits;

    private RsaSigningKey(PrivateKey privateKey, byte[] publicKey, int bits) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
        this.bits = bits;
    }

    static RsaSigningKey of(PrivateKeyInfo info) {
        try {
            KeyFactory factory = RsaProvider.keyFactory();
            if (!(factory.generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded())) instanceof RSAPrivateCrtKey key)) {
                throw new IllegalArgumentException("found an RSA key without its primes, expected all its numbers");
            }
            int bits = key.getModulus().bitLength();
            if (bits < MIN_BITS || bits > MAX_BITS) {
                throw wrongSize(bits);
            }
            PublicKey publicKey = factory.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
            RsaSigningKey signingKey = new RsaSigningKey(key, publicKey.getEncoded(), bits);
            if (!signingKey.matches(publicKey)) {
                throw new IllegalArgumentException("found a damaged RSA key: what it signs does not verify");
            }
            return signingKey;
        } catch (GeneralSecurityException | IOException | IllegalStateException e) {
            throw new IllegalArgumentException("found an RSA key that cannot be used: " + e.getMessage(), e);
        }
    }

    static IllegalArgumentException wrongSize(int bits) {
        return new IllegalArgumentException("found an RSA key of " + bits + " bits, expected " + MIN_BITS + " to " + MAX_BITS);
    }

    @Override
    public KeyType type() {
        return KeyType.RSA;
    }

    @Override
    public int bits() {
        return bits;
    }

    @Override
    public byte[] publicKey() {
        return publicKey.clone();
    }

    @Override
    public byte[] sign(byte[] data, int offset, int length) {
        try {
            Signature signature = RsaProvider.signature();
            signature.initSign(privateKey);
            signature.update(data, offset, length);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the security provider failed to sign with RSA: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<String> warning() {
        if (bits < GOOD_BITS) {
            return Optional.of("an RSA key of " + bits + " bits is weak, and some verifiers ignore it: use 2048 (RFC 8301 §3.2)");
        }
        if (bits > EVERYWHERE_BITS) {
            return Optional.of("an RSA key of " + bits + " bits is more than verifiers must support: use 2048 to 4096 (RFC 8301 §3.2)");
        }
        return Optional.empty();
    }

    /** Whether private and public numbers belong together: better found when the key is read than by every receiver. */
    private boolean matches(PublicKey candidate) throws GeneralSecurityException {
        byte[] probe = {0};
        Signature signature = RsaProvider.signature();
        signature.initVerify(candidate);
        signature.update(probe);
        return signature.verify(sign(probe, 0, probe.length));
    }
}
