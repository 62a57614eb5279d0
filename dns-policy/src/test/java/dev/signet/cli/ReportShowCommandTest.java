// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dmarc.AlignmentMode;
import dev.signet.dmarc.Disposition;
import dev.signet.dns.DomainName;
import dev.signet.report.ActionTaken;
import dev.signet.report.AggregateReport;
import dev.signet.report.FailureReport;
import dev.signet.report.MailedReport;
import dev.signet.report.Observation;
import dev.signet.report.PublishedPolicy;
import dev.signet.report.ReadLimits;
import dev.signet.report.ReportMailReader;
import dev.signet.report.ReportMetadata;
import dev.signet.report.ReportRow;
import dev.signet.store.Database;
import dev.signet.store.DatabaseSettings;
import dev.signet.store.ReceivedReports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

class ReportShowCommandTest {

    private static final String EVIL = "=cmd|'/c calc'!A1\u001b[2J\u202e,\"x";

    @TempDir
    private Path folder;

    private String zone;
    private Database database;

    /** As James has it open while the command runs. */
    @BeforeEach
    void fill() throws Exception {
        zone = Files.writeString(folder.resolve("zone"), """
                $TTL 60
                @ IN SOA ns hostmaster 1 1 1 1 1
                1.2.0.192.in-addr.arpa. IN PTR mail.example.com.
                mail.example.com. IN A 192.0.2.1
                66.2.0.192.in-addr.arpa. IN PTR mail.bank.example.
                """).toString();
        database = Database.open(DatabaseSettings.embedded(folder.resolve("reports")));
        ReceivedReports reports = new ReceivedReports(database);
        Instant now = CommandLineRun.NOW;
        reports.add(report("1", now.minus(Duration.ofDays(3)),
                row("192.0.2.1", "example.com", ActionTaken.PASS, true, true, 120), row("192.0.2.66", EVIL, ActionTaken.REJECT, false, false, 7)),
                Optional.of(DomainName.of("receiver.example")), now);
        reports.add(report("2", now.minus(Duration.ofDays(20)), row("192.0.2.9", "example.com", ActionTaken.NONE, true, true, 1)),
                Optional.of(DomainName.of("receiver.example")), now);
        reports.add(new FailureReport("dmarc", DomainName.of("example.com"), Optional.of(InetAddress.getByName("192.0.2.66")), Optional.empty(),
                Optional.of(Set.of(FailureReport.Mechanism.SPF)), "reject", "", "", "", 2, ""), Optional.empty(), now);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static ReportRow row(String source, String from, ActionTaken action, boolean dkim, boolean spf, long count) throws Exception {
        return new ReportRow(new Observation(InetAddress.getByName(source), action, dkim, spf, List.of(), from, Optional.empty(), Optional.empty(),
                List.of(), Optional.empty()), count);
    }

    private static AggregateReport report(String id, Instant end, ReportRow... rows) {
        return new AggregateReport(new ReportMetadata("R", "", "", id, end.minus(Duration.ofDays(1)), end, "", ""),
                new PublishedPolicy(DomainName.of("example.com"), Optional.empty(), Disposition.NONE, Disposition.NONE, Disposition.NONE,
                        AlignmentMode.RELAXED, AlignmentMode.RELAXED, false, "0", 100), List.of(rows));
    }

    private CommandLineRun show(String... more) {
        String[] arguments = new String[6 + more.length];
        System.arraycopy(new String[] {"report", "show", "--database", folder.resolve("reports").toString(), "--zone", zone}, 0, arguments, 0, 6);
        System.arraycopy(more, 0, arguments, 6, more.length);
        return CommandLineRun.of(arguments);
    }

    @Test
    void showsWhoSendsWhileJamesHasTheDatabaseOpen() {
        CommandLineRun run = show("--domain", "example.com");

        assertThat(run.status()).describedAs(run.err()).isZero();
        assertThat(run.out().lines()).containsExactly(
                "reports    messages  source      name              from                       dkim  spf   disposition  reporters",
                "aggregate  120       192.0.2.1   mail.example.com  example.com                pass  pass  pass         1",
                "aggregate  7         192.0.2.66  -                 =cmd|'/c calc'!a1?[2j?,\"x  fail  fail  reject       1",
                "failure    2         192.0.2.66  -                 example.com                pass  fail  reject       1");
    }

    @Test
    void hostileCase29ShownTextIsEscaped() {
        for (String format : List.of("", "--json", "--csv")) {
            CommandLineRun run = format.isEmpty() ? show() : show(format);
            assertThat(run.out()).matches("[\\x20-\\x7E\\n]*");
        }
        assertThat(show("--csv").out().lines()).containsExactly(
                "reports,messages,source,name,from,dkim,spf,disposition,reporters",
                "aggregate,120,192.0.2.1,mail.example.com,example.com,pass,pass,pass,1",
                "aggregate,7,192.0.2.66,,\"'=cmd|'/c calc'!a1?[2j?,\"\"x\",fail,fail,reject,1",
                "failure,2,192.0.2.66,,example.com,pass,fail,reject,1");
    }

    @Test
    void printsAnObjectALine() {
        assertThat(show("--json").out().lines().findFirst()).contains(
                "{\"reports\":\"aggregate\",\"messages\":120,\"source\":\"192.0.2.1\",\"name\":\"mail.example.com\",\"from\":\"example.com\","
                        + "\"dkimAligned\":true,\"spfAligned\":true,\"disposition\":\"pass\",\"reporters\":1}");
    }

    /** RFC 9991 §4 has it required; much software does not write it. */
    @Test
    void whatAFailureReportDoesNotTellIsNotSaidToHavePassed() throws Exception {
        String mail = """
                From: r@receiver.example
                Content-Type: multipart/report; boundary=b

                --b
                Content-Type: message/feedback-report

                Feedback-Type: auth-failure
                Auth-Failure: dmarc
                Source-IP: 192.0.2.77
                Reported-Domain: untold.example
                Delivery-Result: spam

                --b--
                """;
        MailedReport read = new ReportMailReader(ReadLimits.DEFAULT).read(new ByteArrayInputStream(mail.getBytes(StandardCharsets.US_ASCII)));
        new ReceivedReports(database).add(((MailedReport.Failure) read).report(), Optional.empty(), CommandLineRun.NOW);

        assertThat(show("--domain", "untold.example").out().lines()).last().isEqualTo(
                "failure  1         192.0.2.77  -     untold.example  -     -    spam         1");
        assertThat(show("--domain", "untold.example", "--csv").out().lines()).last().isEqualTo(
                "failure,1,192.0.2.77,,untold.example,,,spam,1");
        assertThat(show("--domain", "untold.example", "--json").out()).contains("\"dkimAligned\":null,\"spfAligned\":null,");
    }

    @Test
    void looksAsFarBackAsItIsTold() {
        assertThat(show("--days", "30", "--csv").out()).contains("192.0.2.9").contains("192.0.2.1,");
        assertThat(show("--days", "1", "--csv").out()).doesNotContain("aggregate");
        assertThat(show("--domain", "other.example").out()).isEqualToNormalizingNewlines("no reports\n");
        assertThat(show("--days", "0").status()).isEqualTo(Signet.WRONG);
    }

    @Test
    void makesNoDatabaseWhereThereIsNone() {
        Path nowhere = folder.resolve("nowhere");
        CommandLineRun run = CommandLineRun.of("report", "show", "--database", nowhere.toString());

        assertThat(run.status()).isEqualTo(Signet.WRONG);
        assertThat(run.err()).contains("--database", "found no " + nowhere + ".mv.db");
        assertThat(folder.resolve("nowhere.mv.db")).doesNotExist();
    }

    @Test
    void oneFormatAtATime() {
        assertThat(show("--json", "--csv").status()).isEqualTo(Signet.WRONG);
    }
}
