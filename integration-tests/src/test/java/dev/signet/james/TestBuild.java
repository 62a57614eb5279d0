// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where the build has put what the tests start. The names of the properties stand in the POM. */
final class TestBuild {

    private TestBuild() {}

    /** All jars of James 3.8. */
    static Path james38() {
        return existing("james38.lib");
    }

    /** What that James needs beside them for queues and mailboxes that outlive it. */
    static Path durableFor38() {
        return existing("james38.durable");
    }

    /** All jars of James 3.9 that are published. */
    static Path james39() {
        return existing("james39.lib");
    }

    /** Our classes that start the container of James 3.9. */
    static Path container39() {
        return existing("james39.classes");
    }

    static DropIn signetFor38() {
        return new DropIn(existing("dropin38"));
    }

    static DropIn signetFor39() {
        return new DropIn(existing("dropin39"));
    }

    /** An empty directory below {@code target}, which stays there for whoever wants to see a log. */
    static Path emptyDirectory(String name) throws IOException {
        Path directory = Path.of("target", name);
        if (Files.exists(directory)) {
            try (Stream<Path> content = Files.walk(directory)) {
                for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        return Files.createDirectories(directory);
    }

    private static Path existing(String property) {
        String path = System.getProperty(property);
        if (path == null || !Files.exists(Path.of(path))) {
            throw new IllegalStateException(property + ": found nothing at " + path + ", expected what \"mvn package\" makes");
        }
        return Path.of(path);
    }
}
