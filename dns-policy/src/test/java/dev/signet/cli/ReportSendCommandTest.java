// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import dev.signet.dmarc.DiscoveryMethod;
import dev.signet.dmarc.DmarcDiscovery;
import dev.signet.dmarc.DmarcRecord;
import dev.signet.dns.DomainName;
import dev.signet.report.ActionTaken;
import dev.signet.report.AggregateReportWriter;
import dev.signet.report.Observation;
import dev.signet.report.ReportDestinations;
import dev.signet.report.ReportFormat;
import dev.signet.report.ReportedMessage;
import dev.signet.report.Reporter;
import dev.signet.sending.OutgoingMail;
import dev.signet.sending.ReportPlanner;
import dev.signet.sending.ReportSender;
import dev.signet.sending.SendingOptions;
import dev.signet.sending.SendingRules;
import dev.signet.store.Database;
import dev.signet.store.DatabaseSettings;
import dev.signet.store.JournalPosition;
import dev.signet.store.ReportStore;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

@Timeout(60)
class ReportSendCommandTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 22);
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    private Path folder;

    private Database database;
    private final List<OutgoingMail> queued = Collections.synchronizedList(new ArrayList<>());

    /** As James has it open while the command runs. */
    @BeforeEach
    void fill() throws SQLException {
        database = Database.open(DatabaseSettings.embedded(folder.resolve("reports")));
        Observation observation = new Observation(InetAddresses.forString("192.0.2.1"), ActionTaken.NONE, false, false, List.of(), "sender.example",
                Optional.of("sender.example"), Optional.empty(), List.of(), Optional.empty());
        DmarcRecord record = DmarcRecord.parse("v=DMARC1; p=none; rua=mailto:r@sender.example").orElseThrow();
        new ReportStore(database).record(new JournalPosition("test", 1), List.of(new ReportedMessage(DAY.atTime(12, 0).toInstant(ZoneOffset.UTC),
                DomainName.of("sender.example"), record, DiscoveryMethod.TREEWALK, false, observation)));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aRunningServerSendsAndSaysWhatBecameOfEachReport() throws Exception {
        CommandLineRun run = besideAServer("--day", "2026-11-22");

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out().lines()).singleElement().asString().contains("sender.example", "sent to r@sender.example");
        assertThat(queued).extracting(OutgoingMail::recipient).containsExactly("r@sender.example");
    }

    @Test
    void aDryRunShowsThePlanAndSendsNothing() throws Exception {
        CommandLineRun run = besideAServer("--day", "2026-11-22", "--dry-run");

        assertThat(run.status()).isZero();
        assertThat(run.out().lines()).singleElement().asString().contains("sender.example (1 messages)", "r@sender.example");
        assertThat(queued).isEmpty();
    }

    @Test
    void aDayThatIsNotOverIsAnswered() throws Exception {
        CommandLineRun run = besideAServer("--day", "2026-11-23");

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("2026-11-23 is not over in UTC");
        assertThat(queued).isEmpty();
    }

    @Test
    void withoutAServerTheRequestIsTakenBackSoThatNoneSendsLater() throws Exception {
        CommandLineRun run = send("--day", "2026-11-22", "--wait", "1s");

        assertThat(run.status()).isEqualTo(Signet.FAILED);
        assertThat(run.err()).contains("signet report send: no James took the request", "reports.send = true");
        assertThat(run.out()).isEmpty();
        ReportSender later = server();
        later.beat();
        later.round();
        assertThat(queued).isEmpty();
    }

    @Test
    void mistakesAreNamed() {
        assertThat(CommandLineRun.of("report", "send", "--database", folder.resolve("none").toString(), "--day", "2026-11-22").err())
                .contains("option '--database': found no", "none.mv.db, expected the reports of a James");
        assertThat(send("--day", "22.11.2026").err()).contains("--day");
        assertThat(send().err()).contains("--day");
    }

    private CommandLineRun send(String... arguments) {
        List<String> words = new ArrayList<>(List.of("report", "send", "--database", folder.resolve("reports").toString()));
        words.addAll(List.of(arguments));
        return CommandLineRun.of(words.toArray(String[]::new));
    }

    private CommandLineRun besideAServer(String... arguments) throws Exception {
        ReportSender server = server();
        AtomicBoolean over = new AtomicBoolean();
        Thread rounds = Thread.ofPlatform().start(() -> {
            try {
                while (!over.get()) {
                    server.beat();
                    server.round();
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        try {
            return send(arguments);
        } finally {
            over.set(true);
            rounds.join();
        }
    }

    private ReportSender server() {
        SendingRules rules = new SendingRules(1, List.of(), DomainName.of("home.example")::equals, 1000);
        ReportPlanner planner = new ReportPlanner(new ReportDestinations(DmarcDiscovery.treeWalk(), 5), rules, new FakeDns());
        Reporter reporter = new Reporter(DomainName.of("mx.home.example"), "Home", "dmarc@home.example", "", "test");
        // By itself it begins at 20:00 only.
        SendingOptions options = new SendingOptions("dmarc@home.example", "bounces@home.example", Duration.ofHours(20),
                Duration.ofHours(3), Duration.ofMinutes(1), true, Duration.ZERO, Duration.ofDays(3));
        return new ReportSender(database, planner, new AggregateReportWriter(reporter, ReportFormat.RFC9990, AggregateReportWriter.MIN_BYTES),
                options, queued::add, () -> NOW, new SecureRandom());
    }
}
