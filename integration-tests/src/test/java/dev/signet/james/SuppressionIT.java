// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.interop.SignetJar;
import dev.signet.interop.Tools;
import dev.signet.scenario.SigningDomain;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.ReceivedMail;
import dev.signet.smtp.SmtpClient;
import dev.signet.smtp.SmtpSink;
import dev.signet.testing.LoopbackDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Who refuses a report, or sends it back later, gets none the next day, from a real James 3.8 with {@link FakeTime}. */
@Timeout(180)
class SuppressionIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String USER = "bob@" + JamesInstall.DOMAIN;
    private static final List<String> AUTHORS = List.of("refusing.example", "bouncing.example", "glad.example");

    private final SigningDomain home = SigningDomain.create(JamesInstall.DOMAIN);
    private final LocalDate day = LocalDate.now(ZoneOffset.UTC).plusDays(1);

    @Test
    void whoRefusesAReportOrSendsItBackGetsNoneTheNextDay() throws Exception {
        Tools.assume("libfaketime", FakeTime.missing());
        try (LoopbackDns dns = LoopbackDns.start(); SmtpSink outside = SmtpSink.start()) {
            home.publishIn(dns);
            AUTHORS.forEach(author -> dns.txt("_dmarc." + author, "v=DMARC1; p=none; rua=mailto:r@" + author));
            outside.refuse(mail -> mail.envelope().recipients().contains("r@refusing.example"), "550 5.1.1 no such user");
            JamesInstall install = ReportingJames.layOut("james-3.8-suppression", dns, outside, home,
                    Map.of("reports.delay", "0 s", "reports.window", "0 s", "reports.lease", "2 s"));
            FakeTime time = new FakeTime(install.directory().resolve("time"));
            time.set(noon(day));
            try (JamesProcess james = JamesProcess.start(install, "256m", time.environment())) {
                new WebAdmin(install.ports().webAdmin()).addUser(new Account(USER, "secret"));
                sendFromAll(install);
                ReportingJames.awaitCounted(install, AUTHORS.size(), day);
                time.set(noon(day.plusDays(1)));
                ReceivedMail back = await(outside, "r@bouncing.example", day);
                await(outside, "r@glad.example", day);
                assertThat(bounce(install, back.envelope().sender())).isEqualTo(250);
                // It is the next day for James, too.
                sendFromAll(install);
                assertThat(bounce(install, "dmarc@" + JamesInstall.DOMAIN)).as("nobody of that name").isEqualTo(550);
                // The bounce, too, is mail of its author domain: fewer might be all but the last, and what is counted after the end of
                // its day is reported on within the hour, not at once.
                ReportingJames.awaitCounted(install, AUTHORS.size() + 1, day.plusDays(1));
                ReportingJames.awaitSuppressed(install, "r@refusing.example");
                ReportingJames.awaitSuppressed(install, "r@bouncing.example");

                time.set(noon(day.plusDays(2)));
                await(outside, "r@glad.example", day.plusDays(1));
                assertThat(reported(install, day.plusDays(1))).satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).matches("refusing\\.example: not to .*mail to it came back.*no such user.*"),
                        line -> assertThat(line).matches("bouncing\\.example: not to .*mail to it came back.*mailbox is gone.*"),
                        line -> assertThat(line).isEqualTo("glad.example: sent to r@glad.example (1 messages)"));
                assertThat(outside.received()).extracting(mail -> mail.envelope().recipients())
                        .containsExactlyInAnyOrder(List.of("r@bouncing.example"), List.of("r@glad.example"), List.of("r@glad.example"));
                assertThat(james.isAlive()).isTrue();
            }
        }
    }

    private static Instant noon(LocalDate day) {
        return day.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC);
    }

    private static void sendFromAll(JamesInstall install) throws IOException {
        try (SmtpClient smtp = SmtpClient.connectAs(install.ports().proxiedMx(), "192.0.2.1")) {
            smtp.ehlo("sender.example");
            for (String author : AUTHORS) {
                String message = "From: a@" + author + "\r\nMessage-ID: <1@" + author + ">\r\n\r\nText.\r\n";
                assertThat(smtp.send(new Envelope("a@sender.example", USER), message).code()).isEqualTo(250);
            }
        }
    }

    /** What a server of the recipient sends once it cannot deliver after all (RFC 3464). */
    private static int bounce(JamesInstall install, String to) throws IOException {
        String message = """
                From: MAILER-DAEMON@bouncing.example
                To: %s
                Message-ID: <bounce@bouncing.example>
                Subject: Undelivered
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status; boundary=b

                --b

                Sorry.
                --b
                Content-Type: message/delivery-status

                Reporting-MTA: dns; mx.bouncing.example

                Final-Recipient: rfc822; r@bouncing.example
                Action: failed
                Status: 5.1.1
                Diagnostic-Code: smtp; 550 mailbox is gone

                --b--
                """.formatted(to).replace("\n", "\r\n");
        try (SmtpClient smtp = SmtpClient.connectAs(install.ports().proxiedMx(), "192.0.2.2")) {
            smtp.ehlo("mx.bouncing.example");
            return smtp.send(new Envelope("", to), message).code();
        }
    }

    private static ReceivedMail await(SmtpSink outside, String to, LocalDate day) throws Exception {
        String begin = "!" + day.atStartOfDay(ZoneOffset.UTC).toEpochSecond() + "!";
        return outside.await(mail -> mail.envelope().recipients().contains(to) && mail.message().contains(begin), PATIENCE);
    }

    /** What came of a day, once James sees that it is over. */
    private static List<String> reported(JamesInstall install, LocalDate day) throws Exception {
        String database = install.directory().resolve("var/signet/reports").toString();
        while (true) {
            List<String> lines = SignetJar.run("report", "send", "--database", database, "--day", day.toString()).lines().toList();
            if (!lines.getFirst().startsWith(day + " is not over in UTC")) {
                return lines;
            }
            LockSupport.parkNanos(100_000_000);
        }
    }
}
