// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import dev.signet.file.ReloadingFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;

/**
 * A key file that is read again when it changes, so that rotating a key needs no restart. Safe for use by many threads, none
 * of which waits for another one's reading.
 *
 * <p>A file that turns bad keeps the key that was read last: signing with yesterday's key, which is most likely still
 * published, beats not signing. The error is logged, once for each change of the file.
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
        this.file = new ReloadingFile<>(file.path(), () -> read(file), ReloadingKeyFile::describe, clock);
    }

    /** The key to sign with now. */
    public SigningKey current() {
        return file.current();
    }

    private static SigningKey read(KeyFile file) {
        SigningKey key = file.read();
        key.warning().ifPresent(warning -> LOG.warn("key file {}: {}", file, warning));
        return key;
    }

    private static String describe(SigningKey key) {
        return "a key for " + key.type() + ", " + key.bits() + " bits";
    }
}
