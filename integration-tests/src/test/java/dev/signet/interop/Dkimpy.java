// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import static dev.signet.interop.LineServer.base64;

import dev.signet.keys.KeyRecord;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** dkimpy in a Python process of its own. */
public final class Dkimpy implements ArcPeer {

    // Debian's Python, which has Debian's packages; another python3 may come first on the path.
    private static final String PYTHON = "/usr/bin/python3";

    private final LineServer server;

    private Dkimpy(LineServer server) {
        this.server = server;
    }

    /** What is missing for it, if anything is. */
    public static Optional<String> missing() throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of(PYTHON))) {
            return Optional.of(PYTHON);
        }
        Process probe = new ProcessBuilder(PYTHON, "-c", "import dkim, nacl, authres").redirectErrorStream(true).start();
        probe.getInputStream().readAllBytes();
        return probe.waitFor() == 0
                ? Optional.empty()
                : Optional.of("the Debian packages python3-dkim, python3-nacl and python3-authres");
    }

    /**
     * Starts it.
     *
     * @param directory for its script
     */
    public static Dkimpy start(Path directory) throws IOException {
        return new Dkimpy(LineServer.start("dkimpy", PYTHON, "dkimpy_server.py", directory));
    }

    @Override
    public void publish(KeyRecord record) throws IOException {
        server.ask("txt", record.name().ascii(), base64(record.value()));
    }

    /** {@code "pass"}, or what it complains of. */
    public String verify(String message) throws IOException {
        return server.ask("verify", base64(message));
    }

    /**
     * The signed message.
     *
     * @param forms such as {@code relaxed/simple}
     */
    String sign(TestKey key, String forms, String message) throws IOException {
        return server.askForOctets(
                "sign", key.type().algorithm(), forms, key.domain(), key.selector(), base64(key.forDkimpy()), base64(message));
    }

    @Override
    public String validate(String message) throws IOException {
        return server.ask("arcverify", base64(message));
    }

    @Override
    public String seal(TestKey key, String message) throws IOException {
        return server.askForOctets(
                "arcseal", key.domain(), key.domain(), key.selector(), base64(key.forDkimpy()), base64(message));
    }

    @Override
    public void close() {
        server.close();
    }
}
