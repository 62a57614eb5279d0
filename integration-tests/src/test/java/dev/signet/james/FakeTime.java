// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Another time of day for a process, by libfaketime: no code of ours knows of it. It runs on from where it is set, and may be set
 * while the process runs. What measures how long something takes is not touched.
 *
 * @param file says how far away that time is
 */
record FakeTime(Path file) {

    private static final Path LIBRARY = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");

    /** What is missing for it, if anything is. */
    static Optional<String> missing() {
        return Files.exists(LIBRARY) ? Optional.empty() : Optional.of("the Debian package faketime (" + LIBRARY + ")");
    }

    /** What the process has to have in its environment. */
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", LIBRARY.toString(),
                "FAKETIME_TIMESTAMP_FILE", file.toAbsolutePath().toString(),
                "FAKETIME_CACHE_DURATION", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                "DONT_FAKE_MONOTONIC", "1",
                // Else waits with a limit return at once.
                "FAKETIME_FORCE_MONOTONIC_FIX", "0");
    }

    /** Makes it that time, now. */
    void set(Instant time) throws IOException {
        Duration away = Duration.between(Instant.now(), time);
        Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), "%+d%n".formatted(away.toSeconds()));
        // At once: the process may read the file at any moment.
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
