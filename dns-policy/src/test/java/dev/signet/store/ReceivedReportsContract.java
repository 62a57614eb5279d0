// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dmarc.AlignmentMode;
import dev.signet.dmarc.Disposition;
import dev.signet.dns.DomainName;
import dev.signet.report.ActionTaken;
import dev.signet.report.AggregateReport;
import dev.signet.report.FailureReport;
import dev.signet.report.Observation;
import dev.signet.report.PublishedPolicy;
import dev.signet.report.ReportMetadata;
import dev.signet.report.ReportRow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** What is asked of every database that holds the reports of others. */
abstract class ReceivedReportsContract {

    private static final Instant DAY = Instant.parse("2026-11-22T00:00:00Z");
    private static final Optional<DomainName> SENDER = Optional.of(DomainName.of("receiver.example"));

    private Database database;
    private ReceivedReports reports;

    /** An empty one. */
    abstract DatabaseSettings emptyDatabase();

    @BeforeEach
    void open() {
        database = Database.open(emptyDatabase());
        reports = new ReceivedReports(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    static ReportRow row(String source, String from, ActionTaken action, boolean dkim, boolean spf, long count) {
        return new ReportRow(new Observation(ip(source), action, dkim, spf, List.of(), from, Optional.empty(), Optional.empty(), List.of(), Optional.empty()), count);
    }

    static AggregateReport report(String organization, String id, String domain, Instant begin, ReportRow... rows) {
        return new AggregateReport(
                new ReportMetadata(organization, "", "", id, begin, begin.plus(Duration.ofDays(1)).minusSeconds(1), "", ""),
                new PublishedPolicy(DomainName.of(domain), Optional.empty(), Disposition.NONE, Disposition.NONE, Disposition.NONE,
                        AlignmentMode.RELAXED, AlignmentMode.RELAXED, false, "0", 100),
                List.of(rows));
    }

    private static FailureReport failure(String domain, String source, long incidents, FailureReport.Mechanism... unaligned) {
        return new FailureReport("dmarc", DomainName.of(domain), source.isEmpty() ? Optional.empty() : Optional.of(ip(source)), Optional.empty(),
                Optional.of(Set.of(unaligned)), "delivered", "evil.example", "", "", incidents, "");
    }

    private List<String> senders(String domain, Instant since) throws SQLException {
        return reports.senders(domain.isEmpty() ? Optional.empty() : Optional.of(DomainName.of(domain)), since).stream()
                .map(sender -> String.join(" ", sender.kind().toString(), Long.toString(sender.messages()), sender.source(), sender.from(),
                        sender.disposition(), told(sender.dkimAligned()), told(sender.spfAligned()), Long.toString(sender.reporters())))
                .toList();
    }

    private static String told(Optional<Boolean> aligned) {
        return aligned.map(Object::toString).orElse("untold");
    }

    @Test
    void equalRowsOfAllReportsAreOneSender() throws SQLException {
        ReportRow ours = row("192.0.2.1", "example.com", ActionTaken.NONE, true, false, 3);
        ReportRow evil = row("2001:db8::66", "EXAMPLE.com", ActionTaken.REJECT, false, false, 40);
        reports.add(report("Receiver", "1", "example.com", DAY, ours, evil), SENDER, DAY);
        reports.add(report("Other", "1", "example.com", DAY, ours, ours), Optional.of(DomainName.of("other.example")), DAY);

        assertThat(senders("", DAY)).containsExactly(
                "AGGREGATE 40 2001:db8::66 example.com reject false false 1",
                "AGGREGATE 9 192.0.2.1 example.com none true false 2");
    }

    @Test
    void aReportThatComesTwiceCountsOnce() throws SQLException {
        ReportRow row = row("192.0.2.1", "example.com", ActionTaken.NONE, true, true, 3);
        assertThat(reports.add(report("Receiver", "1", "example.com", DAY, row), SENDER, DAY)).isTrue();

        assertThat(reports.add(report("receiver", "1", "example.com", DAY, row, row), SENDER, DAY)).as("same Report-ID and organization").isFalse();
        assertThat(senders("", DAY)).containsExactly("AGGREGATE 3 192.0.2.1 example.com none true true 1");

        assertThat(reports.add(report("Receiver", "2", "example.com", DAY, row), SENDER, DAY)).as("another Report-ID").isTrue();
        assertThat(reports.add(report("Receiver", "1", "example.org", DAY, row), SENDER, DAY)).as("another domain").isTrue();
        assertThat(reports.add(report("Receiver", "1", "example.com", DAY, row), Optional.of(DomainName.of("liar.example")), DAY))
                .as("a liar keeps nobody's report out").isTrue();
    }

    /** RFC 9990 has it unique; not all who report do. */
    @Test
    void aReportIdThatIsUsedAgainForAnotherPeriodIsAnotherReport() throws SQLException {
        ReportRow row = row("192.0.2.1", "example.com", ActionTaken.NONE, true, true, 3);
        Instant nextDay = DAY.plus(Duration.ofDays(1));
        assertThat(reports.add(report("Receiver", "example.com", "example.com", DAY, row), SENDER, DAY)).isTrue();

        assertThat(reports.add(report("Receiver", "example.com", "example.com", nextDay, row), SENDER, nextDay)).isTrue();
        assertThat(senders("", DAY)).containsExactly("AGGREGATE 6 192.0.2.1 example.com none true true 1");
    }

    @Test
    void withoutAReportIdTheContentsTell() throws SQLException {
        ReportRow row = row("192.0.2.1", "example.com", ActionTaken.NONE, true, true, 3);
        assertThat(reports.add(report("", "", "example.com", DAY, row), SENDER, DAY)).isTrue();
        assertThat(reports.add(report("", "", "example.com", DAY, row), SENDER, DAY)).isFalse();
        assertThat(reports.add(report("", "", "example.com", DAY.plus(Duration.ofDays(1)), row), SENDER, DAY)).isTrue();
    }

    @Test
    void atOnceFromSeveralNodesItCountsOnceToo() throws Exception {
        ReportRow row = row("192.0.2.1", "example.com", ActionTaken.NONE, true, true, 1);
        List<Boolean> added = new ArrayList<>();
        try (ExecutorService nodes = Executors.newFixedThreadPool(4)) {
            Callable<Boolean> node = () -> reports.add(report("Receiver", "1", "example.com", DAY, row), SENDER, DAY);
            for (Future<Boolean> done : nodes.invokeAll(List.of(node, node, node, node))) {
                added.add(done.get());
            }
        }
        assertThat(added).containsExactlyInAnyOrder(true, false, false, false);
        assertThat(senders("", DAY)).containsExactly("AGGREGATE 1 192.0.2.1 example.com none true true 1");
    }

    @Test
    void aDomainIsShownWithAllBelowItAndNothingElse() throws SQLException {
        reports.add(report("R", "1", "example.com", DAY, row("192.0.2.1", "news.example.com", ActionTaken.NONE, true, true, 1)), SENDER, DAY);
        reports.add(report("R", "2", "other.example", DAY, row("192.0.2.2", "other.example", ActionTaken.NONE, true, true, 2)), SENDER, DAY);
        reports.add(report("R", "3", "anexample.com", DAY, row("192.0.2.3", "anexample.com", ActionTaken.NONE, true, true, 3)), SENDER, DAY);

        assertThat(senders("example.com", DAY)).containsExactly("AGGREGATE 1 192.0.2.1 news.example.com none true true 1");
        assertThat(senders("news.example.com", DAY)).containsExactly("AGGREGATE 1 192.0.2.1 news.example.com none true true 1");
    }

    @Test
    void failureReportsComeLastAndEachCounts() throws SQLException {
        reports.add(failure("example.com", "192.0.2.66", 7, FailureReport.Mechanism.DKIM, FailureReport.Mechanism.SPF), SENDER, DAY);
        reports.add(failure("example.com", "192.0.2.66", 1, FailureReport.Mechanism.DKIM, FailureReport.Mechanism.SPF), SENDER, DAY);
        reports.add(failure("news.example.com", "", 1, FailureReport.Mechanism.SPF), SENDER, DAY);
        FailureReport untold = new FailureReport("dmarc", DomainName.of("example.com"), Optional.of(ip("192.0.2.66")), Optional.empty(),
                Optional.empty(), "delivered", "", "", "", 4, "");
        reports.add(untold, SENDER, DAY);
        reports.add(untold, SENDER, DAY);
        reports.add(report("R", "1", "example.com", DAY, row("192.0.2.1", "example.com", ActionTaken.PASS, true, true, 1)), SENDER, DAY);

        assertThat(senders("example.com", DAY)).containsExactly(
                "AGGREGATE 1 192.0.2.1 example.com pass true true 1",
                "FAILURE 8 192.0.2.66 example.com delivered false false 1",
                "FAILURE 8 192.0.2.66 example.com delivered untold untold 1",
                "FAILURE 1  news.example.com delivered true false 1");
    }

    @Test
    void whatIsOldIsNotShownAndThenForgotten() throws SQLException {
        ReportRow row = row("192.0.2.1", "example.com", ActionTaken.NONE, true, true, 1);
        AggregateReport old = report("R", "1", "example.com", DAY, row);
        Instant later = DAY.plus(Duration.ofDays(2));
        reports.add(old, SENDER, DAY);
        reports.add(failure("example.com", "192.0.2.66", 7), SENDER, DAY);
        assertThat(senders("", later)).isEmpty();
        assertThat(senders("", DAY)).hasSize(2);

        reports.forgetBefore(later);
        assertThat(senders("", DAY)).isEmpty();
        assertThat(reports.add(old, SENDER, DAY)).as("nothing is left of it").isTrue();
    }

    @Test
    void numbersThatNoColumnCouldAddUpHideNobodyElse() throws SQLException {
        long most = Long.MAX_VALUE;
        reports.add(report("Liar", "1", "example.com", DAY, row("192.0.2.66", "example.com", ActionTaken.NONE, false, false, most)), SENDER, DAY);
        reports.add(report("Liar", "2", "example.com", DAY, row("192.0.2.66", "example.com", ActionTaken.NONE, false, false, most)), SENDER, DAY);
        reports.add(report("Receiver", "1", "example.com", DAY, row("192.0.2.1", "example.com", ActionTaken.NONE, true, true, 3)), SENDER, DAY);

        assertThat(senders("", DAY)).containsExactly(
                "AGGREGATE " + most + " 192.0.2.66 example.com none false false 1",
                "AGGREGATE 3 192.0.2.1 example.com none true true 1");
    }

    @Test
    void aReportAboutTimesToComeIsAsOldAsItsMail() throws SQLException {
        AggregateReport farAhead = report("R", "1", "example.com", Instant.parse("5138-01-01T00:00:00Z"),
                row("192.0.2.1", "example.com", ActionTaken.NONE, true, true, 1));
        reports.add(farAhead, SENDER, DAY);
        assertThat(senders("", DAY)).hasSize(1);
        assertThat(senders("", DAY.plusSeconds(1))).isEmpty();

        reports.forgetBefore(DAY.plusSeconds(1));
        assertThat(senders("", DAY)).isEmpty();
    }

    @Test
    void everyCharacterIsKeptOrReplaced() throws SQLException {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            all.append((char) c);
        }
        ReportRow[] rows = new ReportRow[all.length() / 200 + 1];
        for (int i = 0; i < rows.length; i++) {
            String from = all.substring(i * 200, Math.min(all.length(), (i + 1) * 200));
            rows[i] = row("10.0." + (i >> 8) + "." + (i & 255), from, ActionTaken.NONE, true, true, 1);
            assertThat(reports.add(report(from, i + from, "example.com", DAY, rows[i]), SENDER, DAY)).isTrue();
        }
        String nul = "nul \u0000 half \uD800 pair \uD83D\uDE00";
        FailureReport odd = new FailureReport(
                nul, DomainName.of("example.com"), Optional.empty(), Optional.empty(), Optional.empty(), nul, nul, nul, nul, 1, nul);
        reports.add(odd, SENDER, DAY);

        assertThat(senders("", DAY)).hasSize(rows.length + 1);
    }

    @Test
    void aLargeReportOfOddTextIsKept() throws SQLException {
        ReportRow[] rows = IntStream.range(0, 5_000)
                .mapToObj(i -> row("10.0." + (i >> 8) + "." + (i & 255), "\u0000\uD800 \uD83D\uDE00'; drop table x; --" + "x".repeat(400), ActionTaken.NONE, true, true, 1))
                .toArray(ReportRow[]::new);
        assertThat(reports.add(report("\u0000'" + "o".repeat(5_000), "i".repeat(5_000), "example.com", DAY, rows), SENDER, DAY)).isTrue();
        assertThat(senders("example.com", DAY)).hasSize(5_000).allSatisfy(sender -> assertThat(sender).contains("?? ?'; drop table x; --xxx"));
    }
}
