// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dmarc.DmarcDiscovery;
import dev.signet.dmarc.DmarcRecord;
import dev.signet.dns.Dns;
import dev.signet.dns.DomainName;
import dev.signet.dns.MessageDns;
import dev.signet.dns.RecordType;
import dev.signet.dns.ZoneFileDns;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class ReportDestinationsTest {

    private static final String CONFIRMATION = "blue.example.com._report._dmarc.red.example.net";

    private final FakeDns dns = new FakeDns();

    private static List<ReportDestination> destinations(Dns dns, String record, ReportKind kind) {
        DmarcRecord parsed = DmarcRecord.parse("v=DMARC1; p=none; " + record).orElseThrow();
        return new ReportDestinations(DmarcDiscovery.treeWalk(), 5).of(DomainName.of("blue.example.com"), parsed, kind, dns).join();
    }

    private String outcome(String uri) {
        return show(destinations(dns, "rua=" + uri, ReportKind.AGGREGATE));
    }

    private static String show(List<ReportDestination> destinations) {
        return destinations.stream().map(destination -> switch (destination) {
            case ReportDestination.Allowed(String uri, String address, String why) -> address + " (" + why + ")";
            case ReportDestination.Refused(String uri, String reason) -> "refused: " + reason;
            case ReportDestination.Later(String uri, String cause) -> "later: " + cause;
        }).collect(Collectors.joining("\n"));
    }

    @Test
    void thePolicyDomainItselfNeedsNobodysWordAndNoQuery() {
        assertThat(outcome("mailto:Reports@BLUE.example.com")).isEqualTo("Reports@blue.example.com (the policy domain itself)");
        assertThat(dns.asked()).isEmpty();
    }

    @Test
    void theSameOrganizationNeedsNobodysWord() {
        dns.txt("_dmarc.example.com", "v=DMARC1; p=none");

        assertThat(outcome("mailto:r@reports.example.com")).isEqualTo("r@reports.example.com (the same organization)");
        assertThat(dns.asked()).noneMatch(asked -> asked.contains("_report"));
    }

    @Test
    void anExternalDestinationHasToAgree() {
        assertThat(outcome("mailto:reports@red.example.net")).isEqualTo("refused: external, and no DMARC record at " + CONFIRMATION);
        dns.empty(CONFIRMATION);
        assertThat(outcome("mailto:reports@red.example.net")).startsWith("refused: external");
        dns.txt(CONFIRMATION, "v=spf1 -all").txt(CONFIRMATION, "p=none; v=DMARC1");
        assertThat(outcome("mailto:reports@red.example.net")).startsWith("refused: external");
        dns.txt(CONFIRMATION, "v=DMARC1;");
        assertThat(outcome("mailto:reports@red.example.net")).isEqualTo("reports@red.example.net (TXT " + CONFIRMATION + ")");
    }

    @Test
    void subdomainsOfOnePublicSuffixAreStrangers() {
        dns.txt("_dmarc.example", "v=DMARC1; p=none; psd=y");
        DmarcRecord record = DmarcRecord.parse("v=DMARC1; p=none; rua=mailto:r@victim.example").orElseThrow();

        assertThat(show(new ReportDestinations(DmarcDiscovery.treeWalk(), 5)
                        .of(DomainName.of("attacker.example"), record, ReportKind.AGGREGATE, dns).join()))
                .isEqualTo("refused: external, and no DMARC record at attacker.example._report._dmarc.victim.example");
    }

    @Test
    void aWildcardAgreesForEverybody(@TempDir Path folder) throws IOException {
        Path zone = Files.writeString(folder.resolve("zone"), """
                *._report._dmarc.red.example.net. IN TXT "v=DMARC1"
                """);

        assertThat(show(destinations(ZoneFileDns.read(zone), "rua=mailto:reports@red.example.net", ReportKind.AGGREGATE)))
                .isEqualTo("reports@red.example.net (TXT " + CONFIRMATION + ")");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "rua=mailto:other@red.example.net | other@red.example.net (TXT blue.example.com._report._dmarc.red.example.net names the address)",
        "rua=mailto:other@RED.example.net!5m | other@red.example.net (TXT blue.example.com._report._dmarc.red.example.net names the address)",
        "rua=mailto:victim@example.org | refused: TXT blue.example.com._report._dmarc.red.example.net wants reports somewhere else than at red.example.net",
        "rua=mailto:x@sub.red.example.net | refused: TXT blue.example.com._report._dmarc.red.example.net wants reports somewhere else than at red.example.net",
        "rua=mailto:a@red.example.net,mailto:victim@example.org | refused: TXT blue.example.com._report._dmarc.red.example.net wants reports somewhere else than at red.example.net",
        "rua=https://red.example.net/ | refused: TXT blue.example.com._report._dmarc.red.example.net wants reports somewhere else than at red.example.net",
        "rua=nonsense | refused: TXT blue.example.com._report._dmarc.red.example.net wants reports somewhere else than at red.example.net",
        "ruf=mailto:victim@example.org | reports@red.example.net (TXT blue.example.com._report._dmarc.red.example.net)",
    })
    void anAnswerMayNameAnotherAddressAtTheSameHostOnly(String tags, String expected) {
        dns.txt(CONFIRMATION, "v=DMARC1; " + tags);

        assertThat(outcome("mailto:reports@red.example.net")).isEqualTo(expected);
    }

    @Test
    void ofSeveralRecordsTheOrderOfTheAnswerDecidesNothing() {
        FakeDns other = new FakeDns().txt(CONFIRMATION, "v=DMARC1; rua=mailto:a@red.example.net").txt(CONFIRMATION, "v=DMARC1; rua=mailto:b@red.example.net");
        dns.txt(CONFIRMATION, "v=DMARC1; rua=mailto:b@red.example.net").txt(CONFIRMATION, "v=DMARC1; rua=mailto:a@red.example.net");

        assertThat(outcome("mailto:reports@red.example.net"))
                .startsWith("a@red.example.net")
                .isEqualTo(show(destinations(other, "rua=mailto:reports@red.example.net", ReportKind.AGGREGATE)));
    }

    @Test
    void whatTheDnsLeavesOpenIsForLater() {
        dns.failing(CONFIRMATION, RecordType.TXT, "SERVFAIL");
        assertThat(outcome("mailto:reports@red.example.net")).isEqualTo("later: TXT " + CONFIRMATION + ": SERVFAIL");

        dns.failing("_dmarc.green.example.org", RecordType.TXT, "no answer within 5 s");
        assertThat(outcome("mailto:reports@green.example.org")).startsWith("later: ").contains("no answer within 5 s");
        assertThat(outcome("mailto:r@two.example.org,mailto:r@blue.example.com"))
                .contains("refused: external").contains("r@blue.example.com (the policy domain itself)");
        assertThat(show(destinations(new MessageDns(dns, 0, Duration.ofSeconds(5)), "rua=mailto:reports@red.example.net", ReportKind.AGGREGATE)))
                .startsWith("later: ");
    }

    @Test
    void aNameTooLongForTheDnsCannotAgree() {
        String host = "a".repeat(60) + "." + "b".repeat(60) + "." + "c".repeat(60) + "." + "d".repeat(40) + ".example";

        assertThat(outcome("mailto:r@" + host)).startsWith("refused: the name under").endsWith("is too long for the DNS");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "https://example.com/report",
        "mailto:",
        "mailto:nobody",
        "mailto:@blue.example.com",
        "mailto:a@",
        "mailto:a@localhost",
        "mailto:a@[192.0.2.1]",
        "mailto:a%0d%0aRCPT%20TO:b@blue.example.com",
        "mailto:a%2cb@blue.example.com",
        "mailto:victim@example.org%2Ca@blue.example.com",
        "mailto:%22a%20b%22@blue.example.com",
        "mailto:a..b@blue.example.com",
        "mailto:a%C3%A9@blue.example.com",
        "mailto:a@blue.example.com%3E",
        "mailto:a%zz@blue.example.com",
        "mailto:a%4@blue.example.com",
        "mailto:abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmn@blue.example.com",
    })
    void whatIsNoSingleMailAddressGetsNothing(String uri) {
        assertThat(outcome(uri)).doesNotContain("(the policy domain itself)").matches("(refused: .*)?");
        assertThat(MailtoUri.parse(uri)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "mailto:r@blue.example.com!10m, r@blue.example.com",
        "mailto:r@blue.example.com!10, r@blue.example.com",
        "MAILTO:r@blue.example.com, r@blue.example.com",
        "mailto:r%2Bdmarc@blue.example.com, r+dmarc@blue.example.com",
        "mailto:r%21x@blue.example.com, r!x@blue.example.com",
        "mailto:r@blue.example.com?subject=x&cc=victim@example.org, r@blue.example.com",
    })
    void whatSurroundsAnAddressIsLeftOut(String uri, String address) {
        assertThat(outcome(uri)).isEqualTo(address + " (the policy domain itself)");
    }

    @Test
    void anAddressGetsOneReportHoweverOftenItIsNamed() {
        assertThat(outcome("mailto:r@blue.example.com,mailto:r@blue.example.com")).isEqualTo("r@blue.example.com (the policy domain itself)");
        assertThat(outcome("mailto:r@blue.example.com,mailto:r@Blue.Example.com"))
                .isEqualTo("r@blue.example.com (the policy domain itself)\nrefused: the same address once more");
    }

    @Test
    void aRecordNamesFiveDestinationsAtMost() {
        String uris = IntStream.range(0, 50).mapToObj(i -> "mailto:r" + i + "@host" + i + ".example.net").collect(Collectors.joining(","));
        MessageDns view = new MessageDns(dns, 1000, Duration.ofSeconds(5));

        List<ReportDestination> found = destinations(view, "rua=" + uris, ReportKind.AGGREGATE);
        assertThat(found).hasSize(50);
        assertThat(show(found.subList(5, 50)).lines().distinct()).containsExactly("refused: more than 5 addresses");
        assertThat(view.queries()).isLessThan(30);
    }

    @Test
    void whatIsNoMailAddressDoesNotCountAmongTheFive() {
        String others = IntStream.range(0, 10).mapToObj(i -> "https://example.com/" + i + ",nonsense" + i).collect(Collectors.joining(","));

        assertThat(show(destinations(dns, "rua=" + others + ",mailto:r@blue.example.com", ReportKind.AGGREGATE)))
                .endsWith("r@blue.example.com (the policy domain itself)")
                .doesNotContain("more than 5");
    }

    @Test
    void failureReportsGoByRufAndNeverByThatOfAPublicSuffix() {
        assertThat(show(destinations(dns, "ruf=mailto:f@blue.example.com; rua=mailto:r@blue.example.com", ReportKind.FAILURE)))
                .isEqualTo("f@blue.example.com (the policy domain itself)");
        assertThat(destinations(dns, "psd=y; ruf=mailto:f@blue.example.com", ReportKind.FAILURE)).isEmpty();
        assertThat(destinations(dns, "psd=y; rua=mailto:r@blue.example.com", ReportKind.AGGREGATE)).hasSize(1);
        dns.txt(CONFIRMATION, "v=DMARC1; rua=mailto:x@red.example.net; ruf=mailto:y@red.example.net");
        assertThat(show(destinations(dns, "ruf=mailto:f@red.example.net", ReportKind.FAILURE))).startsWith("y@red.example.net");
    }
}
