// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.signet.dkim.DkimState;
import dev.signet.dmarc.DiscoveryMethod;
import dev.signet.dmarc.DmarcRecord;
import dev.signet.dmarc.OverrideReason;
import dev.signet.dns.DomainName;
import dev.signet.spf.SpfIdentity;
import dev.signet.spf.SpfResult;
import dev.signet.testing.GeneratedMail;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

class AggregateReportReaderTest {

    private static final AggregateReportReader READER = new AggregateReportReader(ReadLimits.DEFAULT);

    static ReadReport read(byte[] file) {
        try {
            return READER.read(new ByteArrayInputStream(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ReadReport.Sound sound(byte[] file) {
        ReadReport read = read(file);
        assertThat(read).isInstanceOf(ReadReport.Sound.class);
        return (ReadReport.Sound) read;
    }

    /** The name of each file begins with the reason that is expected. */
    @TestFactory
    Stream<DynamicTest> aMalformedReportEndsWithItsReason() {
        Map<String, byte[]> corpus = ReportFiles.malformed();
        assertThat(corpus).hasSizeGreaterThanOrEqualTo(60);
        return corpus.entrySet().stream().map(entry -> dynamicTest(entry.getKey(), () -> {
            ReadReport read = read(entry.getValue());
            assertThat(read).isInstanceOf(ReadReport.Unreadable.class);
            ReadReport.Unreadable unreadable = (ReadReport.Unreadable) read;
            assertThat(unreadable.reason()).describedAs(unreadable.detail()).hasToString(entry.getKey().substring(0, entry.getKey().indexOf('.')));
            assertThat(unreadable.detail()).isNotBlank().matches("[\\x20-\\x7E]{1,500}");
        }));
    }

    @Test
    void everyReasonButASurpriseHasAMalformedReport() {
        Set<ReadReport.Reason> reasons = EnumSet.noneOf(ReadReport.Reason.class);
        ReportFiles.malformed().keySet().forEach(name -> reasons.add(ReadReport.Reason.valueOf(name.substring(0, name.indexOf('.')))));
        assertThat(reasons).isEqualTo(EnumSet.complementOf(EnumSet.of(
                ReadReport.Reason.SURPRISE,
                // Those of mails around reports.
                ReadReport.Reason.NOT_MIME,
                ReadReport.Reason.NO_REPORT,
                ReadReport.Reason.SEVERAL_REPORTS,
                ReadReport.Reason.TOO_MANY_PARTS)));
    }

    /** All tell the same of the same three messages, or say how they were understood. */
    @TestFactory
    Stream<DynamicTest> aDialectIsUnderstood() {
        List<Path> files = ReportFiles.files("dialects");
        assertThat(files).hasSizeGreaterThanOrEqualTo(25);
        return files.stream().map(file -> dynamicTest(file.getFileName().toString(), () -> {
            AggregateReport report = sound(Files.readAllBytes(file)).report();
            assertThat(report.policy().domain()).hasToString("example.com");
            assertThat(report.metadata().begin()).hasToString("2026-11-22T00:00:00Z");
            assertThat(report.metadata().end()).hasToString("2026-11-22T23:59:59Z");
            assertThat(report.messages()).isEqualTo(3);
            assertThat(report.rows()).singleElement().satisfies(row -> {
                Observation seen = row.observation();
                assertThat(seen.source().getHostAddress()).isEqualTo("192.0.2.1");
                assertThat(seen.action()).isEqualTo(ActionTaken.NONE);
                assertThat(seen.dkimAligned()).isTrue();
                assertThat(seen.spfAligned()).isFalse();
                assertThat(seen.headerFrom()).isEqualTo("example.com");
                assertThat(seen.spf()).contains(new SpfOutcome("example.com", SpfIdentity.MAIL_FROM, SpfResult.State.FAIL, ""));
                assertThat(seen.dkim()).allSatisfy(dkim -> assertThat(dkim.state()).isEqualTo(DkimState.PASS));
            });
        }));
    }

    private static List<String> repairs(String dialect) throws IOException {
        return sound(ReportFiles.dialect(dialect)).repairs();
    }

    @Test
    void whatIsRepairedIsSaidAndWhatIsRightIsNot() throws IOException {
        for (String right : List.of("rfc7489.xml", "rfc7489-in-its-namespace.xml", "no-version.xml", "records-first.xml", "extensions.xml",
                "byte-order-mark.xml", "utf-16.xml", "upper-case-words.xml")) {
            assertThat(repairs(right)).describedAs(right).isEmpty();
        }
        assertThat(repairs("hardfail.xml")).containsExactly("result of spf is \"hardfail\", taken for fail");
        assertThat(repairs("unknown-elements.xml")).containsExactly("unknown element summary");
        assertThat(repairs("empty-values.xml")).containsExactlyInAnyOrder("p is empty, taken for none", "disposition is empty, taken for none");
        assertThat(repairs("times-in-milliseconds.xml")).containsExactly("begin in milliseconds", "end in milliseconds");
        assertThat(repairs("namespace-of-their-own.xml")).containsExactly("namespace https://receiver.example/dmarc taken for that of reports");
        assertThat(repairs("words-of-spf-for-alignment.xml")).containsExactly("spf in policy_evaluated is \"softfail\", taken for fail");
        assertThat(repairs("text-behind.xml")).containsExactly("what follows the report was not read");
        assertThat(repairs("nothing-about-the-reporter.xml")).containsExactly("no org_name", "no email", "no report_id");
        assertThat(repairs("spf-of-helo-and-mail-from.xml")).hasSize(1);
        assertThat(sound(ReportFiles.dialect("forwarded.xml")).report().rows().getFirst().observation().reasons())
                .containsExactly(new OverrideReason(OverrideReason.Type.OTHER, "forwarded: by a friend"));
    }

    @ParameterizedTest
    @EnumSource(ReportFormat.class)
    void whatIsWrittenIsReadBack(ReportFormat format) {
        long seed = new Random().nextLong();
        System.out.println("Reports written and read: seed " + seed);
        GeneratedMail mail = new GeneratedMail(seed);
        ReportTally tally = new ReportTally();
        for (int i = 0; i < 5_000; i++) {
            tally.add(mail.next());
        }
        Reporter reporter = new Reporter(DomainName.of("r.example"), "Müller & Söhne", "d@r.example", "https://r.example/<x>", "Signet 1");
        AggregateReportWriter writer = new AggregateReportWriter(reporter, format, 10_000_000);
        for (ReportTally.Group group : tally.groups()) {
            List<ReportFile> files = new ArrayList<>();
            writer.write(group.policy(), group.day(), "an <error>", group.rows().iterator(), files::add);
            ReadReport.Sound read = sound(files.getFirst().gzip());
            assertThat(read.repairs()).describedAs("seed " + seed).isEmpty();
            assertThat(read.report().metadata().organization()).isEqualTo("Müller & Söhne");
            assertThat(read.report().metadata().extraContact()).isEqualTo("https://r.example/<x>");
            assertThat(read.report().metadata().error()).isEqualTo("an <error>");
            assertThat(read.report().metadata().reportId()).isEqualTo(files.getFirst().reportId());
            List<ReportRow> rows = group.rows();
            assertThat(read.report().rows()).hasSameSizeAs(rows);
            for (int i = 0; i < rows.size(); i++) {
                assertThat(read.report().rows().get(i).count()).isEqualTo(rows.get(i).count());
                if (format == ReportFormat.RFC9990) {
                    assertThat(read.report().policy()).isEqualTo(withoutPercent(group.policy()));
                    assertThat(read.report().rows().get(i).observation()).describedAs("seed %s, row %s", seed, i)
                            .isEqualTo(asWritten(rows.get(i).observation()));
                }
            }
        }
    }

    /** RFC 9990 has no pct. */
    private static PublishedPolicy withoutPercent(PublishedPolicy policy) {
        return new PublishedPolicy(policy.domain(), policy.discovery(), policy.policy(), policy.subdomainPolicy(),
                policy.absentSubdomainPolicy(), policy.dkimAlignment(), policy.spfAlignment(), policy.testing(), policy.failureOptions(), 100);
    }

    /** With the characters that XML does not know, the words that RFC 9990 does not know, and white space at the ends gone. */
    private static Observation asWritten(Observation seen) {
        return new Observation(
                seen.source(),
                seen.action(),
                seen.dkimAligned(),
                seen.spfAligned(),
                seen.reasons().stream()
                        .map(reason -> reason.type() == OverrideReason.Type.SAMPLED_OUT
                                ? new OverrideReason(OverrideReason.Type.OTHER, ("sampled_out: " + written(reason.comment())).strip())
                                : new OverrideReason(reason.type(), written(reason.comment())))
                        .toList(),
                seen.headerFrom(),
                seen.envelopeFrom().map(AggregateReportReaderTest::written),
                seen.envelopeTo(),
                seen.dkim().stream()
                        .map(dkim -> new DkimOutcome(dkim.domain(), written(dkim.selector()), dkim.state(), written(dkim.comment())))
                        .toList(),
                seen.spf().map(spf -> new SpfOutcome(spf.domain(), SpfIdentity.MAIL_FROM, spf.state(), written(spf.comment()))));
    }

    private static String written(String text) {
        return ReportText.xml(text).strip();
    }

    @Test
    void thePublishedExampleIsRead() throws IOException {
        Path example = Path.of("../../shared/standards/dmarc-aggregate-2.0-example.xml");
        if (!Files.exists(example)) {
            System.out.println("SKIPPED: thePublishedExampleIsRead: no " + example.toAbsolutePath().normalize());
        }
        assumeTrue(Files.exists(example), "thePublishedExampleIsRead needs " + example);

        ReadReport.Sound read = sound(Files.readAllBytes(example));
        assertThat(read.repairs()).isEmpty();
        assertThat(read.report().metadata().generator()).isEqualTo("Example DMARC Aggregate Reporter v1.2");
        assertThat(read.report().policy()).isEqualTo(PublishedPolicy.of(
                DomainName.of("example.com"),
                DmarcRecord.parse("v=DMARC1; p=quarantine; sp=none; np=none").orElseThrow(),
                DiscoveryMethod.TREEWALK));
        assertThat(read.report().rows()).singleElement().satisfies(row -> {
            assertThat(row.count()).isEqualTo(123);
            assertThat(row.observation().action()).isEqualTo(ActionTaken.PASS);
            assertThat(row.observation().envelopeFrom()).contains("example.com");
        });
    }

    private static String rfc7489() throws IOException {
        return new String(ReportFiles.dialect("rfc7489.xml"), StandardCharsets.UTF_8);
    }

    private static byte[] withRecords(int records, String count) throws IOException {
        String text = rfc7489();
        String record = text.substring(text.indexOf("<record>"), text.indexOf("</feedback>")).replace("<count>3<", "<count>" + count + "<");
        return (text.substring(0, text.indexOf("<record>")) + record.repeat(records) + "</feedback>").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void numbersAreThoseThatMailReaches() throws IOException {
        assertThat(sound(withRecords(1_000, "999999999")).report().messages()).isEqualTo(999_999_999_000L);
        assertThat(read(withRecords(1, "1000000000"))).isEqualTo(new ReadReport.Unreadable(
                ReadReport.Reason.BAD_VALUE, "count: found \"1000000000\", expected a number of up to 9 digits"));
        assertThat(read(withRecords(1_001, "999999999"))).isEqualTo(new ReadReport.Unreadable(
                ReadReport.Reason.BAD_VALUE, "more messages than there are"));
    }

    @Test
    void aPeriodIsAMonthAtMost() throws IOException {
        String text = rfc7489();
        assertThat(sound(text.replace("1795391999", Long.toString(1795305600 + 31 * 86_400)).getBytes(StandardCharsets.UTF_8)).repairs()).isEmpty();
        for (String end : List.of(Long.toString(1795305601 + 31 * 86_400), "100000000000", "999999999999999999")) {
            assertThat(read(text.replace("1795391999", end).getBytes(StandardCharsets.UTF_8))).describedAs(end)
                    .isEqualTo(new ReadReport.Unreadable(ReadReport.Reason.BAD_VALUE, "a period of more than 31 days"));
        }
    }

    /** A report about our domain is believed about our domain. */
    @Test
    void rowsAboutOtherDomainsAreLeftOut() throws IOException {
        String text = rfc7489();
        String record = text.substring(text.indexOf("<record>"), text.indexOf("</feedback>"));
        Map<String, Optional<String>> taken = new LinkedHashMap<>();
        taken.put("example.com", Optional.of("example.com"));
        taken.put("News.EXAMPLE.com.", Optional.of("news.example.com"));
        taken.put("bücher.example.com", Optional.of("xn--bcher-kva.example.com"));
        taken.put("", Optional.of(""));
        taken.put("bank.example", Optional.empty());
        taken.put("anexample.com", Optional.empty());
        taken.put("com", Optional.empty());
        taken.put("no name .example.com", Optional.empty());
        for (Map.Entry<String, Optional<String>> from : taken.entrySet()) {
            String other = record.replace("<header_from>example.com", "<header_from>" + from.getKey()).replace("<count>3", "<count>4");
            ReadReport.Sound read = sound(text.replace(record, record + other).getBytes(StandardCharsets.UTF_8));

            List<String> found = read.report().rows().stream().filter(row -> row.count() == 4).map(row -> row.observation().headerFrom()).toList();
            assertThat(found).describedAs(from.getKey()).isEqualTo(from.getValue().stream().toList());
            if (from.getValue().isEmpty()) {
                assertThat(read.repairs()).containsExactly("a record about \"" + from.getKey() + "\", not below example.com, left out");
            }
        }
        assertThat(read(text.replace("<header_from>example.com", "<header_from>bank.example").getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new ReadReport.Unreadable(ReadReport.Reason.BAD_VALUE, "no record is about example.com or what is below it"));
    }

    @Test
    void archivesAreKnownByTheirFirstBytesAndNamesInThemMeanNothing() throws IOException {
        byte[] plain = ReportFiles.dialect("rfc7489.xml");
        AggregateReport report = sound(plain).report();
        assertThat(sound(Archives.gzip(plain)).report()).isEqualTo(report);
        assertThat(sound(Archives.zip(plain, "../../../etc/passwd")).report()).isEqualTo(report);
        assertThat(sound(Archives.zip(plain, "reports/", "reports/r.exe")).report()).isEqualTo(report);
        assertThat(sound(Archives.gzip(ReportFiles.dialect("byte-order-mark-and-line-in-front.xml"))).report()).isEqualTo(report(report));
    }

    /** The same, of a report that says nothing of the null sender. */
    private static AggregateReport report(AggregateReport report) {
        Observation seen = report.rows().getFirst().observation();
        Observation other = new Observation(seen.source(), seen.action(), true, false, List.of(), seen.headerFrom(), Optional.empty(),
                Optional.empty(), seen.dkim(), seen.spf());
        return new AggregateReport(report.metadata(), report.policy(), List.of(new ReportRow(other, 3)));
    }

    @Test
    void aThousandSmallChangesSurpriseNobody() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("Changed reports: seed " + seed);
        Random random = new Random(seed);
        List<byte[]> sound = List.of(ReportFiles.dialect("rfc7489.xml"), ReportFiles.dialect("extensions.xml"), Archives.gzip(ReportFiles.dialect("rfc7489.xml")),
                Archives.zip(ReportFiles.dialect("utf-16.xml"), "r.xml"));
        int unreadable = 0;
        for (int i = 0; i < 4_000; i++) {
            byte[] changed = sound.get(i % sound.size()).clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            if (read(changed) instanceof ReadReport.Unreadable(ReadReport.Reason reason, String detail)) {
                assertThat(reason).describedAs("seed %s, change %s: %s", seed, i, detail).isNotEqualTo(ReadReport.Reason.SURPRISE);
                unreadable++;
            }
        }
        assertThat(unreadable).isBetween(1_000, 4_000);
    }

    @Test
    void whatTheStreamThrowsIsTheCallersAffair() {
        InputStream failing = new FilterInputStream(InputStream.nullInputStream()) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                throw new IOException("disk gone");
            }
        };
        assertThatThrownBy(() -> READER.read(failing)).isInstanceOf(IOException.class).hasMessage("disk gone");
    }
}
