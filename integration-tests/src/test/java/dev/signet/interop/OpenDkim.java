// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import dev.signet.keys.KeyRecord;
import dev.signet.message.Canonicalization;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The OpenDKIM filter, which has a test mode: it treats a message in a file as if it had come from an MTA, and takes public
 * keys from another file instead of from the DNS. It knows RSA only.
 */
public final class OpenDkim {

    private static final String OPENDKIM = "/usr/sbin/opendkim";

    private final Path directory;
    private final Path configuration;
    private final Path publicKeys;

    /**
     * Makes its files.
     *
     * @param directory for them
     */
    public OpenDkim(Path directory) throws IOException {
        this.directory = directory;
        this.configuration = directory.resolve("opendkim.conf");
        this.publicKeys = Files.writeString(directory.resolve("public-keys"), "");
        Files.writeString(configuration, "RequireSafeKeys no\nTestPublicKeys " + publicKeys + "\n");
    }

    /** What is missing for it, if anything is. */
    public static Optional<String> missing() {
        return Files.isExecutable(Path.of(OPENDKIM)) ? Optional.empty() : Optional.of("the Debian package opendkim");
    }

    /** All but what it refuses, or what its test mode cannot express. */
    static boolean knows(InteropMessage message, Canonicalization header, Canonicalization body) {
        return switch (message) {
            // "CRLF at end of body missing", it says, where RFC 6376 §3.4.4 adds one.
            case NO_FINAL_NEWLINE -> body != Canonicalization.RELAXED;
            // As in a milter, it sees values without the space behind the colon, and takes it that there was one.
            case ODD_HEADER -> header != Canonicalization.SIMPLE;
            default -> true;
        };
    }

    /** Makes a public key known to it. */
    public void publish(KeyRecord record) throws IOException {
        Files.writeString(publicKeys, record.name() + " " + record.value() + "\n", StandardOpenOption.APPEND);
    }

    /** {@code "pass"}, or what it says instead. */
    public String verify(String message) throws IOException, InterruptedException {
        String said = run(message, List.of("-b", "v"));
        return said.contains(") succeeded") ? "pass" : said;
    }

    /**
     * The signed message.
     *
     * @param forms such as {@code relaxed/simple}
     */
    String sign(TestKey key, String forms, String message) throws IOException, InterruptedException {
        Path pem = Files.writeString(directory.resolve("key.pem"), key.pem());
        String said = run(message, List.of("-b", "s", "-c", forms, "-d", key.domain(), "-s", key.selector(), "-k", pem.toString()));
        int field = said.indexOf("DKIM-Signature:");
        if (field < 0) {
            throw new IOException("OpenDKIM does not sign: " + said);
        }
        return said.substring(field).stripTrailing() + "\r\n" + message;
    }

    private String run(String message, List<String> options) throws IOException, InterruptedException {
        Path file = Files.write(directory.resolve("message.eml"), message.getBytes(StandardCharsets.ISO_8859_1));
        List<String> command = new ArrayList<>(List.of(OPENDKIM, "-x", configuration.toString(), "-t", file.toString()));
        command.addAll(options);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        process.waitFor();
        return said;
    }
}
