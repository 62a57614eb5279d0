// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static dev.signet.james.Post.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.authres.MethodResult;
import dev.signet.dkim.SigningOptions;
import dev.signet.interop.SignetJar;
import dev.signet.interop.Tools;
import dev.signet.report.AggregateReport;
import dev.signet.scenario.SigningDomain;
import dev.signet.smtp.ReceivedMail;
import dev.signet.smtp.SmtpSink;
import dev.signet.testing.LoopbackDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * A whole James 3.8 under load whose clock is set forward by an hour, over midnight in UTC, and back: no message is lost or doubled, no
 * report either, and nothing waits for a time that has been.
 */
@Timeout(240)
class ClockIT {

    private static final int CLIENTS = 20;
    private static final int MESSAGES = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String KEY = "TXT r._domainkey.sender.example";

    private final SigningDomain home = SigningDomain.create(JamesInstall.DOMAIN);
    private final SigningDomain sender = SigningDomain.create("sender.example");
    private final LocalDate day = LocalDate.now(ZoneOffset.UTC).plusDays(1);
    private final Instant evening = day.atTime(23, 20).toInstant(ZoneOffset.UTC);

    @Test
    void aClockThatIsSetForwardAndBackLosesAndDoublesNothing() throws Exception {
        Tools.assume("libfaketime", FakeTime.missing());
        try (LoopbackDns dns = LoopbackDns.start(); SmtpSink outside = SmtpSink.start()) {
            home.publishIn(dns);
            sender.publishIn(dns);
            dns.txt("_dmarc.sender.example", "v=DMARC1; p=none; rua=mailto:r@sender.example");
            JamesInstall install = ReportingJames.layOut("james-3.8-clock", dns, outside, home,
                    Map.of("reports.delay", "0 s", "reports.window", "0 s", "reports.lease", "2 s"));
            FakeTime time = new FakeTime(install.directory().resolve("time"));
            time.set(evening);
            try (JamesProcess james = JamesProcess.start(install, "256m", time.environment())) {
                WebAdmin admin = new WebAdmin(install.ports().webAdmin());
                long accepted;
                try (Load load = Load.begin(install.ports(), "clock", CLIENTS, this::signed)) {
                    load.await(MESSAGES);
                    // James looks for what is to be reported when the day is over, and again an hour later.
                    ReportingJames.awaitCounted(install, 1, day);
                    time.set(evening.plus(Duration.ofHours(1)));
                    // It is the next day for James.
                    await(outside, day);
                    load.await(MESSAGES);
                    long asked = dns.queries().stream().filter(KEY::equals).count();
                    time.set(evening);
                    awaitItIsNotOver(install, day);
                    // James's queue in memory keeps until the same time of day what was in it at the moment of the step.
                    admin.flush("spool");
                    load.await(MESSAGES);
                    assertThat(dns.queries().stream().filter(KEY::equals).count()).as("asked anew for what would not end in time")
                            .isGreaterThan(asked);
                    load.end();

                    assertThat(load.replies(250)).isEqualTo(load.messages());
                    for (String mail : load.delivered()) {
                        assertThat(results(mail, "dkim")).extracting(MethodResult::result).as(mail).containsExactly("pass", "pass");
                        assertThat(results(mail, "dmarc")).extracting(MethodResult::result).containsExactly("pass");
                    }
                    accepted = load.replies(250);
                    System.out.println(accepted + " messages of " + CLIENTS + " clients, slowest reply after " + load.slowest().toMillis() + " ms");
                }
                ReportingJames.awaitCounted(install, accepted, day, day.plusDays(1));

                time.set(day.plusDays(2).atTime(0, 5).toInstant(ZoneOffset.UTC));
                AggregateReport first = ReportMails.read(await(outside, day));
                AggregateReport second = ReportMails.read(await(outside, day.plusDays(1)));
                // Asks for a round in which everything that could leave once more would.
                String database = install.directory().resolve("var/signet/reports").toString();
                for (LocalDate over : List.of(day, day.plusDays(1))) {
                    assertThat(SignetJar.run("report", "send", "--database", database, "--day", over.toString()))
                            .contains("sender.example: sent to r@sender.example");
                }
                assertThat(outside.received()).as("one report for each day").hasSize(2);
                assertThat(first.metadata().reportId()).isNotEqualTo(second.metadata().reportId());
                assertThat(first.messages() + second.messages()).as("what came after the first report is in the second").isEqualTo(accepted);
                assertThat(james.isAlive()).isTrue();
            }
        }
    }

    /** By a server whose clock stays right: once James's is back, its signatures come from the future. */
    private String signed(int number) {
        InstantSource ahead = InstantSource.fixed(evening.plus(Duration.ofMinutes(59)));
        return sender.sign("From: a@sender.example\r\n" + Load.id(number) + "\r\nText.\r\n", SigningOptions.DEFAULT, ahead);
    }

    private static ReceivedMail await(SmtpSink outside, LocalDate day) throws Exception {
        String begin = "!" + day.atStartOfDay(ZoneOffset.UTC).toEpochSecond() + "!";
        return outside.await(mail -> ReportMails.isReport(mail) && mail.message().contains(begin), PATIENCE);
    }

    private static void awaitItIsNotOver(JamesInstall install, LocalDate day) throws Exception {
        String database = install.directory().resolve("var/signet/reports").toString();
        String answer;
        do {
            // libfaketime looks for the time once a second.
            answer = SignetJar.run("report", "send", "--database", database, "--day", day.toString(), "--dry-run");
        } while (!answer.startsWith(day + " is not over in UTC"));
    }
}
