// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.DomainName;
import dev.signet.report.FailureReport;
import dev.signet.scenario.SigningDomain;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.ReceivedMail;
import dev.signet.smtp.SmtpClient;
import dev.signet.smtp.SmtpSink;
import dev.signet.testing.LoopbackDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Failure reports leave a real James 3.8 through its queue and {@code SignDkim}, to who asked for them and for as much as they may know. */
@Timeout(120)
class FailureReportsIT {

    private static final String USER = "bob@" + JamesInstall.DOMAIN;

    private final SigningDomain home = SigningDomain.create(JamesInstall.DOMAIN);

    @Test
    void whoAsksForThemGetsThemInMailThatPassesDmarcWithoutNamesOfPeople() throws Exception {
        try (LoopbackDns dns = LoopbackDns.start(); SmtpSink outside = SmtpSink.start()) {
            home.publishIn(dns);
            dns.txt("_dmarc." + JamesInstall.DOMAIN, "v=DMARC1; p=reject; adkim=s")
                    .txt("_dmarc.one.example", "v=DMARC1; p=none; ruf=mailto:f@one.example")
                    .txt("_dmarc.refused.example", "v=DMARC1; p=reject; ruf=mailto:f@refused.example")
                    .txt("_dmarc.silent.example", "v=DMARC1; p=none; rua=mailto:r@silent.example")
                    .txt("_dmarc.public.example", "v=DMARC1; p=none; psd=y; ruf=mailto:f@public.example")
                    .txt("_dmarc.elsewhere.example", "v=DMARC1; p=none; ruf=mailto:f@not-asked.example");
            JamesInstall install = ReportingJames.layOut("james-3.8-failure-reports", dns, outside, home, Map.of(
                    "failure-reports", "true", "failure-reports.from", "dmarc@" + JamesInstall.DOMAIN, "failure-reports.per-source", "2"));
            try (JamesProcess james = JamesProcess.start(install, "256m")) {
                WebAdmin admin = new WebAdmin(install.ports().webAdmin());
                admin.addUser(new Account(USER, "secret"));
                // One thread writes them, in order: of these something would have left before those of the next ones.
                for (String nobody : List.of("silent.example", "public.example", "elsewhere.example")) {
                    assertThat(send(install, "192.0.2.1", nobody, 1)).containsOnly(250);
                }
                assertThat(send(install, "192.0.2.2", "refused.example", 1)).containsOnly(550);
                assertThat(send(install, "192.0.2.3", "one.example", 4)).containsOnly(250);
                awaitReports(outside, 3);
                admin.awaitEmptyQueues();

                assertThat(outside.received()).extracting(mail -> mail.envelope().recipients().getFirst())
                        .containsExactlyInAnyOrder("f@refused.example", "f@one.example", "f@one.example");
                for (ReceivedMail mail : outside.received()) {
                    assertThat(mail.envelope().sender()).matches("dmarc\\+[0-9a-f]{20}@home\\.example");
                    DmarcResult dmarc = ReportMails.dmarc(mail, dns, Instant.now());
                    assertThat(dmarc.status()).as(dmarc.reason()).isEqualTo(DmarcResult.Status.PASS);
                    assertThat(dmarc.alignedDkim()).contains(DomainName.of(JamesInstall.DOMAIN));
                    assertThat(mail.message()).doesNotContain("ceo@", "The CEO", "somebody", "bob@", "Pay at once", "secret plan");
                    FailureReport report = ReportMails.readFailure(mail);
                    assertThat(report.failure()).isEqualTo("dmarc");
                    assertThat(report.unaligned()).contains(Set.of(FailureReport.Mechanism.DKIM, FailureReport.Mechanism.SPF));
                    assertThat(report.envelopeFrom()).isEqualTo("sender.example");
                    assertThat(report.incidents()).isEqualTo(1);
                }
                List<String> summaries = new ArrayList<>();
                for (ReceivedMail mail : outside.received()) {
                    summaries.add(summary(mail));
                }
                assertThat(summaries).containsExactlyInAnyOrder(
                        "refused.example 192.0.2.2 reject", "one.example 192.0.2.3 delivered", "one.example 192.0.2.3 delivered");
                assertThat(james.isAlive()).isTrue();
            }
        }
    }

    @Test
    void whoRefusesOneGetsNoMore() throws Exception {
        try (LoopbackDns dns = LoopbackDns.start(); SmtpSink outside = SmtpSink.start()) {
            home.publishIn(dns);
            dns.txt("_dmarc.refusing.example", "v=DMARC1; p=none; ruf=mailto:f@refusing.example")
                    .txt("_dmarc.glad.example", "v=DMARC1; p=none; ruf=mailto:f@glad.example");
            outside.refuse(mail -> mail.envelope().recipients().contains("f@refusing.example"), "550 5.1.1 no such user");
            JamesInstall install = ReportingJames.layOut("james-3.8-failure-reports-refused", dns, outside, home, Map.of(
                    "failure-reports", "true", "failure-reports.from", "dmarc@" + JamesInstall.DOMAIN));
            try (JamesProcess james = JamesProcess.start(install, "256m")) {
                WebAdmin admin = new WebAdmin(install.ports().webAdmin());
                admin.addUser(new Account(USER, "secret"));
                send(install, "192.0.2.1", "refusing.example", 1);
                send(install, "192.0.2.1", "glad.example", 1);
                awaitReports(outside, 1);
                ReportingJames.awaitSuppressed(install, "f@refusing.example");
                outside.refuse(mail -> false, "550 never");

                send(install, "192.0.2.1", "refusing.example", 1);
                send(install, "192.0.2.1", "glad.example", 1);
                awaitReports(outside, 2);
                admin.awaitEmptyQueues();

                assertThat(outside.received()).extracting(mail -> mail.envelope().recipients().getFirst())
                        .containsOnly("f@glad.example").hasSize(2);
                assertThat(james.isAlive()).isTrue();
            }
        }
    }

    private static void awaitReports(SmtpSink outside, int count) {
        // The time limit of the test ends this and other waiting.
        while (outside.count() < count) {
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static List<Integer> send(JamesInstall install, String client, String author, int count) throws IOException {
        try (SmtpClient smtp = SmtpClient.connectAs(install.ports().proxiedMx(), client)) {
            smtp.ehlo("sender.example");
            List<Integer> replies = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String message = "From: The CEO <ceo@" + author + ">\r\nTo: bob@home.example\r\nSubject: secret plan\r\nMessage-ID: <" + i
                        + "@sender.example>\r\n\r\nPay at once.\r\n";
                replies.add(smtp.send(new Envelope("somebody@sender.example", USER), message).code());
            }
            return replies;
        }
    }

    private static String summary(ReceivedMail mail) throws IOException {
        FailureReport report = ReportMails.readFailure(mail);
        return report.domain() + " " + report.source().orElseThrow().getHostAddress() + " " + report.deliveryResult();
    }
}
