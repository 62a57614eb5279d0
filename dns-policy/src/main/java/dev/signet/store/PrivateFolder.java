// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A folder that nobody but its owner may enter, where the system knows such rights: what lies in it tells who sends mail to whom. */
final class PrivateFolder {

    private static final Logger LOGGER = LoggerFactory.getLogger(PrivateFolder.class);
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    private PrivateFolder() {}

    /**
     * Makes it, or closes one that is open to others if that takes nothing from them. Else it stays, and the log has a warning.
     *
     * @param ours tells what we have put there
     */
    static void make(Path folder, Predicate<Path> ours) throws IOException {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(folder);
            return;
        }
        try {
            Path parent = folder.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER));
        } catch (FileAlreadyExistsException e) {
            if (isOpen(folder)) {
                close(folder, ours);
            }
        }
    }

    private static void close(Path folder, Predicate<Path> ours) {
        String obstacle = "there are things of others in it";
        try {
            if (takesNothing(folder, ours)) {
                Files.setPosixFilePermissions(folder, OWNER);
                return;
            }
        } catch (IOException e) {
            obstacle = String.valueOf(e);
        }
        LOGGER.warn("{}: found that not only its owner may enter it, expected a folder of its own for what tells who sends mail to whom; "
                + "it is not closed, {}", folder, obstacle);
    }

    private static boolean takesNothing(Path folder, Predicate<Path> ours) throws IOException {
        List<Path> entries;
        try (Stream<Path> list = Files.list(folder)) {
            entries = list.filter(ours.negate()).toList();
        }
        for (Path entry : entries) {
            if (isOpen(entry)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOpen(Path path) throws IOException {
        Set<PosixFilePermission> others = EnumSet.complementOf(EnumSet.copyOf(OWNER));
        return !Collections.disjoint(others, Files.getPosixFilePermissions(path));
    }
}
