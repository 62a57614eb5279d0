// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.smtp.Envelope;
import dev.signet.smtp.ReceivedMail;
import dev.signet.smtp.SmtpClient;
import dev.signet.smtp.SmtpSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** What James does to a message without us: the ground that every other test here stands on. */
class PlainJamesIT {

    private static final Account BOB = new Account("bob@" + JamesInstall.DOMAIN, "bob's secret");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static SmtpSink outside;
    private static JamesProcess james;

    @BeforeAll
    static void startJames(@TempDir Path directory) throws Exception {
        outside = SmtpSink.start();
        Path libraries = Path.of(System.getProperty("james38.lib"));
        james = JamesProcess.start(JamesInstall.layOut(directory, libraries, Ports.free(), outside.port()), "192m");
        new WebAdmin(ports().webAdmin()).addUser(BOB);
    }

    @AfterAll
    static void stopJames() throws Exception {
        james.close();
        outside.close();
    }

    @Test
    void deliversMailOfAnOutsiderWithItsBytesUntouched() throws Exception {
        String message = "Message-ID: <1@outside.example>\r\nSubject :  odd \r\n\tfolding\r\n\r\n.dots\r\n..\r\n8 bit: \u00E9\r\n\r\n\r\n";
        try (SmtpClient smtp = SmtpClient.connectAs(ports().proxiedMx(), "192.0.2.7")) {
            smtp.ehlo("mail.outside.example");
            assertThat(smtp.send(new Envelope("alice@outside.example", BOB.address()), message).code()).isEqualTo(250);
        }
        try (ImapMailbox inbox = ImapMailbox.open(ports().imap(), BOB)) {
            String stored = inbox.await(m -> m.contains("<1@outside.example>"), PATIENCE);
            assertThat(stored).endsWith(message).contains("[192.0.2.7]");
        }
    }

    @Test
    void relaysForAUserWhoLoggedInOverTls() throws Exception {
        String message = "From: " + BOB.address() + "\r\nSubject: out\r\n\r\nhello\r\n";
        try (SmtpClient smtp = SmtpClient.connect(ports().submission())) {
            smtp.ehlo("laptop");
            assertThat(smtp.startTls().code()).isEqualTo(220);
            smtp.ehlo("laptop");
            assertThat(smtp.authPlain(BOB.address(), BOB.password()).code()).isEqualTo(235);
            assertThat(smtp.send(new Envelope(BOB.address(), "carol@outside.example"), message).code()).isEqualTo(250);
        }
        ReceivedMail received = outside.await(mail -> mail.message().contains("Subject: out"), PATIENCE);
        assertThat(received.envelope()).isEqualTo(new Envelope(BOB.address(), "carol@outside.example"));
        assertThat(received.message()).endsWith("hello\r\n");
    }

    @Test
    void relaysForNobodyElse() throws Exception {
        try (SmtpClient smtp = SmtpClient.connect(ports().mx())) {
            smtp.ehlo("mail.outside.example");
            assertThat(smtp.send(new Envelope("a@outside.example", "b@outside.example"), "\r\n").code()).isEqualTo(550);
        }
    }

    private static Ports ports() {
        return james.install().ports();
    }
}
