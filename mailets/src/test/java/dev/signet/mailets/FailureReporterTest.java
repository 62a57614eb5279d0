// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.dns.RecordType;
import dev.signet.sending.SuppressionList;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;

/** Failure reports on their way out of James; hostile cases 30 and 31. */
class FailureReporterTest {

    private static final Map<String, String> ON = Map.of("authserv-id", "mx.home.example", "failure-reports", "true", "failure-reports.from", "dmarc@home.example");
    private static final String MESSAGE = "Received: from a by b\r\nFrom: Boss <ceo@example.com>\r\nSubject: invoice\r\nMessage-ID: <1@example.com>\r\n\r\nPay.\r\n";

    @TempDir
    private Path directory;

    private static MailWorld world(Path directory, Map<String, String> settings, String record) {
        MailWorld world = new MailWorld(directory, settings);
        world.dns.txt("_dmarc.example.com", "v=DMARC1; " + record);
        return world;
    }

    private static void arrive(MailWorld world, String message) throws Exception {
        MailImpl mail = world.mail(message);
        new VerifyMailHook(world.signet, world.failures).onMessage(Sessions.from("192.0.2.7"), mail);
        // What the hook has judged is not judged again.
        VerifyMail mailet = new VerifyMail(world.signet, world.failures);
        mailet.init(FakeMailetConfig.builder().mailetName("VerifyMail").mailetContext(world.james).build());
        mailet.service(mail);
    }

    private static List<String> sent(MailWorld world) throws Exception {
        List<String> mails = new ArrayList<>();
        for (FakeMailContext.SentMail mail : world.james.getSentMails()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            mail.getMsg().writeTo(out);
            mails.add(mail.getRecipients() + " " + out.toString(StandardCharsets.ISO_8859_1));
        }
        return mails;
    }

    @Test
    void aReportLeavesForAFailureThatSomebodyAskedFor() throws Exception {
        try (MailWorld world = world(directory, ON, "p=reject; ruf=mailto:f@example.com; fo=1")) {
            arrive(world, MESSAGE);

            assertThat(sent(world)).singleElement().asString()
                    .startsWith("[f@example.com] ")
                    .contains("From: dmarc@home.example", "Auth-Failure: dmarc", "Reported-Domain: example.com", "Source-IP: 192.0.2.7", "Incidents: 1")
                    .doesNotContain("ceo@", "Boss", "invoice", "Pay.")
                    .as("nobody knows what ApplyDmarc does").doesNotContain("Delivery-Result");
            assertThat(world.james.getSentMails().getFirst().getSender()).as("the null sender").isNull();
        }
    }

    @Test
    void whoAsksForFailuresOfDkimOnlyIsToldOfDkim() throws Exception {
        try (MailWorld world = world(directory, ON, "p=reject; ruf=mailto:f@example.com; fo=d")) {
            arrive(world, MailWorld.signed(MESSAGE).replace("Pay.", "Pay me."));

            assertThat(sent(world)).singleElement().asString()
                    .contains("Auth-Failure: bodyhash\r\n", "DKIM-Domain: example.com\r\n", "DKIM-Identity: @example.com\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "p=reject; rua=mailto:f@example.com",
        "p=reject; ruf=mailto:f@example.com; fo=d:s",
        "p=reject; psd=y; ruf=mailto:f@example.com",
        "p=reject; ruf=mailto:victim@victim.example",
        "p=reject; ruf=https://example.com/f",
        "p=reject; ruf=mailto:f@silent.example"
    })
    void noReportLeavesFor(String record) throws Exception {
        try (MailWorld world = world(directory, ON, record)) {
            world.dns.failing("example.com._report._dmarc.silent.example", RecordType.TXT, "SERVFAIL");
            arrive(world, MESSAGE);
            assertThat(sent(world)).isEmpty();
        }
    }

    @Test
    void hostileCase30AnExternalDestinationHasToAgree() throws Exception {
        try (MailWorld world = world(directory, ON, "p=none; ruf=mailto:f@reports.example,mailto:victim@victim.example")) {
            world.dns.txt("example.com._report._dmarc.reports.example", "v=DMARC1; ruf=mailto:other@reports.example");
            arrive(world, MESSAGE);
            assertThat(sent(world)).singleElement().asString().startsWith("[other@reports.example] ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Auto-Submitted: auto-replied", "Content-Type: multipart/report; boundary=b", "Subject: Report Domain: example.com"})
    void hostileCase30NoReportOnMailOfMachines(String field) throws Exception {
        try (MailWorld world = world(directory, ON, "p=none; ruf=mailto:f@example.com")) {
            arrive(world, field + "\r\n" + MESSAGE.replace("Subject: invoice\r\n", ""));
            assertThat(sent(world)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "reports.except     | example.com     | example.com      | 0",
        "reports.except     | *.example.com   | news.example.com | 0",
        "reports.skip       | example.com     | example.com      | 0",
        "reports.skip       | reports.example | example.com      | 1",
        "reports.skip-local | true            | example.com      | 2"
    })
    void whoIsLeftOutOfAggregateReportsIsLeftOutHereToo(String setting, String value, String author, int reports) throws Exception {
        Map<String, String> settings = new HashMap<>(ON);
        settings.put(setting, value);
        try (MailWorld world = world(directory, settings, "p=none; ruf=mailto:f@example.com,mailto:f@reports.example")) {
            world.dns.txt("example.com._report._dmarc.reports.example", "v=DMARC1");
            arrive(world, MESSAGE.replace("ceo@example.com", "ceo@" + author));
            assertThat(sent(world)).hasSize(reports);
        }
    }

    @Test
    void hostileCase30WhoRefusesAReportGetsNoMore() throws Exception {
        Map<String, String> settings = new HashMap<>(ON);
        settings.putAll(Map.of("reports", "true", "reports.database", "file://reports", "reports.journal", "file://journal",
                "reports.send", "true", "reports.email", "dmarc@home.example"));
        try (MailWorld world = world(directory, settings, "p=none; ruf=mailto:F@example.com,mailto:other@example.com");
                Reporting reporting = world.signet.reporting().orElseThrow()) {
            arrive(world, MESSAGE);
            assertThat(sent(world)).hasSize(2);
            FakeMailContext.SentMail refused = world.james.getSentMails().getFirst();
            assertThat(refused.getRecipients()).containsExactly(new MailAddress("F@example.com"));
            assertThat(refused.getSender().asString()).as("James tells nobody what becomes of a null sender's mail")
                    .matches("dmarc\\+[0-9a-f]{20}@home\\.example");
            assertThat(world.signet.settings().sending().comesBackTo(refused.getSender())).as("what comes back is taken").isTrue();

            MailImpl unreachable = failed(world, refused, false);
            assertThat(unreachable.getState()).isEqualTo(Mail.GHOST);
            arrive(world, MESSAGE);
            assertThat(sent(world)).hasSize(4);
            MailImpl unknown = failed(world, refused, true);
            assertThat(unknown.getState()).as("no bounce").isEqualTo(Mail.GHOST);
            arrive(world, MESSAGE);
            assertThat(new SuppressionList(reporting.database(), Duration.ofDays(1), world.signet.clock()).reasonAgainst("f@example.com"))
                    .hasValueSatisfying(reason -> assertThat(reason).endsWith("550 no such user"));
            assertThat(sent(world)).hasSize(5).last().asString().startsWith("[other@example.com] ");
        }
    }

    /** As RemoteDelivery hands it to its bounceProcessor. */
    private static MailImpl failed(MailWorld world, FakeMailContext.SentMail sent, boolean permanent) throws Exception {
        MailImpl mail = world.mail(MESSAGE);
        mail.setRecipients(sent.getRecipients());
        sent.getAttributes().values().forEach(mail::setAttribute);
        mail.setAttribute(Attribute.convertToAttribute("delivery-error", "550 no such user"));
        mail.setAttribute(Attribute.convertToAttribute("is-delivery-permanent-error", permanent));
        TrackReports mailet = new TrackReports(world.signet);
        mailet.init(FakeMailetConfig.builder().mailetName("TrackReports").mailetContext(world.james).setProperty("at", "failure").build());
        mailet.service(mail);
        return mail;
    }

    @Test
    void itIsOffByDefaultAndNothingIsAskedOfTheDns() throws Exception {
        try (MailWorld off = world(directory, Map.of("authserv-id", "mx.home.example"), "p=none; ruf=mailto:f@reports.example")) {
            arrive(off, MESSAGE);
            assertThat(sent(off)).isEmpty();
            assertThat(off.dns.asked().toString()).doesNotContain("_report._dmarc");
        }
    }

    @Test
    void hostileCase31AFloodFromOneSourceIsOneReportWithIncidents() throws Exception {
        Map<String, String> strict = Map.of("authserv-id", "mx.home.example", "failure-reports", "true", "failure-reports.from", "dmarc@home.example",
                "failure-reports.per-source", "1");
        try (MailWorld world = world(directory, strict, "p=none; ruf=mailto:f@example.com")) {
            for (int i = 0; i < 20; i++) {
                arrive(world, MESSAGE);
            }
            assertThat(sent(world)).hasSize(1);
        }
    }

    @Test
    void aDestinationThatGetsNoReportCostsNobodyARoomAndNoIncidentIsLost() throws Exception {
        try (MailWorld world = world(directory, ON, "p=none; ruf=mailto:f@silent.example")) {
            world.dns.failing("example.com._report._dmarc.silent.example", RecordType.TXT, "SERVFAIL");
            for (int i = 0; i < 5; i++) {
                arrive(world, MESSAGE);
            }
            assertThat(sent(world)).isEmpty();
            world.dns.txt("_dmarc.other.example", "v=DMARC1; p=none; ruf=mailto:f@other.example");
            arrive(world, MESSAGE.replace("example.com", "other.example"));
            assertThat(sent(world)).singleElement().asString().startsWith("[f@other.example]");

            world.dns.answering("example.com._report._dmarc.silent.example").txt("example.com._report._dmarc.silent.example", "v=DMARC1");
            arrive(world, MESSAGE);
            assertThat(sent(world)).last().asString().startsWith("[f@silent.example]").contains("Incidents: 6\r\n");
        }
    }

    @Test
    void hostileCase31AFloodAboutADomainThatNobodyIsToBeToldOfAsksTheDnsSoOftenAndNoMore() throws Exception {
        try (MailWorld world = world(directory, ON, "p=none; ruf=mailto:victim@victim.example")) {
            for (int i = 0; i < 40; i++) {
                arrive(world, MESSAGE);
            }
            assertThat(sent(world)).isEmpty();
            assertThat(world.dns.asked()).filteredOn(asked -> asked.contains("_report._dmarc")).hasSize(10);
        }
    }

    @Test
    void whatIsServedHereGetsNone() throws Exception {
        try (MailWorld world = world(directory, ON, "p=none; ruf=mailto:f@example.com")) {
            List<String> sent = new ArrayList<>();
            MailetContext serving = (MailetContext) Proxy.newProxyInstance(MailetContext.class.getClassLoader(), new Class<?>[] {MailetContext.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("isLocalServer")) {
                            return arguments[0].equals(Domain.of("example.com"));
                        }
                        sent.add(method.getName());
                        return null;
                    });
            FailureReporter failures = new FailureReporter(world.signet, serving, Runnable::run, new SecureRandom());
            new VerifyMailHook(world.signet, failures).onMessage(Sessions.from("192.0.2.7"), world.mail(MESSAGE));
            assertThat(sent).isEmpty();
        }
    }

    @Test
    void theMailGoesOnWhereTooManyReportsWait() throws Exception {
        try (MailWorld world = world(directory, ON, "p=none; ruf=mailto:f@example.com")) {
            List<Runnable> waiting = new ArrayList<>();
            FailureReporter failures = new FailureReporter(world.signet, world.james, task -> {
                if (!waiting.isEmpty()) {
                    throw new RejectedExecutionException("full");
                }
                waiting.add(task);
            }, new SecureRandom());
            VerifyMailHook hook = new VerifyMailHook(world.signet, failures);
            for (int i = 0; i < 3; i++) {
                MailImpl mail = world.mail(MESSAGE);
                hook.onMessage(Sessions.from("192.0.2.7"), mail);
                assertThat(MailWorld.verdict(mail).dmarc()).isPresent();
            }
            assertThat(sent(world)).as("nothing is done by the thread of the mail").isEmpty();
            waiting.removeFirst().run();
            assertThat(sent(world)).singleElement().asString().contains("Incidents: 1\r\n");
            hook.onMessage(Sessions.from("192.0.2.7"), world.mail(MESSAGE));
            waiting.removeFirst().run();
            assertThat(sent(world)).last().asString().as("two were dropped").contains("Incidents: 3\r\n");
        }
    }

    @Test
    void aSenderIsRequired() {
        try (MailWorld world = new MailWorld(directory, Map.of("failure-reports", "true"))) {
            assertThatThrownBy(() -> world.signet.settings()).isInstanceOf(ParameterException.class)
                    .hasMessage("test: failure-reports: found \"true\", expected failure-reports.from beside it: who sends them");
        }
        for (String nobody : List.of("nobody", "dmarc@[192.0.2.1]")) {
            try (MailWorld world = new MailWorld(directory, Map.of("failure-reports.from", nobody))) {
                assertThatThrownBy(() -> world.signet.settings())
                        .hasMessage("test: failure-reports.from: found \"" + nobody + "\", expected a mail address, such as dmarc@example.org");
            }
        }
    }
}
