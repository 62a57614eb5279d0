// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Expect;
import dev.signet.fuzz.Words;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class DmarcRecordFuzzTest {

    static Stream<byte[]> records() {
        return Corpus.of(
                DmarcRecordFuzzTest.class, "records", "v=DMARC1; p=reject; sp=quarantine; np=none; adkim=s; aspf=r; fo=1:d:s; rua=mailto:a@x.test!10m,mailto:b@y.test; ruf=mailto:c@x.test; pct=50; ri=3600",
                "v=DMARC1;p=REJECT;;t=y;psd=n", "v=DMARC1; p=none; p=reject", "v=DMARC1; p=; rua=mailto:a@x.test", "v = DMARC1 ; x=y");
    }

    @Words({"v=DMARC1", "; p=reject", "; sp=none", "; np=quarantine", "; adkim=s", "; fo=0:1:d:s", "; rua=mailto:a@x.test", "!10m", "; ruf=", "; pct=", "; ri=", "; psd=y", "; t=y"})
    @MethodSource
    @FuzzTest
    void records(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Optional<DmarcRecord> parsed = DmarcRecord.parse(text);
        parsed.ifPresent(record -> {
            assertThat(record.text()).isEqualTo(text);
            assertThat(record.problems()).hasSizeLessThanOrEqualTo(20);
            record.problems().forEach(problem -> Expect.presentable(problem, 400));
            record.tags().keySet().forEach(tag -> Expect.that(!record.meaning(tag).isEmpty(), () -> tag));
            assertThat(record.percent()).isBetween(0, 100);
            assertThat(record.reportInterval()).isNotNegative();
            // What the tags say without their disorder is the same record.
            String printed = record.tags().entrySet().stream().map(tag -> tag.getKey() + "=" + tag.getValue()).collect(Collectors.joining(";"));
            DmarcRecord again = DmarcRecord.parse(printed).orElseThrow();
            assertThat(meaning(again)).isEqualTo(meaning(record));
            assertThat(again.tags()).isEqualTo(record.tags());
        });
    }

    private static String meaning(DmarcRecord record) {
        return Stream.of(
                        record.applicable(), record.policy(), record.subdomainPolicy(true), record.subdomainPolicy(false), record.psd(), record.testing(),
                        record.dkimAlignment(), record.spfAlignment(), record.failureOptions(), record.percent(), record.reportInterval(),
                        record.aggregateReportUris(), record.failureReportUris())
                .map(Object::toString)
                .collect(Collectors.joining("|"));
    }
}
