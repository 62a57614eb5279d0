// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Signature;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Who computes RSA. The Amazon Corretto Crypto Provider, where its jar lies beside ours: OpenSSL's successor signs several times as
 * fast as the JDK on the same core. It is asked for RSA alone and by us alone: the list of providers of James's JVM stays as it is.
 * Otherwise whoever the JVM lists first.
 */
final class RsaProvider {

    private static final Logger LOGGER = LoggerFactory.getLogger(RsaProvider.class);

    private static final String SIGNATURE = "SHA256withRSA";
    private static final String KEY = "RSA";
    private static final String NATIVE = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private static final @Nullable Provider PROVIDER = nativeProvider();

    private RsaProvider() {}

    /** Keys made by it need no translation when they are used. */
    static KeyFactory keyFactory() throws NoSuchAlgorithmException {
        return PROVIDER == null ? KeyFactory.getInstance(KEY) : KeyFactory.getInstance(KEY, PROVIDER);
    }

    /** RSASSA-PKCS1-v1_5 with SHA-256 (RFC 6376 §3.3). */
    static Signature signature() throws NoSuchAlgorithmException {
        return PROVIDER == null ? Signature.getInstance(SIGNATURE) : Signature.getInstance(SIGNATURE, PROVIDER);
    }

    private static @Nullable Provider nativeProvider() {
        try {
            // By the loader of our own jars: James has one for all of extensions-jars/.
            Provider found = ServiceLoader.load(Provider.class, RsaProvider.class.getClassLoader()).stream()
                    .filter(provider -> provider.type().getName().equals(NATIVE))
                    .map(ServiceLoader.Provider::get)
                    .findFirst()
                    .orElse(null);
            if (found == null) {
                return null;
            }
            // Its library is for one operating system and processor; where that does not load it offers nothing.
            Signature.getInstance(SIGNATURE, found);
            KeyFactory.getInstance(KEY, found);
            LOGGER.info("RSA by {}", found);
            return found;
        } catch (NoSuchAlgorithmException | RuntimeException | LinkageError | ServiceConfigurationError e) {
            LOGGER.warn("RSA by the JDK: the Amazon Corretto Crypto Provider was found and cannot be used here", e);
            return null;
        }
    }
}
