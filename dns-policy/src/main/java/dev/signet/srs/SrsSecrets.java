// SPDX-License-Identifier: Apache-2.0
package dev.signet.srs;

import dev.signet.file.AdminFile;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** The keys of the hashes: the first one is used for new addresses, addresses made with any of them are accepted. */
public final class SrsSecrets {

    /** Shorter secrets are refused. */
    public static final int MIN_LENGTH = 16;

    private static final int MAX_SIZE = 1 << 16;

    private final List<String> secrets;

    /**
     * Takes them as they are; their bytes in UTF-8 are the keys.
     *
     * @throws IllegalArgumentException if there are none, or one is shorter than {@link #MIN_LENGTH}
     */
    public SrsSecrets(List<String> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("found no secret, expected one a line");
        }
        int shortest = secrets.stream().mapToInt(String::length).min().orElse(0);
        if (shortest < MIN_LENGTH) {
            throw new IllegalArgumentException(
                    "found a secret of " + shortest + " characters, expected at least " + MIN_LENGTH + " for each");
        }
        this.secrets = List.copyOf(secrets);
    }

    /**
     * Reads a file with a secret on each line, as PostSRSd has it. Empty lines and lines with {@code #} in front do not count.
     *
     * @throws dev.signet.file.UnusableFileException with what was found and what was expected
     */
    public static SrsSecrets read(Path path) {
        AdminFile file = new AdminFile(path, "SRS secrets", "a secret on each line", MAX_SIZE);
        String text = file.read(StandardCharsets.UTF_8);
        try {
            return new SrsSecrets(text.lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#")).toList());
        } catch (IllegalArgumentException e) {
            throw file.unusable(String.valueOf(e.getMessage()), e);
        }
    }

    /** How many there are, and no more: it goes to the log. */
    @Override
    public String toString() {
        return secrets.size() == 1 ? "1 secret" : secrets.size() + " secrets";
    }

    /** The hash of a new address. */
    String hash(int length, String... data) {
        return mac(secrets.getFirst(), data).substring(0, length);
    }

    /** Whether a hash is that of an address made with any of these secrets. */
    boolean verify(String hash, String... data) {
        boolean equal = false;
        for (String secret : secrets) {
            String mac = mac(secret, data);
            // Servers on the way may have changed the case of letters; Mail::SRS gives up the same bits for that.
            equal |= hash.length() <= mac.length() && MessageDigest.isEqual(lower(mac.substring(0, hash.length())), lower(hash));
        }
        return equal;
    }

    /**
     * Over the data in lower case, in Base64 without its padding: Mail::SRS, hash_create. Nothing stands between the data, there as in
     * all implementations, so that where the domain ends and the local part begins is not covered. Whoever gains an address by
     * moving that border could have had it for sending in its name.
     */
    private static String mac(String secret, String... data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            for (String part : data) {
                mac.update(lower(part));
            }
            return Base64.getEncoder().withoutPadding().encodeToString(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA1", e);
        }
    }

    private static byte[] lower(String text) {
        return text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    }
}
