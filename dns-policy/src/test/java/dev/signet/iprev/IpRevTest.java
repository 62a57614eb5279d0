// SPDX-License-Identifier: Apache-2.0
package dev.signet.iprev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.iprev.IpRevResult.State;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** RFC 8601 §2.7.3. */
class IpRevTest {

    private final FakeDns dns = new FakeDns();

    @Test
    void passesWithANameThatLeadsBack() {
        dns.ptr("192.0.2.3", "other.example").ptr("192.0.2.3", "mail.example").address("mail.example", "192.0.2.9")
                .address("mail.example", "192.0.2.3");
        IpRevResult result = check("192.0.2.3");
        assertThat(result.state()).isEqualTo(State.PASS);
        assertThat(result.name()).isEqualTo(DomainName.of("mail.example"));
        assertThat(result.methodResult().properties()).singleElement()
                .hasToString("Property[type=policy, name=iprev, value=192.0.2.3]");
    }

    @Test
    void asksForIpv6WhereTheClientIsIpv6() {
        dns.ptr("2001:db8::1", "mail.example").address("mail.example", "2001:db8::1");
        IpRevResult result = check("2001:db8::1");
        assertThat(result.state()).isEqualTo(State.PASS);
        assertThat(result.methodResult().properties().getFirst().value()).isEqualTo("2001:db8::1");
        assertThat(dns.asked()).contains("AAAA mail.example").doesNotContain("A mail.example");
    }

    @Test
    void failsWhereNoNameLeadsBackAndTellsNone() {
        dns.ptr("192.0.2.3", "mail.example").ptr("192.0.2.3", "gone.example").address("mail.example", "192.0.2.4");
        IpRevResult result = check("192.0.2.3");
        assertThat(result.state()).isEqualTo(State.FAIL);
        assertThat(result.name()).isNull();
    }

    @Test
    void isAPermerrorWithoutAName() {
        assertThat(check("192.0.2.3").state()).isEqualTo(State.PERMERROR);
        dns.empty("3.2.0.192.in-addr.arpa");
        assertThat(check("192.0.2.3").state()).isEqualTo(State.PERMERROR);
    }

    @Test
    void isATemperrorWhereTheReverseLookupFails() {
        dns.failing("3.2.0.192.in-addr.arpa", RecordType.PTR, "SERVFAIL");
        assertThat(check("192.0.2.3").state()).isEqualTo(State.TEMPERROR);
    }

    @Test
    void isATemperrorWhereTheNameThatMightLeadBackCannotBeAsked() {
        dns.ptr("192.0.2.3", "a.example").ptr("192.0.2.3", "b.example").failing("a.example", RecordType.A, "SERVFAIL");
        assertThat(check("192.0.2.3")).isEqualTo(new IpRevResult(State.TEMPERROR, ip("192.0.2.3"), null, "A of a.example: SERVFAIL"));
        dns.address("b.example", "192.0.2.3");
        assertThat(check("192.0.2.3").state()).isEqualTo(State.PASS);
    }

    @Test
    void asksForTenNamesAndNoMore() {
        for (int i = 0; i < 50; i++) {
            dns.ptr("192.0.2.3", "host" + i + ".example");
        }
        assertThat(check("192.0.2.3").state()).isEqualTo(State.FAIL);
        assertThat(dns.asked()).hasSize(11);
    }

    private IpRevResult check(String ip) {
        return IpRev.check(ip(ip), dns).join();
    }

    private static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }
}
