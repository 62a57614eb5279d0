// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Perl's Mail::DMARC, which others read reports with, in a process of its own. */
public final class MailDmarc implements AutoCloseable {

    private static final String PERL = "/usr/bin/perl";

    private final LineServer server;

    private MailDmarc(LineServer server) {
        this.server = server;
    }

    /** What is missing for it, if anything is. */
    public static Optional<String> missing() throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of(PERL))) {
            return Optional.of(PERL);
        }
        Process probe = new ProcessBuilder(PERL, "-MMail::DMARC::Report::Receive", "-e", "1").redirectErrorStream(true).start();
        probe.getInputStream().readAllBytes();
        return probe.waitFor() == 0 ? Optional.empty() : Optional.of("the Debian package libmail-dmarc-perl");
    }

    /** Starts it, with a directory for its script. */
    public static MailDmarc start(Path directory) throws IOException {
        return new MailDmarc(LineServer.start("Mail::DMARC", PERL, "mail_dmarc_server.pl", directory));
    }

    /**
     * What it understands of a mail with a report: kind, domain, Report-ID, begin, end, and for each row {@code
     * ip=count/disposition/dkim/spf/header_from}, by address.
     */
    public String read(String mail) throws IOException {
        String answer = server.ask(LineServer.base64(mail));
        if (!answer.startsWith("ok ")) {
            throw new IOException("Mail::DMARC says: " + answer);
        }
        return answer.substring(3);
    }

    @Override
    public void close() {
        server.close();
    }
}
