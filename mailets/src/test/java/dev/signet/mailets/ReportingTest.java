// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.signet.store.PolicyDay;
import dev.signet.store.RecorderState;
import dev.signet.store.ReportStore;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.james.core.MailAddress;
import org.apache.james.core.healthcheck.Result;
import org.apache.james.core.healthcheck.ResultStatus;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** What is recorded of the mail that passes the hook and the mailets. */
@Timeout(60)
class ReportingTest {

    private static final LocalDate DAY = LocalDate.parse("2026-11-23");

    @TempDir
    private Path directory;

    private MailWorld world;
    private Reporting reporting;

    private void begin(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of("authserv-id", MailWorld.ID, "reports", "true"));
        settings.putAll(more);
        world = new MailWorld(directory, settings);
        world.dns.txt("_dmarc.example.com", "v=DMARC1; p=reject; rua=mailto:r@example.com");
        world.dns.txt("_dmarc.quarantine.example", "v=DMARC1; p=quarantine; rua=mailto:r@quarantine.example");
        world.dns.txt("_dmarc.silent.example", "v=DMARC1; p=reject");
        reporting = world.signet.reporting().orElseThrow();
    }

    @AfterEach
    void end() {
        if (world != null) {
            reporting.close();
            world.close();
        }
    }

    private static String from(String author) {
        return "From: ceo@" + author + "\r\nSubject: invoice\r\nMessage-ID: <1@example.com>\r\n\r\nPay.\r\n";
    }

    private HookResult hook(MailImpl mail, String mode) throws Exception {
        BaseHierarchicalConfiguration config = new BaseHierarchicalConfiguration();
        config.addProperty("mode", mode);
        VerifyMailHook hook = new VerifyMailHook(world.signet, world.failures);
        hook.init(config);
        return hook.onMessage(Sessions.from("192.0.2.7"), mail);
    }

    private void verify(MailImpl mail) throws Exception {
        VerifyMail mailet = new VerifyMail(world.signet, world.failures);
        mailet.init(FakeMailetConfig.builder().mailetName("VerifyMail").build());
        mailet.service(mail);
    }

    private void applyDmarc(Map<String, String> parameters) throws Exception {
        ApplyDmarc mailet = new ApplyDmarc(world.signet, null);
        FakeMailetConfig.Builder config = FakeMailetConfig.builder().mailetName("ApplyDmarc");
        parameters.forEach(config::setProperty);
        mailet.init(config.build());
    }

    /** {@code "example.com reject 1"}: domain, what was done, how many. Waits until these many are counted. */
    private List<String> recorded(int messages) throws Exception {
        ReportStore store = new ReportStore(reporting.database());
        while (store.policies(DAY).stream().mapToLong(PolicyDay::messages).sum() < messages) {
            // The time limit of the test ends this.
            LockSupport.parkNanos(10_000_000);
        }
        List<String> rows = new ArrayList<>();
        for (PolicyDay policy : store.policies(DAY)) {
            store.rows(policy.id()).forEachRemaining(row -> rows.add(row.observation().headerFrom() + " "
                    + row.observation().action().word() + " " + row.count()
                    + (row.observation().reasons().isEmpty() ? "" : " " + row.observation().reasons().getFirst().comment())));
        }
        return rows.stream().sorted().toList();
    }

    @Test
    void aFailureReportSaysWhatIsDoneAndNotWhatThePolicyAsksFor() throws Exception {
        begin(Map.of("failure-reports", "true", "failure-reports.from", "dmarc@home.example", "failure-reports.per-source", "10"));
        world.dns.txt("_dmarc.strict.example", "v=DMARC1; p=reject; ruf=mailto:f@strict.example");

        hook(world.mail(from("strict.example")), "observe");
        applyDmarc(Map.of("reject", "nothing"));
        hook(world.mail(from("strict.example")), "observe");
        applyDmarc(Map.of());
        hook(world.mail(from("strict.example")), "observe");
        hook(world.mail(from("strict.example")), "enforce");

        List<String> results = new ArrayList<>();
        for (FakeMailContext.SentMail mail : world.james.getSentMails()) {
            String text = new String(mail.getMsg().getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            results.add(text.replaceFirst("(?s)^.*\r\nDelivery-Result: (\\S+)\r\n.*$", "$1"));
        }
        assertThat(results).containsExactly("delivered", "delivered", "spam", "reject");
    }

    @Test
    void whatTheHookRefusesWasRejected() throws Exception {
        begin(Map.of());
        hook(world.mail(from("example.com")), "enforce");

        assertThat(recorded(1)).containsExactly("example.com reject 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tag", "observe"})
    void whatIsOnlyWatchedHadNothingDoneToIt(String mode) throws Exception {
        begin(Map.of());
        MailImpl mail = world.mail(from("example.com"));
        hook(mail, mode);
        verify(mail);

        assertThat(recorded(1)).containsExactly("example.com none 1 not done here: reject");
    }

    @ParameterizedTest
    @CsvSource({
        "quarantine.example, quarantine, processor spam, quarantine.example quarantine 1",
        "quarantine.example, quarantine, nothing,        quarantine.example none 1 not done here: quarantine",
        "example.com,        reject,     processor spam, example.com quarantine 1 not done here: reject",
        "example.com,        reject,     nothing,        example.com none 1 not done here: reject"
    })
    void whatIsAcceptedHadDoneToItWhatApplyDmarcDoes(String author, String disposition, String action, String expected) throws Exception {
        begin(Map.of());
        applyDmarc(Map.of(disposition, action));
        MailImpl mail = world.mail(from(author));
        hook(mail, "tag");
        verify(mail);

        assertThat(recorded(1)).containsExactly(expected);
    }

    @Test
    void aMessageIsRecordedOnceThoughItPassesTwiceAndHasSeveralRecipients() throws Exception {
        begin(Map.of());
        MailImpl mail = world.mail(from("example.com"));
        mail.setRecipients(List.of(
                new MailAddress("bob@home.example"), new MailAddress("carol@home.example")));
        hook(mail, "tag");
        verify(mail);
        MailWorld.queue(mail);
        verify(mail);
        MailImpl other = world.mail(from("quarantine.example"));
        verify(other);

        assertThat(recorded(2)).hasSize(2).contains("example.com none 1 not done here: reject");
    }

    @ParameterizedTest
    @ValueSource(strings = {"silent.example", "nowhere.example"})
    void nothingIsRecordedWhereNobodyWantsToKnow(String author) throws Exception {
        begin(Map.of());
        verify(world.mail(from(author)));
        verify(world.mail(from("example.com")));

        assertThat(recorded(1)).containsExactly("example.com none 1 not done here: reject");
    }

    @Test
    void nothingIsRecordedOfDomainsThatAreExcepted() throws Exception {
        begin(Map.of("reports.except", "*.org, quarantine.example"));
        verify(world.mail(from("quarantine.example")));
        verify(world.mail(from("example.com")));

        assertThat(recorded(1)).containsExactly("example.com none 1 not done here: reject");
    }

    @Test
    void aReportIsKnownForOne() throws Exception {
        begin(Map.of());
        verify(world.mail(from("example.com").replace("Subject: invoice", "Subject: Report Domain: home.example Submitter: example.com")));

        assertThat(recorded(1)).hasSize(1);
        assertThat(new ReportStore(reporting.database()).policies(DAY).getFirst().due()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "dmarc@home.example, false",
        "dmarc+0123456789abcdef0123@home.example, false",
        "'dmarc@home.example,bob@home.example', true",
        "dmarc+other@home.example, true",
        "bob@home.example, true"
    })
    void anAnswerToAReportCallsForNone(String recipients, boolean calls) throws Exception {
        begin(Map.of("reports.send", "true", "reports.email", "dmarc@home.example"));
        MailImpl mail = world.mail(from("example.com"));
        List<MailAddress> to = new ArrayList<>();
        for (String recipient : Splitter.on(',').split(recipients)) {
            to.add(new MailAddress(recipient));
        }
        mail.setRecipients(to);
        verify(mail);

        assertThat(recorded(1)).as("it counts").hasSize(1);
        assertThat(new ReportStore(reporting.database()).policies(DAY).getFirst().due()).isEqualTo(calls);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    @Test
    void noAddressOfAPersonIsOnDisk() throws Exception {
        begin(Map.of());
        verify(world.mail(from("example.com")));
        recorded(1);
        while (!isEmpty(directory.resolve("var/signet/journal"))) {
            // What is counted has yet to be deleted. The time limit of the test ends this.
            LockSupport.parkNanos(10_000_000);
        }

        try (var files = Files.walk(directory.resolve("var"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(content).doesNotContain("ceo@", "alice@", "bob@", "invoice");
            }
        }
    }

    @Test
    void theHealthCheckSaysThatAllIsWell() throws Exception {
        begin(Map.of());
        verify(world.mail(from("example.com")));
        recorded(1);

        assertThat(reporting.state()).isEqualTo(new RecorderState.Sound());
        assertThat(health().getStatus()).isEqualTo(ResultStatus.HEALTHY);
    }

    @Test
    void theHealthCheckSaysThatTheJournalCannotBeWritten() throws Exception {
        Files.createDirectories(directory.resolve("var/signet"));
        Files.writeString(directory.resolve("var/signet/journal"), "a file where a folder should be");
        begin(Map.of());
        verify(world.mail(from("example.com")));
        while (!health().isUnHealthy()) {
            LockSupport.parkNanos(10_000_000);
        }

        assertThat(health().getCause().orElseThrow()).startsWith("what DMARC finds is not recorded: ");
        Files.delete(directory.resolve("var/signet/journal"));
        assertThat(recorded(1)).hasSize(1);
    }

    private Result health() {
        return Mono.from(new ReportHealthCheck(world.signet).check()).block();
    }
}
