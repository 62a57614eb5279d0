// SPDX-License-Identifier: Apache-2.0
package dev.signet.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A file system in memory of some megabytes, that can really be full. */
public record SmallDisk(Path path) implements AutoCloseable {

    /** Skips the test, by name, where nothing can be mounted: that takes root. */
    public static SmallDisk mount(String test, Path path, int megabytes) throws IOException {
        Files.createDirectories(path);
        boolean mounted = run(List.of("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "signet-test", path.toString()));
        String missing = "SKIPPED " + test + ": cannot mount a tmpfs, which takes root";
        if (!mounted) {
            System.err.println(missing);
        }
        assumeTrue(mounted, missing);
        return new SmallDisk(path);
    }

    /** Takes what room there is; also room that came free since it was filled before. */
    public void fill() throws IOException {
        byte[] block = new byte[512];
        try (OutputStream file = Files.newOutputStream(path.resolve("full"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                file.write(block);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw e;
            }
        }
    }

    /** Gives back what {@link #fill} took. */
    public void free() throws IOException {
        Files.delete(path.resolve("full"));
    }

    /** Even where somebody has a file open in it. */
    @Override
    public void close() {
        run(List.of("umount", "-l", path.toString()));
    }

    private static boolean run(List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
