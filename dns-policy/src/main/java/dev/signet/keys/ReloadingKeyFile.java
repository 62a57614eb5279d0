// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import dev.signet.file.ReloadingFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;

/**
 * A key file that is read again when it changes. Safe for use by many threads, none of which waits for another one's reading.
 *
 * <p>Rotating a key takes a new selector: publish the new key, name its file and selector in the configuration, restart, and take the old
 * record away a week later, when nothing that the old key signed is under way any more. Putting another key into the same file takes the
 * record of the same selector with it: what was signed before and is still under way then fails wherever it arrives. It is for a key
 * that must not be used for one moment more. It stays a key of the same type: what a selector publishes is of one type, and seals know
 * RSA alone.
 *
 * <p>A file that turns bad, or holds a key of another type, keeps the key that was read last: signing with yesterday's key, which is most
 * likely still published, beats not signing. The error is logged, once for each change of the file.
 */
public final class ReloadingKeyFile {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadingKeyFile.class);

    private final ReloadingFile<SigningKey> file;

    /**
     * Reads the file for the first time.
     *
     * @throws dev.signet.file.UnusableFileException if there is no usable key now
     */
    public ReloadingKeyFile(KeyFile file, InstantSource clock) {
        KeyType type = file.read().type();
        this.file = new ReloadingFile<>(file.path(), () -> read(file, type), ReloadingKeyFile::describe, clock);
    }

    /** The key to sign with now. */
    public SigningKey current() {
        return file.current();
    }

    private static SigningKey read(KeyFile file, KeyType type) {
        SigningKey key = file.read(type);
        key.warning().ifPresent(warning -> LOG.warn("key file {}: {}", file, warning));
        return key;
    }

    private static String describe(SigningKey key) {
        return "a key for " + key.type() + ", " + key.bits() + " bits";
    }
}
