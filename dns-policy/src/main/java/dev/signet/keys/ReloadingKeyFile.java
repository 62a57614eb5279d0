// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A key file that is read again when it changes, so that rotating a key needs no restart. Safe for use by many threads, none
 * of which waits for another one's reading.
 *
 * <p>A file that turns bad keeps the key that was read last: signing with yesterday's key, which is most likely still
 * published, beats not signing. The error is logged, once for each change of the file.
 */
public final class ReloadingKeyFile {

    /** How long the file is not looked at after it was. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(ReloadingKeyFile.class);

    private final KeyFile file;
    private final InstantSource clock;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Look last;

    /**
     * Reads the file for the first time.
     *
     * @throws KeyFileException if there is no usable key now
     */
    public ReloadingKeyFile(KeyFile file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
        // The stamp before the key: a change between the two is then seen at the next look.
        Optional<Stamp> stamp = stamp();
        this.last = new Look(clock.instant(), stamp, taken("signs"), null);
    }

    /** The key to sign with now. */
    public SigningKey current() {
        Look seen = last;
        if (seen.isFresh(clock.instant()) || !looking.tryLock()) {
            return seen.key;
        }
        try {
            Look again = look(last);
            last = again;
            return again.key;
        } finally {
            looking.unlock();
        }
    }

    private Look look(Look before) {
        Instant now = clock.instant();
        Optional<Stamp> stamp = stamp();
        // A bad file is tried again even if it looks the same: correcting its owner or rights changes no stamp.
        if (before.problem == null && stamp.equals(before.stamp)) {
            return new Look(now, stamp, before.key, null);
        }
        try {
            return new Look(now, stamp, taken("changed; from now on signs"), null);
        } catch (KeyFileException e) {
            String problem = String.valueOf(e.getMessage());
            if (!problem.equals(before.problem) || !stamp.equals(before.stamp)) {
                LOG.error("{}; still signing with the {} key of {} bits read before", problem, before.key.type(), before.key.bits());
            }
            return new Look(now, stamp, before.key, problem);
        }
    }

    private SigningKey taken(String what) {
        SigningKey key = file.read();
        LOG.info("key file {} {} with {}, {} bits", file, what, key.type().algorithm(), key.bits());
        key.warning().ifPresent(warning -> LOG.warn("key file {}: {}", file, warning));
        return key;
    }

    /** Empty where the file is gone: reading it will say so. */
    private Optional<Stamp> stamp() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file.path(), BasicFileAttributes.class);
            return Optional.of(new Stamp(attributes.lastModifiedTime(), attributes.size(), Optional.ofNullable(attributes.fileKey())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What changes when a file does. The file key sees a rename onto the path, also of a file of the same time and size. */
    private record Stamp(FileTime modified, long size, Optional<Object> fileKey) {}

    private record Look(Instant at, Optional<Stamp> stamp, SigningKey key, @Nullable String problem) {

        /** Also false after the clock was set back. */
        boolean isFresh(Instant now) {
            return !now.isBefore(at) && now.isBefore(at.plus(INTERVAL));
        }
    }
}
