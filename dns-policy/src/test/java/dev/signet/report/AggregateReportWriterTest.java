// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.dkim.DkimState;
import dev.signet.dmarc.DiscoveryMethod;
import dev.signet.dmarc.DmarcRecord;
import dev.signet.dns.DomainName;
import dev.signet.testing.GeneratedMail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import javax.xml.parsers.DocumentBuilderFactory;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;

class AggregateReportWriterTest {

    private static final LocalDate DAY = LocalDate.parse("2026-11-22");
    private static final Reporter REPORTER =
            new Reporter(DomainName.of("mx.receiver.example"), "Receiver & Söhne", "dmarc@receiver.example", "https://r.example/?a&b", "Signet 1");
    private static final PublishedPolicy POLICY = PublishedPolicy.of(
            DomainName.of("example.com"), DmarcRecord.parse("v=DMARC1; p=reject").orElseThrow(), DiscoveryMethod.TREEWALK);

    private static List<ReportFile> write(ReportFormat format, int maxBytes, PublishedPolicy policy, List<ReportRow> rows) {
        List<ReportFile> files = new ArrayList<>();
        new AggregateReportWriter(REPORTER, format, maxBytes).write(policy, DAY, "sp <broken>", rows.iterator(), files::add);
        return files;
    }

    private static byte[] xml(ReportFile file) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file.gzip()))) {
            return in.readAllBytes();
        }
    }

    private static ReportTally tally(long seed, int messages, List<ReportedMessage> all) {
        GeneratedMail mail = new GeneratedMail(seed);
        ReportTally tally = new ReportTally();
        for (int i = 0; i < messages; i++) {
            ReportedMessage message = mail.next();
            all.add(message);
            tally.add(message);
        }
        return tally;
    }

    @Test
    void tenThousandEvaluationsAreValidByTheSchemaOfRfc9990AndCountedRowByRow() throws Exception {
        AggregateSchema schema = AggregateSchema.rfc9990("tenThousandEvaluationsAreValidByTheSchemaOfRfc9990AndCountedRowByRow");
        checkTenThousand(ReportFormat.RFC9990, schema);
    }

    @Test
    void tenThousandEvaluationsAreValidByTheSchemaOfRfc7489AndCountedRowByRow() throws Exception {
        checkTenThousand(ReportFormat.RFC7489, AggregateSchema.rfc7489());
    }

    @Test
    void reportsInTheFormatOfRfc7489AreValidByTheSchemaOfMailDmarc() throws Exception {
        AggregateSchema schema = AggregateSchema.mailDmarc("reportsInTheFormatOfRfc7489AreValidByTheSchemaOfMailDmarc");
        long seed = new Random().nextLong();
        System.out.println("Reports for the schema of Mail::DMARC: seed " + seed);
        for (ReportTally.Group group : tally(seed, 2_000, new ArrayList<>()).groups()) {
            byte[] xml = xml(write(ReportFormat.RFC7489, 10_000_000, group.policy(), group.rows()).getFirst());
            assertThat(schema.problem(xml)).describedAs("seed %s, %s", seed, group.policy()).isEmpty();
        }
    }

    private static void checkTenThousand(ReportFormat format, AggregateSchema schema) throws Exception {
        long seed = new Random().nextLong();
        System.out.println("10,000 evaluations in the format of " + format + ": seed " + seed);
        List<ReportedMessage> messages = new ArrayList<>();
        ReportTally tally = tally(seed, 10_000, messages);
        Map<String, Long> expected = new HashMap<>();
        messages.forEach(message -> expected.merge(message.policy() + " " + rowOf(message.observation(), format), 1L, Long::sum));

        Map<String, Long> found = new HashMap<>();
        for (ReportTally.Group group : tally.groups()) {
            List<ReportFile> files = write(format, 10_000_000, group.policy(), group.rows());
            assertThat(files).hasSize(1);
            byte[] xml = xml(files.getFirst());
            assertThat(schema.problem(xml)).describedAs("seed %s, %s", seed, group.policy()).isEmpty();
            Document document = parse(xml);
            assertThat(text(document.getDocumentElement(), "domain")).isEqualTo(group.policy().domain().ascii());
            NodeList records = document.getElementsByTagNameNS("*", "record");
            assertThat(records.getLength()).isEqualTo(group.rows().size());
            for (int i = 0; i < records.getLength(); i++) {
                Element record = (Element) records.item(i);
                found.merge(group.policy() + " " + rowOf(record), Long.parseLong(text(record, "count")), Long::sum);
            }
            assertThat(files.getFirst().messages()).isEqualTo(group.rows().stream().mapToLong(ReportRow::count).sum());
        }

        assertThat(found).describedAs("seed %s", seed).isEqualTo(expected);
        assertThat(found.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(10_000);
    }

    /** A row as text, by a way of its own that does not go through the writer. */
    private static String rowOf(Observation seen, ReportFormat format) {
        boolean old = format == ReportFormat.RFC7489;
        String action = old && seen.action() == ActionTaken.PASS ? "none" : seen.action().word();
        List<String> parts = new ArrayList<>(List.of(
                action,
                seen.dkimAligned() ? "pass" : "fail",
                seen.spfAligned() ? "pass" : "fail",
                seen.headerFrom(),
                ReportText.xml(seen.envelopeFrom().orElseThrow()),
                seen.envelopeTo().orElse("")));
        seen.dkim().forEach(dkim -> parts.add(
                dkim.domain() + " " + ReportText.xml(dkim.selector()) + " " + dkim.state() + " " + ReportText.xml(dkim.comment())));
        seen.spf().ifPresent(spf -> parts.add(spf.domain() + " " + spf.state().word() + " " + (old ? "" : ReportText.xml(spf.comment()))));
        if (old && seen.spf().isEmpty()) {
            parts.add(" none ");
        }
        seen.reasons().forEach(reason -> parts.add(ReportText.xml(reason.comment())));
        return HexFormat.of().formatHex(seen.source().getAddress()) + parts;
    }

    private static String rowOf(Element record) throws IOException {
        Element evaluated = child(record, "policy_evaluated");
        List<String> parts = new ArrayList<>(List.of(
                text(evaluated, "disposition"),
                text(evaluated, "dkim"),
                text(evaluated, "spf"),
                text(record, "header_from"),
                text(record, "envelope_from"),
                text(record, "envelope_to")));
        Element results = child(record, "auth_results");
        for (Element dkim : children(results, "dkim")) {
            parts.add(text(dkim, "domain") + " " + text(dkim, "selector") + " " + text(dkim, "result") + " " + text(dkim, "human_result"));
        }
        for (Element spf : children(results, "spf")) {
            parts.add(text(spf, "domain") + " " + text(spf, "result") + " " + text(spf, "human_result"));
        }
        for (Element reason : children(evaluated, "reason")) {
            // Where a format lacks the word, it stands in the comment.
            parts.add(text(reason, "comment").replaceFirst("^(policy_test_mode|sampled_out): ", ""));
        }
        return HexFormat.of().formatHex(InetAddress.getByName(text(record, "source_ip")).getAddress()) + parts;
    }

    private static Document parse(byte[] xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml));
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        NodeList all = parent.getElementsByTagNameNS("*", name);
        for (int i = 0; i < all.getLength(); i++) {
            found.add((Element) all.item(i));
        }
        return found;
    }

    private static Element child(Element parent, String name) {
        return children(parent, name).getFirst();
    }

    private static String text(Element parent, String name) {
        return children(parent, name).stream().findFirst().map(Element::getTextContent).orElse("");
    }

    @Test
    void elementsStandInTheOrderOfRfc9990() throws Exception {
        ReportedMessage message = new GeneratedMail(1).next();
        ReportFile file = write(ReportFormat.RFC9990, 10_000_000, POLICY, List.of(new ReportRow(message.observation(), 1))).getFirst();

        assertThat(new String(xml(file), StandardCharsets.UTF_8)).startsWith("""
                <?xml version="1.0" encoding="UTF-8"?>
                <feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">
                <version>1.0</version>
                <report_metadata><org_name>Receiver &amp; Söhne</org_name><email>dmarc@receiver.example</email>\
                <extra_contact_info>https://r.example/?a&amp;b</extra_contact_info><report_id>%s</report_id>\
                <date_range><begin>1795305600</begin><end>1795391999</end></date_range><error>sp &lt;broken&gt;</error>\
                <generator>Signet 1</generator></report_metadata>
                <policy_published><domain>example.com</domain><discovery_method>treewalk</discovery_method><p>reject</p><sp>reject</sp>\
                <np>reject</np><fo>0</fo><adkim>r</adkim><aspf>r</aspf><testing>n</testing></policy_published>
                <record><row><source_ip>""".formatted(file.reportId()));
    }

    @Test
    void aResentReportHasTheSameNameIdSubjectAndBytes() {
        List<ReportRow> rows = tally(7, 500, new ArrayList<>()).groups().getFirst().rows();
        ReportFile first = write(ReportFormat.RFC9990, 10_000_000, POLICY, rows).getFirst();
        ReportFile again = write(ReportFormat.RFC9990, 10_000_000, POLICY, rows).getFirst();

        assertThat(again.name()).isEqualTo(first.name())
                .matches("mx\\.receiver\\.example!example\\.com!1795305600!1795391999!" + first.reportId() + "\\.xml\\.gz");
        assertThat(first.reportId()).matches("[0-9a-f]{32}");
        assertThat(again.subject()).isEqualTo(first.subject())
                .isEqualTo("Report Domain: example.com Submitter: mx.receiver.example Report-ID: <" + first.reportId() + ">");
        assertThat(again.gzip()).isEqualTo(first.gzip());
    }

    @Test
    void reportsOnOtherDaysPoliciesOrPartsHaveOtherIds() {
        DomainName receiver = REPORTER.domain();
        PublishedPolicy other = PublishedPolicy.of(
                DomainName.of("example.com"), DmarcRecord.parse("v=DMARC1; p=none").orElseThrow(), DiscoveryMethod.TREEWALK);

        assertThat(List.of(
                        ReportId.of(receiver, POLICY, DAY, 1),
                        ReportId.of(receiver, POLICY, DAY, 2),
                        ReportId.of(receiver, POLICY, DAY.plusDays(1), 1),
                        ReportId.of(receiver, other, DAY, 1),
                        ReportId.of(DomainName.of("mx2.receiver.example"), POLICY, DAY, 1)))
                .doesNotHaveDuplicates();
    }

    @Test
    void whatIsTooLargeForOneFileIsSplitAndNoRowIsLost() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("Splitting: seed " + seed);
        List<ReportRow> rows = new ArrayList<>();
        GeneratedMail mail = new GeneratedMail(seed);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            Observation seen = mail.next().observation();
            rows.add(new ReportRow(new Observation(seen.source(), seen.action(), seen.dkimAligned(), seen.spfAligned(), seen.reasons(),
                    Long.toString(random.nextLong(), 36) + ".example", seen.envelopeFrom(), seen.envelopeTo(), seen.dkim(), seen.spf()), i));
        }

        List<ReportFile> files = write(ReportFormat.RFC9990, AggregateReportWriter.MIN_BYTES, POLICY, rows);

        assertThat(files).hasSizeGreaterThan(2);
        assertThat(files).extracting(ReportFile::reportId).doesNotHaveDuplicates();
        assertThat(files).allSatisfy(file -> assertThat(file.gzip()).hasSizeLessThanOrEqualTo(AggregateReportWriter.MIN_BYTES));
        // The bound is used, not just kept.
        assertThat(files.subList(0, files.size() - 1))
                .allSatisfy(file -> assertThat(file.gzip()).hasSizeGreaterThan(AggregateReportWriter.MIN_BYTES * 9 / 10));
        List<Long> counts = new ArrayList<>();
        for (ReportFile file : files) {
            NodeList found = parse(xml(file)).getElementsByTagNameNS("*", "count");
            assertThat(found.getLength()).isEqualTo(file.rows());
            for (int i = 0; i < found.getLength(); i++) {
                counts.add(Long.valueOf(found.item(i).getTextContent()));
            }
        }
        assertThat(counts).isEqualTo(rows.stream().map(ReportRow::count).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"incompressible", "<&>"})
    void rowsOfAHundredHostileSignaturesFitTheSmallestFile(String alphabet) {
        Random random = new Random(5);
        List<ReportRow> rows = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            List<DkimOutcome> signatures = new ArrayList<>();
            for (int j = 0; j < 100; j++) {
                signatures.add(new DkimOutcome(
                        text(random, alphabet, 253), text(random, alphabet, 253), DkimState.FAIL, text(random, alphabet, 200)));
            }
            Observation seen = new GeneratedMail(i).next().observation();
            rows.add(new ReportRow(new Observation(seen.source(), seen.action(), false, false, seen.reasons(), seen.headerFrom(),
                    seen.envelopeFrom(), seen.envelopeTo(), signatures, seen.spf()), 1));
        }

        List<ReportFile> files = write(ReportFormat.RFC9990, AggregateReportWriter.MIN_BYTES, POLICY, rows);
        assertThat(files).allSatisfy(file -> assertThat(file.gzip()).hasSizeLessThanOrEqualTo(AggregateReportWriter.MIN_BYTES));
        assertThat(files.stream().mapToInt(ReportFile::rows).sum()).isEqualTo(3);
    }

    private static String text(Random random, String alphabet, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.equals("<&>") ? alphabet.charAt(random.nextInt(3)) : (char) ('!' + random.nextInt(94)));
        }
        return text.toString();
    }

    @Test
    void withoutRowsThereIsNoReport() {
        assertThat(write(ReportFormat.RFC9990, 10_000_000, POLICY, List.of())).isEmpty();
    }

    @Test
    void aSizeThatNoRowFitsIsRefused() {
        assertThatThrownBy(() -> new AggregateReportWriter(REPORTER, ReportFormat.RFC9990, 1000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxBytes: found 1000, expected 131072 or more");
    }

    @Test
    void aMailCarriesTheFileAndAnswersNobody() {
        ReportedMessage message = new GeneratedMail(1).next();
        ReportFile file = write(ReportFormat.RFC9990, 10_000_000, POLICY, List.of(new ReportRow(message.observation(), 1))).getFirst();

        String mail = new String(
                file.mail("DMARC <dmarc-noreply@receiver.example>", "rua@example.com", Instant.parse("2026-11-23T00:10:00Z")),
                StandardCharsets.US_ASCII);
        assertThat(mail)
                .contains("Subject: Report Domain: example.com Submitter: mx.receiver.example Report-ID:\r\n <" + file.reportId() + ">\r\n")
                .contains("From: DMARC <dmarc-noreply@receiver.example>\r\nTo: rua@example.com\r\n")
                .contains("Auto-Submitted: auto-generated\r\n")
                .contains("Date: Mon, 23 Nov 2026 00:10:00 +0000\r\n")
                .contains("Content-Type: application/gzip;\r\n name=\"" + file.name() + "\"\r\n")
                .contains("filename=\"" + file.name() + "\"\r\n")
                .contains("Content-Transfer-Encoding: base64\r\n");
        assertThat(mail.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(250));
    }
}
