// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

/** The two kinds of key that DKIM and ARC sign with. */
public enum KeyType {

    /** RSASSA-PKCS1-v1_5 over SHA-256 (RFC 6376 §3.3.2). */
    RSA("rsa", "rsa-sha256", "RSA"),

    /** Pure Ed25519 over the SHA-256 digest (RFC 8463 §3). */
    ED25519("ed25519", "ed25519-sha256", "Ed25519");

    private final String tag;
    private final String algorithm;
    private final String display;

    KeyType(String tag, String algorithm, String display) {
        this.tag = tag;
        this.algorithm = algorithm;
        this.display = display;
    }

    /** The value of {@code k=} in a key record (RFC 6376 §3.6.1). */
    public String tag() {
        return tag;
    }

    /** The value of {@code a=} in a signature (RFC 6376 §3.5). */
    public String algorithm() {
        return algorithm;
    }

    /** The name as people write it. */
    @Override
    public String toString() {
        return display;
    }
}
