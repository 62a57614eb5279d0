// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dkim.DkimState;
import dev.signet.dmarc.DiscoveryMethod;
import dev.signet.dmarc.DmarcRecord;
import dev.signet.dmarc.OverrideReason;
import dev.signet.dns.DomainName;
import dev.signet.report.ActionTaken;
import dev.signet.report.AggregateReportReader;
import dev.signet.report.AggregateReportWriter;
import dev.signet.report.AggregateSchema;
import dev.signet.report.DkimOutcome;
import dev.signet.report.Observation;
import dev.signet.report.PublishedPolicy;
import dev.signet.report.ReadLimits;
import dev.signet.report.ReadReport;
import dev.signet.report.ReportFile;
import dev.signet.report.ReportFormat;
import dev.signet.report.ReportRow;
import dev.signet.report.ReportTally;
import dev.signet.report.ReportedMessage;
import dev.signet.report.Reporter;
import dev.signet.report.SpfOutcome;
import dev.signet.spf.SpfIdentity;
import dev.signet.spf.SpfResult;
import dev.signet.testing.GeneratedMail;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** What is asked of every database. */
abstract class ReportStoreContract {

    static final LocalDate DAY = LocalDate.parse("2026-11-22");

    private Database database;
    private ReportStore store;

    /** An empty one. */
    abstract DatabaseSettings emptyDatabase();

    @BeforeEach
    void open() {
        database = Database.open(emptyDatabase());
        store = new ReportStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static List<ReportedMessage> generated(long seed, int count) {
        GeneratedMail mail = new GeneratedMail(seed);
        return Stream.generate(mail::next).limit(count).toList();
    }

    private Map<Observation, Long> rows(long policyDay) {
        Map<Observation, Long> rows = new HashMap<>();
        store.rows(policyDay).forEachRemaining(row -> assertThat(rows.put(row.observation(), row.count())).isNull());
        return rows;
    }

    private static Map<Observation, Long> rows(ReportTally.Group group) {
        Map<Observation, Long> rows = new HashMap<>();
        group.rows().forEach(row -> rows.put(row.observation(), row.count()));
        return rows;
    }

    @Test
    void whatIsRecordedInManyBatchesIsReadRowByRow() throws SQLException {
        long seed = new Random().nextLong();
        System.out.println("whatIsRecordedInManyBatchesIsReadRowByRow: seed " + seed);
        List<ReportedMessage> messages = generated(seed, 10_000);
        for (int from = 0; from < messages.size(); from += 400) {
            assertThat(store.record(new JournalPosition("a", from + 1), messages.subList(from, from + 400))).isTrue();
        }

        ReportTally expected = new ReportTally();
        messages.forEach(expected::add);
        Map<PublishedPolicy, PolicyDay> stored = new HashMap<>();
        store.policies(DAY).forEach(policy -> stored.put(policy.policy(), policy));
        assertThat(stored).hasSameSizeAs(expected.groups());
        for (ReportTally.Group group : expected.groups()) {
            PolicyDay policy = stored.get(group.policy());
            assertThat(policy.day()).isEqualTo(group.day());
            assertThat(policy.due()).isEqualTo(group.due());
            assertThat(policy.messages()).isEqualTo(group.rows().stream().mapToLong(ReportRow::count).sum());
            assertThat(rows(policy.id())).isEqualTo(rows(group));
        }
    }

    @Test
    void reportsOutOfTheStoreAreValidAndTellWhatWasRecordedRowByRow() throws Exception {
        AggregateSchema schema = AggregateSchema.rfc9990(getClass().getSimpleName() + ".reportsOutOfTheStoreAreValidAndTellWhatWasRecordedRowByRow");
        long seed = new Random().nextLong();
        System.out.println("reportsOutOfTheStoreAreValidAndTellWhatWasRecordedRowByRow: seed " + seed);
        List<ReportedMessage> messages = generated(seed, 10_000);
        for (int from = 0; from < messages.size(); from += 1000) {
            store.record(new JournalPosition("a", from + 1), messages.subList(from, from + 1000));
        }
        Map<PublishedPolicy, Map<Observation, Long>> expected = new HashMap<>();
        ReportTally tally = new ReportTally();
        messages.forEach(tally::add);
        for (ReportTally.Group group : tally.groups()) {
            // AggregateReportWriterTest shows that these are right.
            expected.put(group.policy(), told(group.policy(), group.rows().iterator(), schema));
        }

        Map<PublishedPolicy, Map<Observation, Long>> found = new HashMap<>();
        for (PolicyDay policy : store.policies(DAY)) {
            found.put(policy.policy(), told(policy.policy(), store.rows(policy.id()), schema));
        }
        assertThat(found).isEqualTo(expected);
        assertThat(found.values().stream().flatMap(rows -> rows.values().stream()).mapToLong(count -> count).sum()).isEqualTo(10_000);
    }

    /** What a reader of the report learns. */
    private static Map<Observation, Long> told(PublishedPolicy policy, Iterator<ReportRow> rows, AggregateSchema schema) throws Exception {
        Reporter reporter = new Reporter(DomainName.of("mx.receiver.example"), "Receiver", "dmarc@receiver.example", "", "Signet");
        List<ReportFile> files = new ArrayList<>();
        new AggregateReportWriter(reporter, ReportFormat.RFC9990, 10_000_000).write(policy, DAY, "", rows, files::add);
        Map<Observation, Long> told = new HashMap<>();
        for (ReportFile file : files) {
            try (InputStream xml = new GZIPInputStream(new ByteArrayInputStream(file.gzip()))) {
                assertThat(schema.problem(xml.readAllBytes())).isEmpty();
            }
            ReadReport read = new AggregateReportReader(ReadLimits.DEFAULT).read(new ByteArrayInputStream(file.gzip()));
            assertThat(read).isInstanceOf(ReadReport.Sound.class);
            for (ReportRow row : ((ReadReport.Sound) read).report().rows()) {
                told.merge(row.observation(), row.count(), Long::sum);
            }
        }
        return told;
    }

    @Test
    void aBatchThatIsRecordedTwiceCountsOnce() throws SQLException {
        List<ReportedMessage> messages = generated(1, 50);
        assertThat(store.record(new JournalPosition("a", 7), messages)).isTrue();

        assertThat(store.record(new JournalPosition("a", 7), messages)).isFalse();
        assertThat(store.record(new JournalPosition("a", 6), messages)).isFalse();
        assertThat(messages()).isEqualTo(50);
        assertThat(store.record(new JournalPosition("a", 8), messages)).isTrue();
        assertThat(store.record(new JournalPosition("b", 7), messages)).isTrue();
        assertThat(messages()).isEqualTo(150);
    }

    private long messages() throws SQLException {
        return store.policies(DAY).stream().mapToLong(PolicyDay::messages).sum();
    }

    @Test
    void whatStrangersWroteIsStoredWhateverItsCharacters() throws Exception {
        StringBuilder octets = new StringBuilder();
        IntStream.range(0, 256).filter(octet -> octet != ';').forEach(octet -> octets.append((char) octet));
        String odd = octets + "\uD800 \uDC00 \uFFFE \uFFFF \uD83D\uDE00";
        DmarcRecord record = DmarcRecord.parse("v=DMARC1; p=none; rua=mailto:r@example.com; x=" + odd).orElseThrow();
        String label = "\"\\'%?".repeat(12);
        DomainName domain = DomainName.of(String.join(".", label, label, label, label));
        Observation observation = new Observation(
                InetAddress.getByName("192.0.2.1"), ActionTaken.NONE, false, false,
                List.of(new OverrideReason(OverrideReason.Type.OTHER, odd)), domain.ascii(), Optional.of(odd), Optional.of(odd),
                List.of(new DkimOutcome(domain.ascii(), odd, DkimState.FAIL, odd)),
                Optional.of(new SpfOutcome(domain.ascii(), SpfIdentity.MAIL_FROM, SpfResult.State.FAIL, odd)));
        ReportedMessage message = new ReportedMessage(GeneratedMail.DAY, domain, record, DiscoveryMethod.TREEWALK, false, observation);

        store.record(new JournalPosition("a", 1), List.of(ReportJson.readMessage(ReportJson.write(message))));

        PolicyDay stored = store.policies(DAY).getFirst();
        assertThat(stored.record().text()).isEqualTo(record.text());
        assertThat(stored.policy()).isEqualTo(message.policy());
        assertThat(rows(stored.id())).isEqualTo(Map.of(observation, 1L));
    }

    @Test
    void theNewestRecordSaysWhereReportsGoWhoeverBringsItLast() throws SQLException {
        ReportedMessage any = generated(8, 1).getFirst();
        List<ReportedMessage> hours = IntStream.range(0, 3).mapToObj(hour -> new ReportedMessage(
                        GeneratedMail.DAY.plus(Duration.ofHours(hour)), any.policyDomain(),
                        DmarcRecord.parse("v=DMARC1; p=none; rua=mailto:hour" + hour + "@example.com").orElseThrow(),
                        any.discovery(), false, any.observation()))
                .toList();

        store.record(new JournalPosition("a", 1), List.of(hours.get(1)));
        store.record(new JournalPosition("b", 1), List.of(hours.get(0)));
        assertThat(store.policies(DAY)).singleElement().extracting(PolicyDay::record).isEqualTo(hours.get(1).record());
        store.record(new JournalPosition("b", 2), List.of(hours.get(2), hours.get(1)));
        assertThat(store.policies(DAY)).singleElement().extracting(PolicyDay::record).isEqualTo(hours.get(2).record());
    }

    @Test
    void rowsKeepTheirOrder() throws SQLException {
        store.record(new JournalPosition("a", 1), generated(2, 5000));
        for (PolicyDay policy : store.policies(DAY)) {
            List<ReportRow> once = new ArrayList<>();
            List<ReportRow> again = new ArrayList<>();
            store.rows(policy.id()).forEachRemaining(once::add);
            store.rows(policy.id()).forEachRemaining(again::add);
            assertThat(again).isEqualTo(once);
        }
    }

    @Test
    void whatComesAfterTheReportIsCountedOnTheNextDay() throws SQLException {
        List<ReportedMessage> messages = generated(3, 100);
        store.record(new JournalPosition("a", 1), messages);
        for (PolicyDay policy : store.policies(DAY)) {
            store.close(policy.id());
        }
        List<Map<Observation, Long>> before = new ArrayList<>();
        for (PolicyDay policy : store.policies(DAY)) {
            assertThat(policy.closed()).isTrue();
            before.add(rows(policy.id()));
        }

        store.record(new JournalPosition("a", 2), messages);

        List<Map<Observation, Long>> after = new ArrayList<>();
        for (PolicyDay policy : store.policies(DAY)) {
            after.add(rows(policy.id()));
        }
        assertThat(after).isEqualTo(before);
        List<Map<Observation, Long>> next = new ArrayList<>();
        for (PolicyDay policy : store.policies(DAY.plusDays(1))) {
            assertThat(policy.closed()).isFalse();
            next.add(rows(policy.id()));
        }
        assertThat(next).isEqualTo(before);
    }

    @Test
    void daysBeforeTheRetentionAreForgotten() throws SQLException {
        store.record(new JournalPosition("a", 1), generated(4, 100));
        long id = store.policies(DAY).getFirst().id();

        assertThat(store.prune(DAY)).isZero();
        assertThat(rows(id)).isNotEmpty();
        assertThat(store.prune(DAY.plusDays(1))).isPositive();
        assertThat(store.policies(DAY)).isEmpty();
        assertThat(rows(id)).isEmpty();
    }

    @Test
    void noLocalPartIsStored() throws SQLException {
        store.record(new JournalPosition("a", 1), generated(5, 500));
        for (PolicyDay policy : store.policies(DAY)) {
            store.rows(policy.id()).forEachRemaining(row -> assertThat(ReportJson.write(row.observation())).doesNotContain("@"));
        }
    }

    @Test
    void nodesThatCountAtTheSameTimeCountAll() throws Exception {
        int nodes = 4;
        int batches = 10;
        List<ReportedMessage> messages = generated(6, 200);
        try (var threads = Executors.newFixedThreadPool(nodes)) {
            List<Future<?>> ends = new ArrayList<>();
            for (int node = 0; node < nodes; node++) {
                String journal = "node" + node;
                ends.add(threads.submit(() -> {
                    for (int batch = 1; batch <= batches; batch++) {
                        assertThat(store.record(new JournalPosition(journal, batch), messages)).isTrue();
                    }
                    return null;
                }));
            }
            for (var end : ends) {
                end.get();
            }
        }
        assertThat(messages()).isEqualTo((long) nodes * batches * messages.size());
        for (PolicyDay policy : store.policies(DAY)) {
            assertThat(rows(policy.id()).values().stream().mapToLong(count -> count).sum()).isEqualTo(policy.messages());
        }
    }
}
