// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static dev.signet.james.Post.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.authres.MethodResult;
import dev.signet.scenario.SigningDomain;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.SmtpClient;
import dev.signet.smtp.SmtpSink;
import dev.signet.testing.LoopbackDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.Map;

/** A James whose queues and mailboxes are on disk: an install that loses nothing. */
@Timeout(120)
class MailboxesOnDiskIT {

    private static final Account USER = new Account("bob@" + JamesInstall.DOMAIN, "secret");

    @Test
    void aKilledJamesHasInItsMailboxWhatItDeliveredByteForByteWithItsVerdictInFront() throws Exception {
        try (LoopbackDns dns = LoopbackDns.start(); SmtpSink nobody = SmtpSink.start()) {
            SigningDomain author = SigningDomain.create("author.example");
            author.publishIn(dns);
            dns.txt("_dmarc.author.example", "v=DMARC1; p=reject");
            String signed = author.sign("From: a@author.example\r\nSubject:  two  spaces\r\nMessage-ID: <1@author.example>\r\n\r\nGr\u00fc\u00dfe \r\n\r\n\r\n");
            JamesInstall install = layOut(dns, nobody);
            String delivered;
            try (JamesProcess james = start(install)) {
                try (SmtpClient smtp = SmtpClient.connectAs(james.install().ports().proxiedMx(), "192.0.2.7")) {
                    smtp.ehlo("mail.author.example");
                    assertThat(smtp.send(new Envelope("a@author.example", USER.address()), signed).code()).isEqualTo(250);
                }
                delivered = read(install);
            }
            assertThat(delivered).contains("\r\nAuthentication-Results: " + JamesInstall.DOMAIN + ";").endsWith(signed);
            assertThat(results(delivered, "dkim")).extracting(MethodResult::result).containsExactly("pass", "pass");
            assertThat(results(delivered, "dmarc")).extracting(MethodResult::result).containsExactly("pass");
            try (JamesProcess again = start(install)) {
                assertThat(read(again.install())).isEqualTo(delivered);
            }
        }
    }

    private static JamesInstall layOut(LoopbackDns dns, SmtpSink nobody) throws Exception {
        JamesInstall install = JamesInstall.layOut(
                        TestBuild.emptyDirectory("james-3.8-mailboxes"), TestBuild.james38(), TestBuild.signetFor38(), Ports.free(), nobody.port())
                .withDurableMailboxes(TestBuild.durableFor38());
        install.useInboundSample("dmarc-reject");
        install.set(Map.of("authserv-id", JamesInstall.DOMAIN, "dns.servers", "127.0.0.1:" + dns.socketAddress().getPort()));
        return install;
    }

    /** Users it keeps in memory. To be closed is to be killed (SIGKILL). */
    private static JamesProcess start(JamesInstall install) throws Exception {
        JamesProcess james = JamesProcess.start(install, "256m");
        new WebAdmin(install.ports().webAdmin()).addUser(USER);
        return james;
    }

    private static String read(JamesInstall install) throws Exception {
        try (ImapMailbox inbox = ImapMailbox.open(install.ports().imap(), USER, "INBOX")) {
            return inbox.await(message -> message.contains("<1@author.example>"), Duration.ofSeconds(30));
        }
    }
}
