// SPDX-License-Identifier: Apache-2.0
package dev.signet.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A class that runs in a JVM of its own, of the same release as this one. */
public final class ChildJvm {

    private ChildJvm() {}

    /**
     * What it prints; its errors are printed here.
     *
     * @throws IOException if it does not end well
     */
    public static String run(String classPath, Class<?> main, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new IOException(main.getName() + " ended with " + status + ": " + said);
        }
        return said;
    }
}
