// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

class PolicyDiscoveryTest {

    private final FakeDns dns = new FakeDns();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    the author domain's own                  | x.example.com   | x.example.com | AUTHOR        | REJECT     | x.example.com: p=reject,example.com: p=none
                    its p, not its sp                        | x.example.com   | x.example.com | AUTHOR        | QUARANTINE | x.example.com: p=quarantine; sp=reject
                    the organization's sp                    | x.example.com   | example.com   | ORGANIZATION  | REJECT     | example.com: p=none; sp=reject
                    the organization's p without sp          | x.example.com   | example.com   | ORGANIZATION  | REJECT     | example.com: p=reject
                    never a record in between                | a.b.example.com | example.com   | ORGANIZATION  | REJECT     | b.example.com: p=none,example.com: p=reject
                    unless psd=n makes it the organization   | a.b.example.com | b.example.com | ORGANIZATION  | QUARANTINE | b.example.com: p=quarantine; psd=n,example.com: p=reject
                    the public suffix's sp                   | giant.example   | example       | PUBLIC_SUFFIX | QUARANTINE | example: p=none; sp=quarantine; psd=y
                    also from further below                  | a.giant.example | example       | PUBLIC_SUFFIX | REJECT     | example: p=reject; psd=y
                    not where the organization has one       | a.giant.example | giant.example | ORGANIZATION  | NONE       | giant.example: p=none,example: p=reject; psd=y
                    nor a record between those two           | a.b.giant.example | example     | PUBLIC_SUFFIX | REJECT     | b.giant.example: p=none,example: p=reject; psd=y
                    a public suffix's own p                  | example         | example       | AUTHOR        | NONE       | example: p=none; sp=reject; psd=y
                    """)
    void takesThePolicyFromTheRightRecord(
            String why, String author, String policyDomain, PolicyOrigin origin, Disposition requested, String records) {
        // Stalwart's mail-auth takes the first record on the way up, whoever's it is, and its p.
        Arrays.stream(records.split(","))
                .map(record -> record.split(":"))
                .forEach(record -> dns.txt("_dmarc." + record[0].strip(), "v=DMARC1;" + record[1]));
        dns.empty(author);

        PolicyDiscovery.Found found = found(author);

        assertThat(found.policyDomain()).as(why).hasToString(policyDomain);
        assertThat(found.origin()).as(why).isEqualTo(origin);
        assertThat(found.requested()).as(why).isEqualTo(requested);
        assertThat(found.method()).isEqualTo(DiscoveryMethod.TREEWALK);
    }

    @Test
    void npIsForNamesThatDoNotExist() {
        // mox and mail-auth know no np here. The name is asked for itself: _dmarc below it is missing for either reason.
        dns.txt("_dmarc.example.com", "v=DMARC1; p=none; sp=quarantine; np=reject").address("real.example.com", "192.0.2.1");

        assertThat(found("real.example.com").requested()).isEqualTo(Disposition.QUARANTINE);
        assertThat(found("ghost.example.com").requested()).isEqualTo(Disposition.REJECT);
    }

    @Test
    void aNameWithoutRecordsOfItsOwnExistsWhereSomethingIsBelowIt() {
        // RFC 9989 §3.2.13: only NXDOMAIN makes a name non-existent; an empty non-terminal answers NODATA.
        dns.txt("_dmarc.example.com", "v=DMARC1; p=none; sp=quarantine; np=reject").address("www.shop.example.com", "192.0.2.1");

        assertThat(found("shop.example.com").requested()).isEqualTo(Disposition.QUARANTINE);
    }

    @Test
    void whetherANameExistsIsAskedOnlyWhereItMatters() {
        dns.txt("_dmarc.example.com", "v=DMARC1; p=none; sp=reject");
        found("ghost.example.com");
        assertThat(dns.asked()).noneMatch("TXT ghost.example.com"::equals);

        dns.txt("_dmarc.example.org", "v=DMARC1; p=none; sp=reject; np=none").txt("_dmarc.x.example.org", "not DMARC");
        assertThat(found("x.example.org").requested()).isEqualTo(Disposition.REJECT);
        assertThat(dns.asked()).noneMatch("TXT x.example.org"::equals);
    }

    @Test
    void twoRecordsAtTheAuthorDomainLeaveTheOrganizationsPolicy() {
        dns.txt("_dmarc.x.example.com", "v=DMARC1; p=none").txt("_dmarc.x.example.com", "v=DMARC1; p=quarantine");
        dns.txt("_dmarc.example.com", "v=DMARC1; p=reject");

        assertThat(found("x.example.com").requested()).isEqualTo(Disposition.REJECT);
    }

    @Test
    void aBrokenPolicyWithoutRuaEndsDiscoveryWithNone() {
        // RFC 9989 §4.10.1: "the Mail Receiver applies no DMARC processing to this message": no climbing on to another record.
        dns.txt("_dmarc.x.example.com", "v=DMARC1; p=rejct").txt("_dmarc.example.com", "v=DMARC1; p=reject");

        assertThat(discover("x.example.com")).isInstanceOf(PolicyDiscovery.None.class);
    }

    @Test
    void aBrokenPolicyWithRuaIsNone() {
        dns.txt("_dmarc.example.com", "v=DMARC1; p=rejct; rua=mailto:r@example.com");

        assertThat(found("example.com").requested()).isEqualTo(Disposition.NONE);
    }

    @Test
    void noRecordIsNone() {
        assertThat(discover("a.example.com"))
                .isInstanceOfSatisfying(PolicyDiscovery.None.class, none -> assertThat(none.steps()).hasSize(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"_dmarc.a.example.com", "_dmarc.example.com", "_dmarc.com"})
    void troubleAnywhereOnTheWayIsTempErrorAndNeverNone(String name) {
        // authheaders takes a SERVFAIL for "no record", which lets who can cause one switch DMARC off.
        dns.failing(name, RecordType.TXT, "SERVFAIL");

        assertThat(discover("a.example.com"))
                .isInstanceOfSatisfying(PolicyDiscovery.TempError.class, error -> assertThat(error.cause()).contains(name, "SERVFAIL"));
    }

    @Test
    void troubleAboveTheAuthorDomainsOwnRecordLeavesItsPolicy() {
        dns.txt("_dmarc.example.com", "v=DMARC1; p=reject").failing("_dmarc.com", RecordType.TXT, "time-out");

        PolicyDiscovery.Found found = found("example.com");

        assertThat(found.requested()).isEqualTo(Disposition.REJECT);
        assertThat(found.organization()).isEqualTo(new Organization.Unknown("_dmarc.com: time-out"));
    }

    @Test
    void troubleWithTheExistenceOfTheAuthorDomainIsTempError() {
        dns.txt("_dmarc.example.com", "v=DMARC1; p=none; np=reject").failing("ghost.example.com", RecordType.TXT, "SERVFAIL");

        assertThat(discover("ghost.example.com")).isInstanceOf(PolicyDiscovery.TempError.class);
    }

    private PolicyDiscovery discover(String author) {
        return DmarcDiscovery.treeWalk().policyFor(DomainName.of(author), dns).join();
    }

    private PolicyDiscovery.Found found(String author) {
        return (PolicyDiscovery.Found) discover(author);
    }
}
