// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Puts tokens in place of the local parts of addresses (RFC 6590). The same local part has the same token, so that its owner can tell
 * that two reports are about one of his users; without the key nobody can try names until one fits, which the plain digest of RFC
 * 6590 §3 with a known key would allow. Immutable.
 */
final class Redaction {

    private static final String ALGORITHM = "HmacSHA256";
    // 120 bits in 20 characters, all of them good in a local part.
    private static final int TOKEN_BYTES = 15;
    // Whatever stands in front of an @, quoted or not, Unicode or not; bounded, since a stranger wrote it.
    private static final Pattern ADDRESS = Pattern.compile("(\"(?:[^\"\\\\]|\\\\.){0,500}\"|[^\\s<>\"@(),:;\\[\\]=]{1,500}+)?+@");

    private final byte[] key;

    /** @param key a secret of this receiver, at least 16 bytes */
    Redaction(byte[] key) {
        if (key.length < 16) {
            throw new IllegalArgumentException("a key of " + key.length + " bytes, expected 16 or more");
        }
        this.key = key.clone();
    }

    /**
     * A token in place of the local part of an address; the domain stays, since it is what the report is about. The null sender, and
     * an identity of DKIM that is a domain alone, stay as they are.
     */
    String address(String address) {
        int at = address.lastIndexOf('@');
        return address.isEmpty() || at == 0 ? address : token(at < 0 ? address : address.substring(0, at)) + (at < 0 ? "" : address.substring(at));
    }

    /** A text with a token in place of every local part in it. */
    String text(String text) {
        return ADDRESS.matcher(text).replaceAll(found -> found.group(1) == null ? "@" : token(found.group(1)) + "@");
    }

    private String token(String secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            byte[] digest = mac.doFinal(secret.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, TOKEN_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
