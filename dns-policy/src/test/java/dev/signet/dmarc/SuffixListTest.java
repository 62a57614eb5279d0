// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.StringReader;

class SuffixListTest {

    private static final String LIST =
            """
            // ===BEGIN ICANN DOMAINS===
            com
            uk
            co.uk   and what stands behind white space is not read

            jp
            kawasaki.jp.not-this
            *.kawasaki.jp
            !city.kawasaki.jp
            cn
            公司.cn
            // ===BEGIN PRIVATE DOMAINS===
            github.io
            """;

    @ParameterizedTest
    @CsvSource({
        "a.b.example.com,        example.com",
        "example.com,            example.com",
        "com,                    -",
        "mail.example.co.uk,     example.co.uk",
        "co.uk,                  -",
        "uk,                     -",
        "a.b.x.kawasaki.jp,      b.x.kawasaki.jp",
        "x.kawasaki.jp,          -",
        "www.city.kawasaki.jp,   city.kawasaki.jp",
        "kawasaki.jp,            kawasaki.jp",
        "a.shop.xn--55qx5d.cn,   shop.xn--55qx5d.cn",
        "xn--55qx5d.cn,          -",
        "me.github.io,           me.github.io",
        "www.me.github.io,       me.github.io",
        "a.b.not-listed,         b.not-listed",
        "not-listed,             -",
        "_odd.b!.example.co.uk,  example.co.uk"
    })
    void aFileAndGuavaAgree(String name, String organization) throws IOException {
        DomainName expected = organization.equals("-") ? DomainName.ROOT : DomainName.of(organization);
        SuffixList file = SuffixList.read(new StringReader(LIST));

        assertThat(file.organizationalDomain(DomainName.of(name)).orElse(DomainName.ROOT)).isEqualTo(expected);
        assertThat(new GuavaSuffixes().organizationalDomain(DomainName.of(name)).orElse(DomainName.ROOT)).isEqualTo(expected);
    }

    @Test
    void refusesAFileWithoutRules() {
        assertThatThrownBy(() -> SuffixList.read(new StringReader("// nothing\n"))).isInstanceOf(IOException.class);
    }

    @Test
    void asksForTheAuthorDomainAndItsOrganizationAtOnce() {
        PendingDns dns = new PendingDns(new FakeDns()
                .txt("_dmarc.b.example.co.uk", "v=DMARC1; p=none")
                .txt("_dmarc.example.co.uk", "v=DMARC1; p=none; sp=reject"));

        var discovery = psl().policyFor(DomainName.of("a.b.example.co.uk"), dns);

        assertThat(dns.asked()).containsExactly("TXT _dmarc.a.b.example.co.uk", "TXT _dmarc.example.co.uk");
        dns.answer();
        PolicyDiscovery.Found found = (PolicyDiscovery.Found) discovery.join();
        assertThat(found.requested()).isEqualTo(Disposition.REJECT);
        assertThat(found.policyDomain()).hasToString("example.co.uk");
        assertThat(found.method()).isEqualTo(DiscoveryMethod.PSL);
    }

    @Test
    void theOwnRecordComesFirstAndTwoOfThemDoNotCount() {
        FakeDns dns = new FakeDns()
                .txt("_dmarc.a.example.com", "v=DMARC1; p=none")
                .txt("_dmarc.b.example.com", "v=DMARC1; p=none")
                .txt("_dmarc.b.example.com", "v=DMARC1; p=quarantine")
                .txt("_dmarc.example.com", "v=DMARC1; p=reject");

        assertThat(found("a.example.com", dns).requested()).isEqualTo(Disposition.NONE);
        assertThat(found("b.example.com", dns).requested()).isEqualTo(Disposition.REJECT);
    }

    @Test
    void npCountsHereToo() {
        FakeDns dns = new FakeDns().txt("_dmarc.example.com", "v=DMARC1; p=none; np=reject").empty("real.example.com");

        assertThat(found("ghost.example.com", dns).requested()).isEqualTo(Disposition.REJECT);
        assertThat(found("real.example.com", dns).requested()).isEqualTo(Disposition.NONE);
    }

    @Test
    void troubleIsTempErrorAndNothingIsNone() {
        FakeDns dns = new FakeDns().failing("_dmarc.a.example.com", RecordType.TXT, "SERVFAIL");

        assertThat(psl().policyFor(DomainName.of("a.example.com"), dns).join()).isInstanceOf(PolicyDiscovery.TempError.class);
        assertThat(psl().policyFor(DomainName.of("example.org"), dns).join()).isInstanceOf(PolicyDiscovery.None.class);
        assertThat(psl().policyFor(DomainName.of("co.uk"), dns).join()).isInstanceOf(PolicyDiscovery.None.class);
    }

    private static DmarcDiscovery psl() {
        return DmarcDiscovery.suffixList(new GuavaSuffixes());
    }

    private static PolicyDiscovery.Found found(String author, FakeDns dns) {
        return (PolicyDiscovery.Found) psl().policyFor(DomainName.of(author), dns).join();
    }
}
