// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Signature;
import java.util.Optional;
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

    // Empty for whoever the JVM lists first.
    private static final Optional<Provider> CHOSEN = nativeProvider();

    private RsaProvider() {}

    /** Keys made by it need no translation when they are used. */
    static KeyFactory keyFactory() throws NoSuchAlgorithmException {
        return CHOSEN.isEmpty() ? KeyFactory.getInstance(KEY) : KeyFactory.getInstance(KEY, CHOSEN.get());
    }

    /** RSASSA-PKCS1-v1_5 with SHA-256 (RFC 6376 §3.3). */
    static Signature signature() throws NoSuchAlgorithmException {
        return CHOSEN.isEmpty() ? Signature.getInstance(SIGNATURE) : Signature.getInstance(SIGNATURE, CHOSEN.get());
    }

    private static Optional<Provider> nativeProvider() {
        try {
            // By the loader of our own jars: James has one for all of extensions-jars/.
            Optional<Provider> found = ServiceLoader.load(Provider.class, RsaProvider.class.getClassLoader()).stream()
                    .filter(provider -> provider.type().getName().equals(NATIVE))
                    .map(ServiceLoader.Provider::get)
                    .findFirst();
            if (found.isPresent()) {
                // Its library is for one operating system and processor; where that does not load it offers nothing.
                Signature.getInstance(SIGNATURE, found.get());
                KeyFactory.getInstance(KEY, found.get());
                LOGGER.info("RSA by {}", found.get());
            }
            return found;
        } catch (NoSuchAlgorithmException | RuntimeException | LinkageError | ServiceConfigurationError e) {
            LOGGER.warn("RSA by the JDK: the Amazon Corretto Crypto Provider was found and cannot be used here", e);
            return Optional.empty();
        }
    }
}
