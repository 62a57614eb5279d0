// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The {@code openssl} command, which most administrators make their keys with. */
final class OpenSsl {

    private OpenSsl() {}

    /** Skips the test, by name, where there is no such command. */
    static void required(String test) {
        boolean found = Arrays.stream(String.valueOf(System.getenv("PATH")).split(java.io.File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "openssl")));
        if (!found) {
            System.err.println("SKIPPED " + test + ": there is no openssl command");
        }
        assumeTrue(found, "there is no openssl command");
    }

    static void run(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).describedAs("%s: %s", command, output).isZero();
    }
}
