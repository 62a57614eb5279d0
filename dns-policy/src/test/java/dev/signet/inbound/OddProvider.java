// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Map;

/** RSA as the JDK does it, which stumbles over the signatures of one key. To be put in front of all providers, and taken away again. */
final class OddProvider extends Provider {

    private static final long serialVersionUID = 1;

    private final transient RSAPublicKey odd;

    OddProvider(RSAPublicKey odd) {
        super("Odd", "1", "for tests");
        this.odd = odd;
        putService(new Service(this, "Signature", "SHA256withRSA", Rsa.class.getName(), List.of(), Map.of()) {
            @Override
            public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                try {
                    return new Rsa(Signature.getInstance("SHA256withRSA", "SunRsaSign"), OddProvider.this.odd);
                } catch (NoSuchProviderException e) {
                    throw new NoSuchAlgorithmException(e);
                }
            }
        });
    }

    private static final class Rsa extends SignatureSpi {

        private final Signature jdk;
        private final RSAPublicKey odd;
        private boolean stumbles;

        Rsa(Signature jdk, RSAPublicKey odd) {
            this.jdk = jdk;
            this.odd = odd;
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            stumbles = ((RSAPublicKey) key).getModulus().equals(odd.getModulus());
            jdk.initVerify(key);
        }

        @Override
        protected boolean engineVerify(byte[] signature) throws SignatureException {
            if (stumbles) {
                throw new ArithmeticException("an odd signature");
            }
            return jdk.verify(signature);
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            jdk.initSign(key);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            return jdk.sign();
        }

        @Override
        protected void engineUpdate(byte b) throws SignatureException {
            jdk.update(b);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int offset, int length) throws SignatureException {
            jdk.update(bytes, offset, length);
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new InvalidParameterException(name);
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new InvalidParameterException(name);
        }
    }
}
