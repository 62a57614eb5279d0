// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.scenario.World;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.SmtpClient;
import dev.signet.smtp.SmtpReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;

/** The samples for the three stages of a roll-out, as they are but for their repositories, on a real James 3.8. */
@Timeout(180)
class DmarcStagesIT {

    private static final String REFUSAL = "550 5.7.1 Email rejected per DMARC policy for strict.example";

    private static World start(String sample) throws IOException, InterruptedException {
        return World.start(
                TestBuild.emptyDirectory("james-3.8-" + sample),
                TestBuild.james38(),
                TestBuild.signetFor38(),
                install -> install.useInboundSample(sample),
                System.out::println);
    }

    /** The reply to a spoof. */
    private static String spoof(World world, String domain) throws IOException {
        try (SmtpClient smtp = SmtpClient.connectAs(world.ports().proxiedMx(), "192.0.2.66")) {
            smtp.ehlo("spoofer.example");
            SmtpReply reply = smtp.send(
                    new Envelope("somebody@spoofer.example", world.user().address()),
                    "From: ceo@" + domain + "\r\nMessage-ID: <spoof@" + domain + ">\r\n\r\nPay at once.\r\n");
            return reply.toString();
        }
    }

    private static void assertDelivered(World world, String domain, String folder) throws Exception {
        try (ImapMailbox mailbox = world.openFolder(folder)) {
            assertThat(mailbox.await(message -> message.contains("<spoof@" + domain + ">"), Duration.ofSeconds(30))).contains("dmarc=fail");
        }
    }

    @Test
    void observeDeliversEverythingAndLogsWhatWouldBeRefused() throws Exception {
        try (World world = start("dmarc-observe")) {
            assertThat(spoof(world, "strict.example")).startsWith("250 ");
            assertThat(spoof(world, "careful.example")).startsWith("250 ");
            assertDelivered(world, "strict.example", "INBOX");
            assertDelivered(world, "careful.example", "INBOX");
            assertThat(Files.readString(world.james().install().log()).lines().filter(line -> line.contains("accepted, would be")))
                    .singleElement()
                    .asString()
                    .contains("192.0.2.66", "\"" + REFUSAL, "in mode enforce: dmarc=fail, neither SPF nor DKIM passed");
        }
    }

    @Test
    void quarantineDeliversToTheSpamFolderWhatFails() throws Exception {
        try (World world = start("dmarc-quarantine")) {
            assertThat(spoof(world, "strict.example")).startsWith("250 ");
            assertThat(spoof(world, "careful.example")).startsWith("250 ");
            assertThat(spoof(world, "watching.example")).startsWith("250 ");
            assertDelivered(world, "strict.example", "Spam");
            assertDelivered(world, "careful.example", "Spam");
            assertDelivered(world, "watching.example", "INBOX");
        }
    }

    @Test
    void rejectRefusesOnTheWire() throws Exception {
        try (World world = start("dmarc-reject")) {
            assertThat(spoof(world, "strict.example")).startsWith(REFUSAL);
            assertThat(spoof(world, "careful.example")).startsWith("250 ");
            assertDelivered(world, "careful.example", "Spam");
        }
    }
}
