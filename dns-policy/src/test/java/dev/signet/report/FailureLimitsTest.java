// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import dev.signet.dns.DomainName;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;

/** Hostile case 31: limited a domain and a source. */
class FailureLimitsTest {

    private static final DomainName DOMAIN = DomainName.of("example.com");
    private static final long START = System.nanoTime();

    private long now = START;

    private FailureLimits limits(int perDomain, int perSource) {
        return new FailureLimits(perDomain, perSource, new Ticker() {
            @Override
            public long read() {
                return now;
            }
        });
    }

    /** So long after the beginning. */
    private FailureLimits after(Duration time, FailureLimits limits) {
        now = START + time.toNanos();
        return limits;
    }

    private static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long incidents(FailureLimits limits, String source) {
        return limits.claim(DOMAIN, ip(source)).orElseThrow().incidents();
    }

    @Test
    void anIncidentWaitsForTheNextReportForAsLongAsItTakes() {
        FailureLimits limits = limits(2, 1);
        incidents(limits, "192.0.2.1");
        for (int i = 0; i < 500; i++) {
            assertThat(after(Duration.ofMinutes(1), limits).claim(DOMAIN, ip("192.0.2.1"))).isEmpty();
        }
        incidents(after(Duration.ofMinutes(80), limits), "192.0.2.2");
        incidents(after(Duration.ofMinutes(80), limits), "192.0.2.3");
        assertThat(after(Duration.ofMinutes(90), limits).claim(DOMAIN, ip("192.0.2.1"))).as("the domain is full").isEmpty();

        assertThat(incidents(after(Duration.ofMinutes(150), limits), "192.0.2.1")).isEqualTo(502);
    }

    @Test
    void whatIsGivenBackTakesNoRoomAndIsToldByTheNextReport() {
        FailureLimits limits = limits(1, 1);
        for (int i = 0; i < 50; i++) {
            FailureLimits.Claim claim = limits.claim(DOMAIN, ip("192.0.2.1")).orElseThrow();
            assertThat(limits.claim(DOMAIN, ip("192.0.2.2"))).isEmpty();
            limits.giveBack(claim);
        }
        assertThat(incidents(limits, "192.0.2.1")).isEqualTo(51);
    }

    @Test
    void whoCannotBeWrittenToIsNotAskedAboutForEveryMessage() {
        FailureLimits limits = limits(3, 100);
        int asked = 0;
        for (int i = 0; i < 200; i++) {
            Optional<FailureLimits.Claim> claim = limits.claim(DOMAIN, ip("192.0.2." + i));
            claim.ifPresent(none -> limits.foundNobody(none));
            asked += claim.isPresent() ? 1 : 0;
        }
        assertThat(asked).isEqualTo(3);
        assertThat(limits.claim(DomainName.of("other.example"), ip("192.0.2.1"))).as("the source is told of to others").isPresent();
        assertThat(incidents(after(Duration.ofHours(1), limits), "192.0.2.1")).isEqualTo(2);
    }

    @Test
    void whatIsOverALimitIsCountedInTheNextReport() {
        FailureLimits limits = limits(100, 2);

        assertThat(incidents(limits, "192.0.2.1")).isEqualTo(1);
        assertThat(incidents(limits, "192.0.2.1")).isEqualTo(1);
        for (int i = 0; i < 40; i++) {
            assertThat(after(Duration.ofSeconds(i), limits).claim(DOMAIN, ip("192.0.2.1"))).isEmpty();
        }
        assertThat(incidents(limits, "192.0.2.2")).as("another source").isEqualTo(1);
        assertThat(after(Duration.ofHours(1).minusMillis(1), limits).claim(DOMAIN, ip("192.0.2.1"))).isEmpty();
        assertThat(incidents(after(Duration.ofHours(1), limits), "192.0.2.1")).isEqualTo(42);
        assertThat(incidents(after(Duration.ofHours(1), limits), "192.0.2.1")).isEqualTo(1);
    }

    @Test
    void aDomainGetsNoMoreThanItsShareHoweverManySourcesThereAre() {
        FailureLimits limits = limits(5, 100);
        int sent = 0;
        for (int i = 0; i < 200; i++) {
            sent += limits.claim(DOMAIN, ip("192.0.2." + i)).isPresent() ? 1 : 0;
        }
        assertThat(sent).isEqualTo(5);
        assertThat(limits.claim(DomainName.of("other.example"), ip("192.0.2.1"))).isPresent();
    }

    @Test
    void anIpv6NetworkIsOneSource() {
        FailureLimits limits = limits(100, 1);
        assertThat(limits.claim(DOMAIN, ip("2001:db8::1"))).isPresent();
        assertThat(limits.claim(DOMAIN, ip("2001:db8::ffff:ffff:ffff:ffff"))).isEmpty();
        assertThat(limits.claim(DOMAIN, ip("2001:db8:0:1::1"))).isPresent();
    }

    @Test
    void manyDomainsThatNameOneHostDoNotFloodIt() {
        FailureLimits limits = limits(3, 100);
        for (int i = 0; i < 3; i++) {
            assertThat(limits.claim(DomainName.of("victim.example"))).isTrue();
        }
        assertThat(limits.claim(DomainName.of("victim.example"))).isFalse();
        assertThat(after(Duration.ofHours(1), limits).claim(DomainName.of("victim.example"))).isTrue();
    }

    @Test
    void whoeverFillsTheMemoryGetsNoReports() {
        FailureLimits limits = limits(1_000_000, 1);
        int sent = 0;
        for (int i = 0; i < 12_000; i++) {
            sent += limits.claim(DOMAIN, ip("10.0." + (i >> 8) + "." + (i & 255))).isPresent() ? 1 : 0;
        }
        assertThat(sent).isEqualTo(10_000);
        assertThat(after(Duration.ofHours(1), limits).claim(DOMAIN, ip("192.0.2.1"))).isPresent();
    }

    @Test
    void limitsOfNoneAreNone() {
        assertThatThrownBy(() -> limits(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> limits(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
