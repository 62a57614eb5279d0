// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import dev.signet.keys.KeyRecord;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** dkimpy in a Python process of its own, for many requests: starting Python takes longer than what it then does. */
public final class Dkimpy implements AutoCloseable {

    // Debian's Python, which has Debian's packages; another python3 may come first on the path.
    private static final String PYTHON = "/usr/bin/python3";

    private final PrintWriter requests;
    private final BufferedReader answers;

    private Dkimpy(Process process) {
        this.requests = new PrintWriter(process.outputWriter(StandardCharsets.US_ASCII), true);
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
    }

    /** What is missing for it, if anything is. */
    public static Optional<String> missing() throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of(PYTHON))) {
            return Optional.of(PYTHON);
        }
        Process probe = new ProcessBuilder(PYTHON, "-c", "import dkim, nacl").redirectErrorStream(true).start();
        probe.getInputStream().readAllBytes();
        return probe.waitFor() == 0 ? Optional.empty() : Optional.of("the Debian packages python3-dkim and python3-nacl");
    }

    /**
     * Starts it.
     *
     * @param directory for its script
     */
    public static Dkimpy start(Path directory) throws IOException {
        Path script = directory.resolve("dkimpy_server.py");
        try (InputStream in = Dkimpy.class.getResourceAsStream("dkimpy_server.py")) {
            Files.write(script, in.readAllBytes());
        }
        return new Dkimpy(new ProcessBuilder(PYTHON, script.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** Makes a public key known to it. */
    public void publish(KeyRecord record) throws IOException {
        ask("txt " + record.name() + " " + base64(record.value()));
    }

    /** {@code "pass"}, or what it complains of. */
    public String verify(String message) throws IOException {
        return ask("verify " + base64(message));
    }

    /**
     * The signed message.
     *
     * @param forms such as {@code relaxed/simple}
     */
    String sign(TestKey key, String forms, String message) throws IOException {
        String answer = ask(String.join(
                " ", "sign", key.type().algorithm(), forms, key.domain(), key.selector(), base64(key.forDkimpy()), base64(message)));
        if (!answer.startsWith("ok ")) {
            throw new IOException("dkimpy does not sign: " + answer);
        }
        return new String(Base64.getDecoder().decode(answer.substring(3)), StandardCharsets.ISO_8859_1);
    }

    /** Its script ends with its input. */
    @Override
    public void close() {
        requests.close();
    }

    private String ask(String request) throws IOException {
        requests.println(request);
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("dkimpy's process is gone");
        }
        return answer;
    }

    private static String base64(String octets) {
        return Base64.getEncoder().encodeToString(octets.getBytes(StandardCharsets.ISO_8859_1));
    }
}
