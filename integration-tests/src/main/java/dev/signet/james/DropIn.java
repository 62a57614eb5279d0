// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** The zip that makes a James one with Signet. */
public record DropIn(Path zip) {

    /** Unpacks it in James's directory, as INSTALL says. */
    public void unpackIn(Path directory) throws IOException {
        try (FileSystem contents = FileSystems.newFileSystem(zip); Stream<Path> entries = Files.walk(contents.getPath("/"))) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                Path target = directory.resolve(contents.getPath("/").relativize(entry).toString());
                if (Files.isDirectory(entry)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(entry, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
