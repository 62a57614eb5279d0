// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Our own command line, as people start it.
 *
 * @param directory for its files
 */
public record SignetJar(Path directory) {

    private static final Path JAR = Path.of(System.getProperty("signet.jar", "../dns-policy/target/signet.jar"));

    /** The signed message, as {@code signet sign} prints it. */
    String sign(TestKey key, String forms, String message) throws IOException, InterruptedException {
        Path pem = Files.writeString(directory.resolve("signet.pem"), key.pem());
        Path file = Files.write(directory.resolve("signet.eml"), message.getBytes(StandardCharsets.ISO_8859_1));
        return run("sign", "--domain", key.domain(), "--selector", key.selector(), "--key", pem.toString(),
                "--canonicalization", forms, file.toString());
    }

    /**
     * What {@code signet spf} says, a line of JSON for each line that it reads.
     *
     * @param nameServer as host:port
     * @param clients lines of ip, helo and mail-from with tabs between them
     */
    public List<String> spf(String nameServer, List<String> clients) throws IOException, InterruptedException {
        Path batch = Files.write(directory.resolve("signet.tsv"), clients);
        return run("spf", "--dns", nameServer, "--batch", batch.toString()).lines().toList();
    }

    /**
     * What {@code signet verify --json} says of one message.
     *
     * @param nameServer as host:port
     * @param options such as {@code --ip}, each with its value
     */
    public String verify(String nameServer, List<String> options, String message) throws IOException, InterruptedException {
        Path file = Files.write(directory.resolve("signet.eml"), message.getBytes(StandardCharsets.ISO_8859_1));
        List<String> arguments = new ArrayList<>(List.of("verify", "--json", "--dns", nameServer));
        arguments.addAll(options);
        arguments.add(file.toString());
        return run(arguments.toArray(String[]::new));
    }

    /** What a command prints; it has to end well. */
    public static String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        if (process.waitFor() != 0) {
            throw new IOException("signet " + arguments[0] + " ended with " + process.exitValue());
        }
        return said;
    }
}
