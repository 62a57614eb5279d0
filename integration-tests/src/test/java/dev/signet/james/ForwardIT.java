// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static dev.signet.james.Post.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.DnsjavaDns;
import dev.signet.inbound.Connection;
import dev.signet.inbound.InboundCheck;
import dev.signet.inbound.InboundOptions;
import dev.signet.inbound.Verdict;
import dev.signet.scenario.World;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.ReceivedMail;
import dev.signet.smtp.SmtpClient;
import dev.signet.smtp.SmtpReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The sample {@code forward} on a real James 3.8: mail goes on with a sender of ours, and its bounce comes back. */
@Timeout(180)
class ForwardIT {

    private static final String FORWARDED = "carol@home.example";
    private static final String TARGET = "carol@outside.example";
    private static final String SENDER = "a@sender.example";
    private static final String OTHERS_SERVER = "192.0.2.30";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static World world;

    @BeforeAll
    static void start() throws Exception {
        world = World.start(
                TestBuild.emptyDirectory("james-3.8-forward"),
                TestBuild.james38(),
                TestBuild.signetFor38(),
                ForwardIT::change,
                System.out::println);
        new WebAdmin(world.ports().webAdmin()).redirect(FORWARDED, TARGET);
    }

    @AfterAll
    static void stop() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    private static void change(JamesInstall install) throws IOException {
        install.useSample("forward");
        install.set(Map.of("srs.domain", JamesInstall.DOMAIN, "srs.secrets", "file://conf/srs.secrets"));
        Files.writeString(install.conf().resolve("srs.secrets"), "0123456789abcdef\n");
    }

    @Test
    void aForwardedMailHasASenderOfOursAndItsBytesAndTheBounceGoesBack() throws Exception {
        String message = message("forwarded", "");
        assertThat(send(SENDER, FORWARDED, message).code()).isEqualTo(250);
        ReceivedMail forwarded = world.outside().await(mail -> mail.message().endsWith(message), PATIENCE);
        assertThat(forwarded.envelope().sender()).matches("SRS0=[^=]{4}=[A-Z2-7]{2}=sender\\.example=a@home\\.example");
        assertThat(forwarded.message()).endsWith(message);

        String bounce = message("bounce", "Auto-Submitted: auto-replied\r\n");
        assertThat(send("", forwarded.envelope().sender(), bounce).code()).isEqualTo(250);
        ReceivedMail back = world.outside().await(mail -> mail.message().endsWith(bounce), PATIENCE);
        assertThat(back.envelope().sender()).isEmpty();
        assertThat(back.envelope().recipients()).containsExactly(SENDER);
        assertThat(back.message()).endsWith(bounce);
    }

    @Test
    void aForgedAddressIsRefusedAndAnUnknownUserAsEver() throws Exception {
        SmtpReply forged = send("", "SRS0=aaaa=JM=sender.example=a@home.example", message("forged", ""));
        assertThat(forged).hasToString("550 5.1.1 an SRS address that was not made here");
        assertThat(send(SENDER, "nobody@home.example", message("nobody", "")).code()).isEqualTo(550);
        assertThat(send(SENDER, "SRS0=aaaa=JM=sender.example=a@outside.example", message("relay", "")).isPositive()).isFalse();
    }

    @Test
    void ourOwnSendersStay() throws Exception {
        String own = message("own", "");
        submit("dora@outside.example", own);
        ReceivedMail sent = world.outside().await(mail -> mail.message().endsWith(own), PATIENCE);
        assertThat(sent.envelope().sender()).isEqualTo(world.user().address());
    }

    @Test
    void aStrangerWhoForgesOurDomainIsForwardedWithoutASignatureOfOursAndFailsDmarcThere() throws Exception {
        world.dns().txt("_dmarc." + JamesInstall.DOMAIN, "v=DMARC1; p=reject");
        String forged = from("boss@home.example", "forged-author");
        assertThat(send(SENDER, FORWARDED, forged).code()).isEqualTo(250);

        Verdict verdict = judge(world.outside().await(mail -> mail.message().endsWith(forged), PATIENCE));
        assertThat(verdict.dkim()).isEmpty();
        assertThat(verdict.dmarc().orElseThrow().status()).isEqualTo(DmarcResult.Status.FAIL);
    }

    @Test
    void whatOurUsersSendToAForwardedAddressIsSigned() throws Exception {
        world.dns().txt("_dmarc." + JamesInstall.DOMAIN, "v=DMARC1; p=reject");
        String own = from(world.user().address(), "forwarded-own");
        submit(FORWARDED, own);

        Verdict verdict = judge(world.outside().await(mail -> mail.message().endsWith(own), PATIENCE));
        assertThat(verdict.dkim()).isNotEmpty().extracting(DkimResult::state).containsOnly(DkimState.PASS);
        assertThat(verdict.dmarc().orElseThrow().status()).isEqualTo(DmarcResult.Status.PASS);
    }

    @Test
    void whatJamesReturnsIsSignedWithTheLineEndsThatItLeavesWithAndHasNoSeal() throws Exception {
        String author = "b@sender.example";
        world.outside().refuseNext("550 5.1.1 nobody of that name");
        assertThat(send(author, FORWARDED, message("returned", "")).code()).isEqualTo(250);

        ReceivedMail returned = world.outside().await(mail -> mail.envelope().recipients().contains(author), PATIENCE);
        assertThat(returned.envelope().sender()).isEmpty();
        // What it returns has one.
        String header = returned.message().substring(0, returned.message().indexOf("\r\n\r\n"));
        assertThat(header).contains("multipart/report", "\r\nFrom: postmaster@home.example\r\n").doesNotContain("ARC-Seal:");
        assertThat(judge(returned).dkim()).isNotEmpty().extracting(DkimResult::state).containsOnly(DkimState.PASS);
    }

    @Test
    void aCrAloneIsSignedAsTheLineEndThatItIsWhenItLeaves() throws Exception {
        String own = from(world.user().address(), "bare-cr");
        submit("dora@outside.example", own.replace("Text.", "Text\rin two lines."));

        ReceivedMail sent = world.outside().await(mail -> mail.message().endsWith("\r\n\r\nText\r\nin two lines.\r\n"), PATIENCE);
        assertThat(judge(sent).dkim()).isNotEmpty().extracting(DkimResult::state).containsOnly(DkimState.PASS);
    }

    private static String from(String author, String id) {
        return message(id, "").replace("From: " + SENDER, "From: " + author);
    }

    /** As a server sees it that knows nothing but the message. */
    private static Verdict judge(ReceivedMail mail) {
        InboundCheck judge = new InboundCheck(
                DnsjavaDns.onServers(List.of(world.dns().socketAddress()), Duration.ofSeconds(5), 2),
                InboundOptions.DEFAULT,
                Thread::startVirtualThread,
                InstantSource.system());
        return judge.check(Connection.UNKNOWN, new ByteArrayInputStream(mail.message().getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static void submit(String recipient, String message) throws Exception {
        String user = world.user().address();
        try (SmtpClient smtp = SmtpClient.connect(world.ports().submission())) {
            smtp.ehlo("laptop.home.example");
            smtp.startTls();
            smtp.ehlo("laptop.home.example");
            smtp.authPlain(user, world.user().password());
            assertThat(smtp.send(new Envelope(user, recipient), message).code()).isEqualTo(250);
        }
    }

    private static SmtpReply send(String sender, String recipient, String message) throws IOException {
        try (SmtpClient smtp = SmtpClient.connectAs(world.ports().proxiedMx(), OTHERS_SERVER)) {
            smtp.ehlo("mail.others.example");
            return smtp.send(new Envelope(sender, recipient), message);
        }
    }
}
