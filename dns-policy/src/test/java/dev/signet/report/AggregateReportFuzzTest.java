// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Drip;
import dev.signet.fuzz.Expect;
import dev.signet.fuzz.Words;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Any bytes as a report: as they are, and in an archive. */
class AggregateReportFuzzTest {

    private static final AggregateReportReader READER = new AggregateReportReader(new ReadLimits(1 << 16, 1 << 16, 200, 20, 50, 200, 8));

    static Stream<byte[]> files() {
        String xml = resource("dialects/rfc7489.xml");
        return Corpus.of(
                AggregateReportFuzzTest.class, "files", xml, resource("dialects/extensions.xml"), resource("dialects/forwarded.xml"), resource("dialects/utf-16.xml"),
                new String(Archives.gzip(xml.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1),
                new String(Archives.zip(xml.getBytes(StandardCharsets.ISO_8859_1), "r.xml"), StandardCharsets.ISO_8859_1));
    }

    @Words({"<record>", "</record>", "<row>", "<count>1</count>", "<!DOCTYPE", "<!ENTITY", "&lt;", "<![CDATA[", "]]>", "<?xml version='1.0'?>", "<feedback>", "<source_ip>", "<reason>"})
    @MethodSource
    @FuzzTest
    void files(byte[] file) {
        List<ReadReport> results = new ArrayList<>();
        Drip.both(file).forEach(in -> results.add(read(in)));
        results.forEach(result -> assertFit(result));
        assertThat(results).containsOnly(results.getFirst());
        if (file.length > 0 && file[0] == '<') {
            assertFit(read(new Drip(Archives.gzip(file), 1000)));
            assertFit(read(new Drip(Archives.zip(file, "../../a.xml"), 1000)));
        }
    }

    private static void assertFit(ReadReport result) {
        switch (result) {
            case ReadReport.Sound(AggregateReport report, List<String> repairs) -> {
                assertThat(repairs).hasSizeLessThanOrEqualTo(50);
                repairs.forEach(repair -> Expect.presentable(repair, 2000));
                assertThat(report.toString()).hasSizeLessThan(1 << 20);
            }
            case ReadReport.Unreadable(ReadReport.Reason reason, String detail) -> {
                assertThat(reason).as(detail).isNotEqualTo(ReadReport.Reason.SURPRISE);
                Expect.presentable(detail, 2000);
            }
        }
    }

    private static ReadReport read(InputStream in) {
        try {
            return READER.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = AggregateReportFuzzTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
