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
import java.util.OptionalLong;

/** Hostile case 31: limited a domain and a source. */
class FailureLimitsTest {

    private static final Duration WINDOW = Duration.ofHours(1);
    private static final DomainName DOMAIN = DomainName.of("example.com");

    private final Time time = new Time();

    /** Goes on when it is told to. */
    private static final class Time extends Ticker {

        private long nanos = System.nanoTime();

        void advance(Duration by) {
            nanos += by.toNanos();
        }

        @Override
        public long read() {
            return nanos;
        }
    }

    private FailureLimits limits(int perDomain, int perSource) {
        return new FailureLimits(perDomain, perSource, time);
    }

    private static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatIsOverALimitIsCountedInTheNextReport() {
        FailureLimits limits = limits(100, 2);

        assertThat(limits.claim(DOMAIN, ip("192.0.2.1"))).isEqualTo(OptionalLong.of(1));
        assertThat(limits.claim(DOMAIN, ip("192.0.2.1"))).isEqualTo(OptionalLong.of(1));
        for (int i = 0; i < 40; i++) {
            time.advance(Duration.ofSeconds(1));
            assertThat(limits.claim(DOMAIN, ip("192.0.2.1"))).isEmpty();
        }
        assertThat(limits.claim(DOMAIN, ip("192.0.2.2"))).as("another source").isEqualTo(OptionalLong.of(1));
        time.advance(WINDOW.minusSeconds(40).minusMillis(1));
        assertThat(limits.claim(DOMAIN, ip("192.0.2.1"))).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(limits.claim(DOMAIN, ip("192.0.2.1"))).isEqualTo(OptionalLong.of(42));
        assertThat(limits.claim(DOMAIN, ip("192.0.2.1"))).isEqualTo(OptionalLong.of(1));
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
        time.advance(WINDOW);
        assertThat(limits.claim(DomainName.of("victim.example"))).isTrue();
    }

    @Test
    void whoeverFillsTheMemoryGetsNoReports() {
        FailureLimits limits = limits(1_000_000, 1);
        int sent = 0;
        for (int i = 0; i < 12_000; i++) {
            sent += limits.claim(DOMAIN, ip("10.0." + (i >> 8) + "." + (i & 255))).isPresent() ? 1 : 0;
        }
        assertThat(sent).isEqualTo(10_000);
        time.advance(WINDOW);
        assertThat(limits.claim(DOMAIN, ip("192.0.2.1"))).isPresent();
    }

    @Test
    void limitsOfNoneAreNone() {
        assertThatThrownBy(() -> limits(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> limits(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
