// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/**
 * A script of ours in another language, which answers one line to each line: for many requests to a library whose interpreter
 * takes longer to start than the library to answer. Binary values are in base64.
 */
final class LineServer implements AutoCloseable {

    private final String name;
    private final PrintWriter requests;
    private final BufferedReader answers;

    private LineServer(String name, Process process) {
        this.name = name;
        this.requests = new PrintWriter(process.outputWriter(StandardCharsets.US_ASCII), true);
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
    }

    /**
     * Starts it.
     *
     * @param name of the library, for people
     * @param directory for the script
     */
    static LineServer start(String name, String interpreter, String resource, Path directory) throws IOException {
        Path script = directory.resolve(resource);
        try (InputStream in = LineServer.class.getResourceAsStream(resource)) {
            Files.write(script, in.readAllBytes());
        }
        return new LineServer(
                name, new ProcessBuilder(interpreter, script.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    String ask(String... words) throws IOException {
        requests.println(String.join(" ", words));
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException(name + "'s process is gone");
        }
        return answer;
    }

    /** As {@link #ask}, for answers that bring octets. */
    String askForOctets(String... words) throws IOException {
        String answer = ask(words);
        if (!answer.startsWith("ok ")) {
            throw new IOException(name + " says to " + words[0] + ": " + answer);
        }
        return new String(Base64.getDecoder().decode(answer.substring(3)), StandardCharsets.ISO_8859_1);
    }

    /** Binary values, one char per octet. */
    static String base64(String octets) {
        return Base64.getEncoder().encodeToString(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The script ends with its input. */
    @Override
    public void close() {
        requests.close();
    }
}
