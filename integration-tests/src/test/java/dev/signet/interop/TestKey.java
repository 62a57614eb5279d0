// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import dev.signet.dkim.Signer;
import dev.signet.dns.DomainName;
import dev.signet.keys.GeneratedKey;
import dev.signet.keys.KeyRecord;
import dev.signet.keys.KeyType;

import java.util.Arrays;
import java.util.Base64;

/** One key for all implementations, each of which wants it in its own form. */
record TestKey(GeneratedKey generated, String domain, String selector) {

    KeyType type() {
        return generated.key().type();
    }

    String pem() {
        return generated.pem();
    }

    KeyRecord record() {
        return KeyRecord.of(generated.key(), selector, DomainName.of(domain));
    }

    Signer signer() {
        return new Signer(DomainName.of(domain), selector, generated.key());
    }

    /** dkimpy takes PEM for RSA, and the 32 octets alone, in base64, for Ed25519. */
    String forDkimpy() {
        return switch (type()) {
            case RSA -> pem();
            case ED25519 -> {
                byte[] pkcs8 = Base64.getMimeDecoder().decode(pem().replaceAll("-----.*-----", ""));
                yield Base64.getEncoder().encodeToString(Arrays.copyOfRange(pkcs8, pkcs8.length - 32, pkcs8.length));
            }
        };
    }

    @Override
    public String toString() {
        return type().tag();
    }
}
