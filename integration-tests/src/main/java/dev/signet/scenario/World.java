// SPDX-License-Identifier: Apache-2.0
package dev.signet.scenario;

import dev.signet.james.Account;
import dev.signet.james.DropIn;
import dev.signet.james.ImapMailbox;
import dev.signet.james.JamesInstall;
import dev.signet.james.JamesProcess;
import dev.signet.james.Ports;
import dev.signet.james.WebAdmin;
import dev.signet.smtp.SmtpSink;
import dev.signet.testing.LoopbackDns;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** All that a message can meet: a name server, a James with Signet and one user, and a mail server outside. */
public final class World implements AutoCloseable {

    /** In whose name James says what it found. */
    public static final String AUTHSERV_ID = JamesInstall.DOMAIN;

    private final SigningDomain sender = SigningDomain.create("news.example");
    private final SigningDomain strict = SigningDomain.create("strict.example");
    private final SigningDomain home = SigningDomain.create(JamesInstall.DOMAIN);
    private final Account user = new Account("bob@" + JamesInstall.DOMAIN, "secret");
    private final LoopbackDns dns;
    private final SmtpSink outside;
    private final JamesProcess james;

    private World(LoopbackDns dns, SmtpSink outside, JamesInstall install, Change change) throws IOException, InterruptedException {
        this.dns = dns;
        this.outside = outside;
        sender.publishIn(dns);
        strict.publishIn(dns);
        home.publishIn(dns);
        dns.txt("soft.example", "v=spf1 ip4:192.0.2.25 ~all").txt("hard.example", "v=spf1 ip4:192.0.2.25 -all");
        dns.txt("_dmarc.strict.example", "v=DMARC1; p=reject")
                .txt("_dmarc.sampled.example", "v=DMARC1; p=reject; pct=30")
                .txt("_dmarc.careful.example", "v=DMARC1; p=quarantine")
                .txt("_dmarc.watching.example", "v=DMARC1; p=none");
        install.set(Map.of("authserv-id", AUTHSERV_ID, "dns.servers", "127.0.0.1:" + dns.socketAddress().getPort()));
        change.to(install);
        install.signWith(home.writeKeysTo(install.conf()));
        this.james = JamesProcess.start(install, "256m");
        new WebAdmin(install.ports().webAdmin()).addUser(user);
    }

    /** What is different about one James. */
    public interface Change {
        void to(JamesInstall install) throws IOException;
    }

    /**
     * Starts everything.
     *
     * @param directory for the install; what was in it before is overwritten
     * @param libraries the jars of James 3.8
     * @param signet for James 3.8
     * @param change made before James is started
     * @param progress told what is being done, line by line
     */
    public static World start(Path directory, Path libraries, DropIn signet, Change change, Consumer<String> progress)
            throws IOException, InterruptedException {
        LoopbackDns dns = LoopbackDns.start();
        progress.accept("A name server is up on UDP and TCP port " + dns.socketAddress().getPort() + " of loopback");
        SmtpSink outside = SmtpSink.start();
        progress.accept("The outside world, an SMTP server, is up on port " + outside.port());
        try {
            JamesInstall install = JamesInstall.layOut(directory, libraries, signet, Ports.free(), outside.port());
            progress.accept("James is laid out in " + install.directory() + "; starting it");
            World world = new World(dns, outside, install, change);
            progress.accept("James is up: SMTP on ports " + install.ports().mx() + " and " + install.ports().submission());
            return world;
        } catch (IOException | InterruptedException | RuntimeException e) {
            outside.close();
            dns.close();
            throw e;
        }
    }

    /** A domain outside, which signs its mail. */
    public SigningDomain sender() {
        return sender;
    }

    /** Another one, which asks to reject what it did not sign. */
    public SigningDomain strict() {
        return strict;
    }

    /** The domain that James serves, and signs for. */
    public SigningDomain home() {
        return home;
    }

    /** The one who has a mailbox, and may submit. */
    public Account user() {
        return user;
    }

    public LoopbackDns dns() {
        return dns;
    }

    public SmtpSink outside() {
        return outside;
    }

    public JamesProcess james() {
        return james;
    }

    public Ports ports() {
        return james.install().ports();
    }

    /** The user's mail. */
    public ImapMailbox openInbox() throws IOException {
        return openFolder("INBOX");
    }

    /** One folder of it, which may not exist yet. */
    public ImapMailbox openFolder(String name) throws IOException {
        return ImapMailbox.open(ports().imap(), user, name);
    }

    @Override
    public void close() throws IOException {
        james.close();
        outside.close();
        dns.close();
    }
}
