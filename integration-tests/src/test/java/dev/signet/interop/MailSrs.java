// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Perl's Mail::SRS, the reference implementation, in a process of its own, with the time that it is told. */
final class MailSrs implements AutoCloseable {

    // Debian's Perl, which has Debian's packages.
    private static final String PERL = "/usr/bin/perl";

    private final LineServer server;

    private MailSrs(LineServer server) {
        this.server = server;
    }

    /** What is missing for it, if anything is. */
    static Optional<String> missing() throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of(PERL))) {
            return Optional.of(PERL);
        }
        Process probe = new ProcessBuilder(PERL, "-MMail::SRS", "-e", "1").redirectErrorStream(true).start();
        probe.getInputStream().readAllBytes();
        return probe.waitFor() == 0 ? Optional.empty() : Optional.of("the Debian package libmail-srs-perl");
    }

    /** Starts it, with a directory for its script. */
    static MailSrs start(Path directory) throws IOException {
        return new MailSrs(LineServer.start("Mail::SRS", PERL, "mail_srs_server.pl", directory));
    }

    String forward(List<String> secrets, int hashLength, Instant now, String sender, String forwarder) throws IOException {
        String answer = ask("forward", secrets, hashLength, now, sender, forwarder);
        if (!answer.startsWith("ok ")) {
            throw new IOException("Mail::SRS says to " + sender + ": " + answer);
        }
        return answer.substring(3);
    }

    /** Empty for an address that it refuses. */
    Optional<String> reverse(List<String> secrets, int hashLength, Instant now, String address) throws IOException {
        String answer = ask("reverse", secrets, hashLength, now, address);
        return answer.startsWith("ok ") ? Optional.of(answer.substring(3)) : Optional.empty();
    }

    private String ask(String command, List<String> secrets, int hashLength, Instant now, String... words) throws IOException {
        return server.ask(command, String.join(",", secrets), Integer.toString(hashLength), Long.toString(now.getEpochSecond()),
                String.join(" ", words));
    }

    @Override
    public void close() {
        server.close();
    }
}
