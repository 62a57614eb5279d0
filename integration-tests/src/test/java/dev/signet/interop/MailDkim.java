// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import static dev.signet.interop.LineServer.base64;

import dev.signet.keys.KeyRecord;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Perl's Mail::DKIM in a process of its own. It seals with RSA only. */
final class MailDkim implements ArcPeer {

    // Debian's Perl, which has Debian's packages.
    private static final String PERL = "/usr/bin/perl";

    private final LineServer server;
    private final Path directory;

    private MailDkim(LineServer server, Path directory) {
        this.server = server;
        this.directory = directory;
    }

    /** What is missing for it, if anything is. */
    static Optional<String> missing() throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of(PERL))) {
            return Optional.of(PERL);
        }
        Process probe = new ProcessBuilder(PERL, "-MMail::DKIM::ARC::Signer", "-e", "1").redirectErrorStream(true).start();
        probe.getInputStream().readAllBytes();
        return probe.waitFor() == 0 ? Optional.empty() : Optional.of("the Debian package libmail-dkim-perl");
    }

    /**
     * Starts it.
     *
     * @param directory for its script and its keys
     */
    static MailDkim start(Path directory) throws IOException {
        return new MailDkim(LineServer.start("Mail::DKIM", PERL, "mail_dkim_server.pl", directory), directory);
    }

    @Override
    public void publish(KeyRecord record) throws IOException {
        server.ask("txt", record.name().ascii(), base64(record.value()));
    }

    @Override
    public String validate(String message) throws IOException {
        return server.ask("arcverify", base64(message));
    }

    @Override
    public String seal(TestKey key, String message) throws IOException {
        Path pem = Files.writeString(directory.resolve("mail-dkim.pem"), key.pem());
        return server.askForOctets("arcseal", key.domain(), key.domain(), key.selector(), pem.toString(), base64(message));
    }

    @Override
    public void close() {
        server.close();
    }
}
