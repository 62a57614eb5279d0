// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Our own command line, as people start it.
 *
 * @param directory for its files
 */
record SignetJar(Path directory) {

    private static final Path JAR = Path.of(System.getProperty("signet.jar", "../dns-policy/target/signet.jar"));

    /** The signed message, as {@code signet sign} prints it. */
    String sign(TestKey key, String forms, String message) throws IOException, InterruptedException {
        Path pem = Files.writeString(directory.resolve("signet.pem"), key.pem());
        Path file = Files.write(directory.resolve("signet.eml"), message.getBytes(StandardCharsets.ISO_8859_1));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString(),
                        "sign", "--domain", key.domain(), "--selector", key.selector(), "--key", pem.toString(),
                        "--canonicalization", forms, file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String signed = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        if (process.waitFor() != 0) {
            throw new IOException("signet sign ended with " + process.exitValue());
        }
        return signed;
    }
}
