// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static dev.signet.james.Post.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.authres.MethodResult;
import dev.signet.scenario.SigningDomain;
import dev.signet.scenario.World;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.SmtpClient;
import dev.signet.smtp.SmtpReply;
import dev.signet.testing.Behaviour;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The name server is down: mail flows and says so, within the deadline, and where an administrator wants it the client is asked to
 * try again. All settings are the defaults, but on one port of two the hook defers.
 */
@Timeout(180)
class DmarcWithoutDnsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private World world;

    @BeforeEach
    void start() throws Exception {
        world = World.start(
                TestBuild.emptyDirectory("james-3.8-without-dns"),
                TestBuild.james38(),
                TestBuild.signetFor38(),
                DmarcWithoutDnsIT::change,
                System.out::println);
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    private static void change(JamesInstall install) throws IOException {
        XmlFile.read(install.conf().resolve("smtpserver.xml"))
                .append("//smtpserver[jmxName='mx']" + JamesInstall.HOOK, "temperror", "defer")
                .write();
    }

    @Test
    void aNameServerThatIsGone() throws Exception {
        SigningDomain silent = world.strict();
        world.dns().close();

        mailFlowsOrIsDeferred(silent, "strict.example");
    }

    @Test
    void aNameServerThatIsSilent() throws Exception {
        SigningDomain silent = SigningDomain.create("silent.example");
        for (String name : List.of("_dmarc.silent.example", "silent.example", "r._domainkey.silent.example", "e._domainkey.silent.example")) {
            world.dns().behave(name, Behaviour.SILENT);
        }

        mailFlowsOrIsDeferred(silent, "silent.example");
    }

    private void mailFlowsOrIsDeferred(SigningDomain signer, String domain) throws Exception {
        String message = signer.sign("From: ceo@" + domain + "\r\nMessage-ID: <waits@" + domain + ">\r\nSubject: x\r\n\r\nText.\r\n");
        Envelope envelope = new Envelope("ceo@" + domain, world.user().address());
        long begin = System.nanoTime();
        SmtpReply accepted;
        try (SmtpClient smtp = SmtpClient.connectAs(world.ports().proxiedMx(), "192.0.2.66")) {
            smtp.ehlo("mail." + domain);
            accepted = smtp.send(envelope, message);
        }
        // Room for a machine that is busy.
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(DEADLINE.plusSeconds(5));
        SmtpReply deferred;
        try (SmtpClient smtp = SmtpClient.connect(world.ports().mx())) {
            smtp.ehlo("mail." + domain);
            deferred = smtp.send(envelope, message);
        }

        assertThat(accepted.code()).isEqualTo(250);
        assertThat(deferred).isEqualTo(new SmtpReply(451, List.of("4.7.5 Email deferred, DMARC policy for " + domain
                + " cannot be applied right now, see https://www.rfc-editor.org/info/rfc9989")));
        try (ImapMailbox inbox = world.openInbox()) {
            String stored = inbox.await(mail -> mail.contains("<waits@" + domain + ">"), Duration.ofSeconds(30));
            assertThat(results(stored, "dmarc")).extracting(MethodResult::result).containsExactly("temperror");
            assertThat(results(stored, "dkim")).extracting(MethodResult::result).containsExactly("temperror", "temperror");
        }
    }
}
