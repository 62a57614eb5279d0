// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.dns.DomainName;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Hostile case 31: limited a domain and a source. */
class FailureLimitsTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final DomainName DOMAIN = DomainName.of("example.com");

    private static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long incidents(FailureLimits limits, String source, Instant now) {
        return limits.claim(DOMAIN, ip(source), now).orElseThrow().incidents();
    }

    @Test
    void anIncidentWaitsForTheNextReportForAsLongAsItTakes() {
        FailureLimits limits = new FailureLimits(2, 1);
        incidents(limits, "192.0.2.1", NOW);
        for (int i = 0; i < 500; i++) {
            assertThat(limits.claim(DOMAIN, ip("192.0.2.1"), NOW.plus(Duration.ofMinutes(1)))).isEmpty();
        }
        incidents(limits, "192.0.2.2", NOW.plus(Duration.ofMinutes(80)));
        incidents(limits, "192.0.2.3", NOW.plus(Duration.ofMinutes(80)));
        assertThat(limits.claim(DOMAIN, ip("192.0.2.1"), NOW.plus(Duration.ofMinutes(90)))).as("the domain is full").isEmpty();

        assertThat(incidents(limits, "192.0.2.1", NOW.plus(Duration.ofMinutes(150)))).isEqualTo(502);
    }

    @Test
    void whatIsGivenBackTakesNoRoomAndIsToldByTheNextReport() {
        FailureLimits limits = new FailureLimits(1, 1);
        for (int i = 0; i < 50; i++) {
            FailureLimits.Claim claim = limits.claim(DOMAIN, ip("192.0.2.1"), NOW).orElseThrow();
            assertThat(limits.claim(DOMAIN, ip("192.0.2.2"), NOW)).isEmpty();
            limits.giveBack(claim);
        }
        assertThat(incidents(limits, "192.0.2.1", NOW)).isEqualTo(51);
    }

    @Test
    void whoCannotBeWrittenToIsNotAskedAboutForEveryMessage() {
        FailureLimits limits = new FailureLimits(3, 100);
        int asked = 0;
        for (int i = 0; i < 200; i++) {
            Optional<FailureLimits.Claim> claim = limits.claim(DOMAIN, ip("192.0.2." + i), NOW);
            claim.ifPresent(none -> limits.foundNobody(none, NOW));
            asked += claim.isPresent() ? 1 : 0;
        }
        assertThat(asked).isEqualTo(3);
        assertThat(limits.claim(DomainName.of("other.example"), ip("192.0.2.1"), NOW)).as("the source is told of to others").isPresent();
        assertThat(incidents(limits, "192.0.2.1", NOW.plus(Duration.ofHours(1)))).isEqualTo(2);
    }

    @Test
    void whatIsOverALimitIsCountedInTheNextReport() {
        FailureLimits limits = new FailureLimits(100, 2);

        assertThat(incidents(limits, "192.0.2.1", NOW)).isEqualTo(1);
        assertThat(incidents(limits, "192.0.2.1", NOW)).isEqualTo(1);
        for (int i = 0; i < 40; i++) {
            assertThat(limits.claim(DOMAIN, ip("192.0.2.1"), NOW.plusSeconds(i))).isEmpty();
        }
        assertThat(incidents(limits, "192.0.2.2", NOW)).as("another source").isEqualTo(1);
        assertThat(limits.claim(DOMAIN, ip("192.0.2.1"), NOW.plus(Duration.ofHours(1)).minusMillis(1))).isEmpty();
        assertThat(incidents(limits, "192.0.2.1", NOW.plus(Duration.ofHours(1)))).isEqualTo(42);
        assertThat(incidents(limits, "192.0.2.1", NOW.plus(Duration.ofHours(1)))).isEqualTo(1);
    }

    @Test
    void aDomainGetsNoMoreThanItsShareHoweverManySourcesThereAre() {
        FailureLimits limits = new FailureLimits(5, 100);
        int sent = 0;
        for (int i = 0; i < 200; i++) {
            sent += limits.claim(DOMAIN, ip("192.0.2." + i), NOW).isPresent() ? 1 : 0;
        }
        assertThat(sent).isEqualTo(5);
        assertThat(limits.claim(DomainName.of("other.example"), ip("192.0.2.1"), NOW)).isPresent();
    }

    @Test
    void anIpv6NetworkIsOneSource() {
        FailureLimits limits = new FailureLimits(100, 1);
        assertThat(limits.claim(DOMAIN, ip("2001:db8::1"), NOW)).isPresent();
        assertThat(limits.claim(DOMAIN, ip("2001:db8::ffff:ffff:ffff:ffff"), NOW)).isEmpty();
        assertThat(limits.claim(DOMAIN, ip("2001:db8:0:1::1"), NOW)).isPresent();
    }

    @Test
    void manyDomainsThatNameOneHostDoNotFloodIt() {
        FailureLimits limits = new FailureLimits(3, 100);
        for (int i = 0; i < 3; i++) {
            assertThat(limits.claim(DomainName.of("victim.example"), NOW)).isTrue();
        }
        assertThat(limits.claim(DomainName.of("victim.example"), NOW)).isFalse();
        assertThat(limits.claim(DomainName.of("victim.example"), NOW.plus(Duration.ofHours(1)))).isTrue();
    }

    @Test
    void whoeverFillsTheMemoryGetsNoReports() {
        FailureLimits limits = new FailureLimits(1_000_000, 1);
        int sent = 0;
        for (int i = 0; i < 12_000; i++) {
            sent += limits.claim(DOMAIN, ip("10.0." + (i >> 8) + "." + (i & 255)), NOW).isPresent() ? 1 : 0;
        }
        assertThat(sent).isEqualTo(10_000);
        assertThat(limits.claim(DOMAIN, ip("192.0.2.1"), NOW.plus(Duration.ofHours(1)))).isPresent();
    }

    @Test
    void limitsOfNoneAreNone() {
        assertThatThrownBy(() -> new FailureLimits(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FailureLimits(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
