// SPDX-License-Identifier: Apache-2.0
package dev.signet.commandline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The executable jar as people start it: a process of its own. */
class SignetJarIT {

    private static final Path JAR = Path.of(System.getProperty("signet.jar", "../dns-policy/target/signet.jar"));
    private static final byte[] LINE =
            "The quick brown fox jumps over the lazy dog, again and again and again.\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final String ZONE = "example.com. 60 IN SOA ns hostmaster 1 1 1 1 1\n_dmarc.example.com. 60 IN TXT \"v=DMARC1; p=reject\"\n";

    @TempDir
    private Path folder;

    @Test
    void aMessageOf200MegabytesIsSignedAndVerifiedInAHeapOf32() throws Exception {
        Path key = folder.resolve("key.pem");
        Path zone = folder.resolve("zone");
        Path message = folder.resolve("message.eml");
        Path signed = folder.resolve("signed.eml");
        Path verdict = folder.resolve("verdict");
        signet(zone, "keygen", "--domain", "example.com", "--selector", "s", "--type", "rsa", "--out", key.toString());
        long size = write(message, 200L << 20);
        signet(signed, "sign", "--domain", "example.com", "--selector", "s", "--key", key.toString(), message.toString());
        assertThat(Files.size(signed)).isGreaterThan(size);
        signet(verdict, "verify", "--json", "--zone", zone.toString(), signed.toString());
        assertThat(verdict).content().contains("\"dkim\":[{\"result\":\"pass\",\"domain\":\"example.com\",\"selector\":\"s\"");
    }

    @Test
    void oddMessagesEndWithResultsInAHeapOf32() throws Exception {
        String signature = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s; h=from; bh=" + "A".repeat(43) + "=; b=AAAA\r\n";
        Map<String, String> odd = Map.of(
                "no-header", "\r\nbody\r\n",
                "no-body", signature + "From: a@example.com\r\n",
                "header-of-a-megabyte", signature + "From: a@example.com\r\n" + ("X: " + "y".repeat(900) + "\r\n").repeat(1_200) + "\r\nbody\r\n",
                "fields", signature + "A: b\r\n".repeat(100_000) + "\r\nbody\r\n",
                "signatures", signature.repeat(7_000) + "From: a@example.com\r\n\r\nbody\r\n",
                "authors", signature + "From: " + "a@example.com, ".repeat(60_000) + "b@example.com\r\n\r\nbody\r\n",
                "line", signature + "From: a@example.com\r\n\r\n" + "x ".repeat(5 << 20),
                "header-line", signature + "From: " + "x".repeat(10 << 20) + "\r\n\r\nbody\r\n",
                "bare-line-ends", signature + "From: a@example.com\nTo: b\rCc: c\r\n\r\n" + "a\rb\nc".repeat(100_000),
                "nul", "\0".repeat(5 << 20));
        List<String> arguments = new ArrayList<>(List.of("verify", "--json", "--zone", Files.writeString(folder.resolve("zone"), ZONE).toString()));
        for (Map.Entry<String, String> message : odd.entrySet()) {
            arguments.add(Files.writeString(folder.resolve(message.getKey()), message.getValue(), StandardCharsets.ISO_8859_1).toString());
        }
        Path verdicts = folder.resolve("verdicts");
        signet(verdicts, arguments.toArray(String[]::new));

        assertThat(Files.readAllLines(verdicts)).hasSize(odd.size()).allSatisfy(verdict -> assertThat(verdict)
                .startsWith("{\"file\":")
                .doesNotContain("\"result\":\"pass\"", "\"result\":\"temperror\""));
    }

    private static void signet(Path output, String... arguments) throws IOException, InterruptedException {
        assertThat(JAR).as("the executable jar, built by dns-policy").exists();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx32m", "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("signet %s ended", arguments[0]).isTrue();
        assertThat(process.exitValue()).as("signet %s", arguments[0]).isZero();
    }

    private static long write(Path message, long bodySize) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(message), 1 << 16)) {
            out.write("From: a@example.com\r\nSubject: big\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            for (long written = 0; written < bodySize; written += LINE.length) {
                out.write(LINE);
            }
        }
        return Files.size(message);
    }
}
