// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

class TreeWalkTest {

    @Test
    void jumpsToSevenLabelsSoThatItNeverAsksMoreThanEight() {
        // authheaders and Stalwart's mail-auth still follow an early draft: they jump to four labels, from five on.
        assertThat(names("a.b.c.d.e.f.g.h.i.j.mail.example.com"))
                .containsExactly(
                        "a.b.c.d.e.f.g.h.i.j.mail.example.com",
                        "g.h.i.j.mail.example.com",
                        "h.i.j.mail.example.com",
                        "i.j.mail.example.com",
                        "j.mail.example.com",
                        "mail.example.com",
                        "example.com",
                        "com");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "5, 5", "6, 6", "7, 7", "8, 8", "9, 8", "10, 8", "120, 8"})
    void asksOnceALabelUpToEight(int labels, int queries) {
        assertThat(names(String.join(".", Collections.nCopies(labels, "x")))).hasSize(queries);
    }

    @Test
    void asksForAllNamesAtOnce() {
        PendingDns dns = new PendingDns(new FakeDns().txt("_dmarc.example.com", "v=DMARC1; p=reject"));

        CompletableFuture<TreeWalk> walk = TreeWalk.from(DomainName.of("a.b.example.com"), new PublishedRecords(), dns);

        assertThat(walk).isNotDone();
        assertThat(dns.asked())
                .containsExactly("TXT _dmarc.a.b.example.com", "TXT _dmarc.b.example.com", "TXT _dmarc.example.com", "TXT _dmarc.com");
        dns.answer();
        assertThat(walk.join().organization()).isEqualTo(known("example.com"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    no record anywhere: the start          | a.b.example.com  | a.b.example.com |
                    the shortest name that has one         | a.b.example.com  | example.com     | b.example.com: p=none,example.com: p=none
                    also where that is a top-level domain  | example.com      | com             | com: p=none
                    psd=n is it, whatever is above         | a.b.example.com  | b.example.com   | b.example.com: psd=n,example.com: p=none
                    psd=n at the start                     | b.example.com    | b.example.com   | b.example.com: psd=n,example.com: p=none
                    one label below psd=y                  | a.b.example.com  | example.com     | com: psd=y
                    one label below psd=y, with a record   | a.b.example.com  | b.example.com   | b.example.com: p=none,example.com: psd=y
                    the walk stops at psd=y                | a.b.example.com  | b.example.com   | example.com: psd=y,com: p=none
                    psd=y at the start counts for nothing  | example.com      | example.com     | example.com: psd=y,com: p=none
                    psd=u is as good as none               | a.b.example.com  | example.com     | b.example.com: psd=u,example.com: psd=u
                    a broken psd is psd=u                  | a.b.example.com  | example.com     | b.example.com: psd=x,example.com: p=none
                    """)
    void selectsTheOrganizationalDomain(String why, String start, String organization, String records) {
        // mail-auth stops at the first record, whatever its psd, and asks a suffix list for the organization. authheaders, in its
        // dmarcbis mode, takes the last two labels of the author for its organization below any psd=y, however long that name is.
        FakeDns dns = new FakeDns();
        if (records != null) {
            Arrays.stream(records.split(","))
                    .map(record -> record.split(":"))
                    .forEach(record -> dns.txt("_dmarc." + record[0].strip(), "v=DMARC1;" + record[1]));
        }
        assertThat(walk(start, dns).organization()).as(why).isEqualTo(known(organization));
    }

    @Test
    void discardsAllWhereThereIsMoreThanOneRecordAndGoesOn() {
        // mox ends with "no policy" at two records, and authheaders takes the first; RFC 9989 §4.10 discards them and walks on.
        FakeDns dns = new FakeDns()
                .txt("_dmarc.b.example.com", "v=DMARC1; p=none; psd=n")
                .txt("_dmarc.b.example.com", "v=DMARC1; p=reject; psd=n")
                .txt("_dmarc.example.com", "v=DMARC1; p=reject");

        TreeWalk walk = walk("b.example.com", dns);

        assertThat(walk.steps().getFirst().answer()).isEqualTo(new WalkStep.Answer.Several(2));
        assertThat(walk.organization()).isEqualTo(known("example.com"));
    }

    @Test
    void otherTextRecordsDoNotCount() {
        FakeDns dns = new FakeDns()
                .txt("_dmarc.example.com", "some-verification=1")
                .txt("_dmarc.example.com", "v=DMARC1; p=reject")
                .txt("_dmarc.example.com", "v=DMARC2; p=none");

        assertThat(walk("example.com", dns).recordAt(DomainName.of("example.com")).orElseThrow().policy())
                .isEqualTo(Disposition.REJECT);
    }

    @Test
    void troubleBelowTheStopLeavesTheOrganizationOpen() {
        FakeDns dns = new FakeDns()
                .failing("_dmarc.b.example.com", RecordType.TXT, "SERVFAIL")
                .txt("_dmarc.example.com", "v=DMARC1; p=reject");

        assertThat(walk("a.b.example.com", dns).organization()).isEqualTo(new Organization.Unknown("_dmarc.b.example.com: SERVFAIL"));
    }

    @Test
    void troubleAboveTheStopDoesNotMatter() {
        FakeDns dns = new FakeDns()
                .txt("_dmarc.example.com", "v=DMARC1; p=reject; psd=n")
                .failing("_dmarc.com", RecordType.TXT, "SERVFAIL");

        assertThat(walk("a.example.com", dns).organization()).isEqualTo(known("example.com"));
    }

    @Test
    void aNameTooLongForTheLabelInFrontHasNoRecordButItsParentsMay() {
        String label = "x".repeat(49);
        String start = String.join(".", label, label, label, label, "x".repeat(35), "example.com");
        FakeDns dns = new FakeDns().txt("_dmarc.example.com", "v=DMARC1; p=reject");

        assertThat(start).hasSizeGreaterThan(246);
        assertThat(walk(start, dns).organization()).isEqualTo(known("example.com"));
        assertThat(dns.asked()).hasSize(6);
    }

    private static List<String> names(String start) {
        return TreeWalk.names(DomainName.of(start)).stream().map(DomainName::ascii).toList();
    }

    private static TreeWalk walk(String start, FakeDns dns) {
        return TreeWalk.from(DomainName.of(start), new PublishedRecords(), dns).join();
    }

    private static Organization known(String domain) {
        return new Organization.Known(DomainName.of(domain));
    }
}
