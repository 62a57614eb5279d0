// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import static dev.signet.dmarc.Disposition.NONE;
import static dev.signet.dmarc.Disposition.QUARANTINE;
import static dev.signet.dmarc.Disposition.REJECT;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Locale;
import java.util.Random;

class DmarcRecordTest {

    @Test
    void readsEveryTag() {
        DmarcRecord record = read("v=DMARC1; p=reject; sp=quarantine; np=none; psd=n; t=y; adkim=s; aspf=s; fo=1:d:s;"
                + " rua=mailto:a@example.com!10m,https://example.com/r; ruf=mailto:f@example.com; pct=30; rf=afrf; ri=3600");

        assertThat(record.policy()).isEqualTo(REJECT);
        assertThat(record.subdomainPolicy(true)).isEqualTo(QUARANTINE);
        assertThat(record.subdomainPolicy(false)).isEqualTo(NONE);
        assertThat(record.psd()).isEqualTo(PublicSuffixFlag.NO);
        assertThat(record.testing()).isTrue();
        assertThat(record.dkimAlignment()).isEqualTo(AlignmentMode.STRICT);
        assertThat(record.spfAlignment()).isEqualTo(AlignmentMode.STRICT);
        assertThat(record.failureOptions()).containsExactlyInAnyOrder(FailureOption.ANY, FailureOption.DKIM, FailureOption.SPF);
        assertThat(record.aggregateReportUris()).containsExactly("mailto:a@example.com", "https://example.com/r");
        assertThat(record.failureReportUris()).containsExactly("mailto:f@example.com");
        assertThat(record.percent()).isEqualTo(30);
        assertThat(record.reportInterval()).isEqualTo(3600);
        assertThat(record.problems()).isEmpty();
        assertThat(record.tags()).containsEntry("rf", "afrf").containsKeys("v", "p").hasSize(14);
    }

    @Test
    void fillsInTheDefaults() {
        DmarcRecord record = read("v=DMARC1; p=quarantine");

        assertThat(record.subdomainPolicy(true)).isEqualTo(QUARANTINE);
        assertThat(record.subdomainPolicy(false)).isEqualTo(QUARANTINE);
        assertThat(record.psd()).isEqualTo(PublicSuffixFlag.UNDECLARED);
        assertThat(record.testing()).isFalse();
        assertThat(record.dkimAlignment()).isEqualTo(AlignmentMode.RELAXED);
        assertThat(record.spfAlignment()).isEqualTo(AlignmentMode.RELAXED);
        assertThat(record.failureOptions()).containsExactly(FailureOption.ALL);
        assertThat(record.aggregateReportUris()).isEmpty();
        assertThat(record.percent()).isEqualTo(100);
        assertThat(record.reportInterval()).isEqualTo(86_400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    v=DMARC1; p=reject                              | reject | reject | reject
                    v=DMARC1; p=reject; sp=none                     | reject | none   | none
                    v=DMARC1; p=reject; np=none                     | reject | reject | none
                    v=DMARC1; p=none; sp=quarantine; np=reject      | none   | quarantine | reject
                    v=DMARC1; sp=reject                             | none   | reject | reject
                    """)
    void npFallsBackToSpAndSpToP(String text, String p, String sp, String np) {
        DmarcRecord record = read(text);
        assertThat(record.policy()).hasToString(p.toUpperCase(Locale.ROOT));
        assertThat(record.subdomainPolicy(true)).hasToString(sp.toUpperCase(Locale.ROOT));
        assertThat(record.subdomainPolicy(false)).hasToString(np.toUpperCase(Locale.ROOT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", ";", "v=spf1 -all", "p=reject; v=DMARC1", "v=DMARC2; p=reject", "v=dmarc1; p=reject", "v=DMARC1 p=reject",
                "v=DMARC10; p=none", "v=DMARC1\\; p=reject", "; v=DMARC1; p=reject", "DMARC1; p=reject", "v=; p=reject",
                "dmarc v=DMARC1; p=reject", "v==DMARC1; p=reject"
            })
    void ignoresTheWholeRecordWhereTheVersionDoesNotStandFirst(String text) {
        // authheaders compares nine characters, so that v=DMARC10 is DMARC to it.
        assertThat(DmarcRecord.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=DMARC1;p=reject", " v = DMARC1 ;\tp = reject ;", "v=DMARC1; p=reject;;", "v=DMARC1; ; p=reject", "v=DMARC1; P=Reject",
                "v=DMARC1; garbage; p=reject", "v=DMARC1; =x; p=reject", "v=DMARC1; x-y=1; p=reject", "v=DMARC1; new=tag; p=reject",
                "v=DMARC1; p=reject; p=none", "v=DMARC1; p=reject; v=DMARC1", "V=DMARC1; p=reject", "v=DMARC1; \u00e9=\u00e9; p=reject"
            })
    void readsOnPastSyntaxErrorsAndUnknownTags(String text) {
        // mox gives up on the whole record (permerror) at garbage and at a tag that occurs twice, and mailauth lets the last one
        // win; RFC 9989 §4.8: "Syntax errors in the remainder of the record MUST be discarded in favor of default values".
        assertThat(read(text).policy()).isEqualTo(REJECT);
        assertThat(read(text).applicable()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "adkim=x", "aspf=strict", "psd=maybe", "t=yes", "fo=7", "fo=0:1", "fo=d:d", "fo=", "pct=101", "pct=-1", "pct=50%", "pct=",
                "pct=99999999999999999999", "ri=soon", "rua=reports@example.com", "rua=mailto:", "rua=,", "ruf=http://[", "adkim="
            })
    void readsABrokenValueAsItsTagsDefault(String tag) {
        // mox and Stalwart's mail-auth drop the whole record, hence the policy; mailauth reads pct=50% as 50 and pct= as 0.
        DmarcRecord broken = read("v=DMARC1; p=reject; ruf=mailto:f@example.com; " + tag);
        DmarcRecord plain = read("v=DMARC1; p=reject; ruf=mailto:f@example.com");

        assertThat(broken.problems()).isNotEmpty();
        assertThat(broken).usingRecursiveComparison().ignoringFields("text", "tags", "problems").isEqualTo(plain);
    }

    @Test
    void foWithoutRufIsIgnored() {
        assertThat(read("v=DMARC1; p=none; fo=1").failureOptions()).containsExactly(FailureOption.ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"p=rejct", "p=", "p=reject; sp=bogus", "p=reject; np=bogus", "p=none p=reject"})
    void aBrokenPolicyCountsAsNoneWhereRuaIsSound(String policy) {
        // mox ends with permerror and mail-auth with a parse error; RFC 9989 §4.10.1: "act as if a record containing p=none".
        DmarcRecord record = read("v=DMARC1; " + policy + "; rua=nonsense,mailto:r@example.com");

        assertThat(record.applicable()).isTrue();
        assertThat(record.policy()).isEqualTo(NONE);
        assertThat(record.subdomainPolicy(true)).isEqualTo(NONE);
        assertThat(record.subdomainPolicy(false)).isEqualTo(NONE);
        assertThat(record.problems()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"p=rejct", "p=rejct; rua=nonsense", "p=reject; sp=bogus", "p=reject; np=bogus; rua=mailto:"})
    void aBrokenPolicyWithoutSoundRuaIsNoDmarc(String policy) {
        assertThat(read("v=DMARC1; " + policy).applicable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"v=DMARC1", "v=DMARC1;", "v=DMARC1; rua=mailto:r@example.com", "v=DMARC1; psd=n"})
    void pIsNotRequired(String text) {
        // RFC 7489 wanted p, in second place: mox refuses any other place, and mailauth applies no DMARC without p and rua. RFC 9989
        // §4.7 reads a missing p as p=none.
        assertThat(read(text).applicable()).isTrue();
        assertThat(read(text).policy()).isEqualTo(NONE);
    }

    @Test
    void dropsUrisThatAreNoneAndKeepsTheOthers() {
        DmarcRecord record = read("v=DMARC1; p=none; rua= mailto:a@example.com!5 , b@example.com, mailto:c@ex ample.com,"
                + "mailto:\u00e9@example.com, mailto:d@example.com!x, ftp://e.example/ ");

        assertThat(record.aggregateReportUris())
                .containsExactly("mailto:a@example.com", "mailto:d@example.com!x", "ftp://e.example/");
    }

    @Test
    void boundsWhatAHugeRecordMakesUsKeep() {
        long start = System.nanoTime();
        DmarcRecord record = read("v=DMARC1; p=reject; rua=" + "x,".repeat(10_000) + "; " + ";".repeat(20_000) + "\u0001;".repeat(10_000));

        assertThat(record.policy()).isEqualTo(REJECT);
        assertThat(record.problems()).hasSize(20).allMatch(problem -> problem.length() < 200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void noTextMakesItThrow() {
        long seed = System.nanoTime();
        System.out.println("DmarcRecordTest.noTextMakesItThrow: seed " + seed);
        Random random = new Random(seed);
        String alphabet = "v=DMARC1;prsaunqtxyfo:,!mil@0 \t\r\n\u0000\u00ff";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder("v=DMARC1;");
            for (int length = random.nextInt(60); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            DmarcRecord.parse(text.toString());
        }
    }

    private static DmarcRecord read(String text) {
        return DmarcRecord.parse(text).orElseThrow();
    }
}
