// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A mail in a queue of a James that is not running, and was started with queues on disk.
 *
 * @param messageId its field
 */
record LeftMail(String queue, String messageId) {

    /** All of them. */
    static List<LeftMail> in(JamesInstall install) throws IOException, InterruptedException {
        Path lines = install.directory().resolve("left.txt");
        Process reader = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dlogback.configurationFile=" + install.conf().resolve("logback.xml"),
                        "-cp", String.join(":", install.classPath()),
                        "dev.signet.james38.LeftInQueues",
                        install.directory().resolve("var/store/activemq/brokers/KahaDB").toString(),
                        lines.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!reader.waitFor(60, TimeUnit.SECONDS) || reader.exitValue() != 0) {
            throw new IOException("the queues cannot be read: " + said);
        }
        return Files.readAllLines(lines).stream().map(LeftMail::of).toList();
    }

    private static LeftMail of(String line) {
        String[] words = line.split(" ", 2);
        return new LeftMail(words[0], words[1]);
    }
}
