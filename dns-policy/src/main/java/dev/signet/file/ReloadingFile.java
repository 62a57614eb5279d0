// SPDX-License-Identifier: Apache-2.0
package dev.signet.file;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What stands in a file, which is read again when it changes, so that no change needs a restart. Safe for use by many threads,
 * none of which waits for another one's reading.
 *
 * <p>A file that turns bad leaves in force what was read last: yesterday's key or list of members beats none. The error is logged,
 * once for each change of the file.
 *
 * @param <T> immutable
 */
public final class ReloadingFile<T> {

    /** How long the file is not looked at after it was. */
    public static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(ReloadingFile.class);

    private final Path path;
    private final Supplier<T> reader;
    private final Function<T, String> description;
    private final InstantSource clock;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Look<T> last;

    /**
     * Reads the file for the first time.
     *
     * @param path of the file
     * @param reader reads it; throws {@link UnusableFileException}
     * @param description of what was read, for the log, such as {@code "an RSA key of 2048 bits"}
     * @throws UnusableFileException if it is bad now
     */
    public ReloadingFile(Path path, Supplier<T> reader, Function<T, String> description, InstantSource clock) {
        this.path = path;
        this.reader = reader;
        this.description = description;
        this.clock = clock;
        // The stamp before the content: a change between the two is then seen at the next look.
        Optional<Stamp> stamp = stamp();
        this.last = new Look<>(clock.instant(), stamp, read("read"), null);
    }

    /** What is in force now. */
    public T current() {
        Look<T> seen = last;
        if (seen.isFresh(clock.instant()) || !looking.tryLock()) {
            return seen.value;
        }
        try {
            Look<T> again = look(last);
            last = again;
            return again.value;
        } finally {
            looking.unlock();
        }
    }

    private Look<T> look(Look<T> before) {
        Instant now = clock.instant();
        Optional<Stamp> stamp = stamp();
        // A bad file is tried again even if it looks the same: correcting its owner or rights changes no stamp.
        if (before.problem == null && stamp.equals(before.stamp)) {
            return new Look<>(now, stamp, before.value, null);
        }
        try {
            return new Look<>(now, stamp, read("changed, read again"), null);
        } catch (UnusableFileException e) {
            String problem = String.valueOf(e.getMessage());
            if (!problem.equals(before.problem) || !stamp.equals(before.stamp)) {
                LOG.error("{}; still in force: {}", problem, description.apply(before.value));
            }
            return new Look<>(now, stamp, before.value, problem);
        }
    }

    private T read(String what) {
        T value = reader.get();
        LOG.info("{} {}: {}", path, what, description.apply(value));
        return value;
    }

    /** Empty where the file is gone: reading it will say so. */
    private Optional<Stamp> stamp() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return Optional.of(new Stamp(attributes.lastModifiedTime(), attributes.size(), Optional.ofNullable(attributes.fileKey())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What changes when a file does. The file key sees a rename onto the path, also of a file of the same time and size. */
    private record Stamp(FileTime modified, long size, Optional<Object> fileKey) {}

    private record Look<T>(Instant at, Optional<Stamp> stamp, T value, @Nullable String problem) {

        /** Also false after the clock was set back. */
        boolean isFresh(Instant now) {
            return !now.isBefore(at) && now.isBefore(at.plus(INTERVAL));
        }
    }
}
