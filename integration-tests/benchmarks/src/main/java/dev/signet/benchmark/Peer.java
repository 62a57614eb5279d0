// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * A verifier that is no Java: a program of {@code src/main/peers}, which times itself. All come from Debian; one that is not installed
 * is left out, with a word about it.
 */
enum Peer {

    LIBOPENDKIM("libopendkim", "libopendkim-dev and gcc"),
    MAIL_DKIM("Mail::DKIM", "libmail-dkim-perl"),
    DKIMPY("dkimpy", "python3-dkim");

    private static final Path PROGRAMS = Path.of(System.getProperty("peers", "src/main/peers"));
    private static final double SECONDS = 3;

    private final String title;
    private final String packages;

    Peer(String title, String packages) {
        this.title = title;
        this.packages = packages;
    }

    String title() {
        return title;
    }

    /** How many messages a second it verifies; empty where it cannot be run. */
    OptionalDouble rate(SignedMessage message) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("peer");
        try {
            Path eml = Files.write(directory.resolve("message.eml"), message.bytes());
            Path key = Files.writeString(directory.resolve("key"), message.keyRecord());
            List<String> program = program(directory);
            String rate = program.isEmpty() ? "" : output(concat(program, eml.toString(), key.toString(), String.format(Locale.ROOT, "%.1f", SECONDS)));
            if (rate.isEmpty()) {
                System.out.println(title + " left out: it needs the Debian packages " + packages);
                return OptionalDouble.empty();
            }
            return OptionalDouble.of(Double.parseDouble(rate));
        } finally {
            for (String name : List.of("message.eml", "key", "libopendkim")) {
                Files.deleteIfExists(directory.resolve(name));
            }
            Files.delete(directory);
        }
    }

    /** The words that start it; empty where it cannot be made. */
    private List<String> program(Path directory) throws IOException, InterruptedException {
        return switch (this) {
            case LIBOPENDKIM -> {
                Path binary = directory.resolve("libopendkim");
                output(List.of("gcc", "-O2", "-o", binary.toString(), PROGRAMS.resolve("libopendkim.c").toString(), "-lopendkim"));
                yield Files.exists(binary) ? List.of(binary.toString()) : List.of();
            }
            case MAIL_DKIM -> List.of("/usr/bin/perl", PROGRAMS.resolve("mail_dkim.pl").toString());
            case DKIMPY -> List.of("/usr/bin/python3", PROGRAMS.resolve("dkimpy.py").toString());
        };
    }

    /** What a program prints; nothing where there is none or it fails. */
    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException noSuchProgram) {
            return "";
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        return process.waitFor() == 0 ? out : "";
    }

    private static List<String> concat(List<String> command, String... arguments) {
        return Stream.concat(command.stream(), Stream.of(arguments)).toList();
    }
}
