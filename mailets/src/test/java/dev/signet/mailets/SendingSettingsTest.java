// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.dns.DomainName;
import dev.signet.report.ReportFormat;
import dev.signet.report.Reporter;
import dev.signet.sending.SendingOptions;
import dev.signet.sending.SendingRules;
import org.apache.james.core.MailAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

class SendingSettingsTest {

    private static SendingSettings settings(String... pairs) {
        Map<String, String> values = new HashMap<>(Map.of("reports", "true", "reports.send", "true", "reports.email", "dmarc@example.org"));
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1]);
        }
        return Settings.of(new Parameters("test", values)).sending();
    }

    @Test
    void nothingIsSentUnlessItIsSaid() {
        assertThat(Settings.of(new Parameters("test", Map.of())).sending().on()).isFalse();
    }

    @Test
    void anAddressIsEnough() {
        SendingSettings settings = settings();

        assertThat(settings.reporter()).isEqualTo(new Reporter(DomainName.of("example.org"), "example.org", "dmarc@example.org", "", Reporter.SOFTWARE));
        assertThat(settings.options()).isEqualTo(new SendingOptions("dmarc@example.org", "dmarc@example.org", Duration.ofMinutes(30),
                Duration.ofHours(6), Duration.ofMinutes(1), true, Duration.ofSeconds(1), Duration.ofDays(3)));
        assertThat(settings.format()).isEqualTo(ReportFormat.RFC9990);
    }

    @Test
    void everythingCanBeSaid() {
        SendingSettings settings = settings("reports.domain", "mx.example.org", "reports.organization", "Example", "reports.contact", "https://x",
                "reports.bounces", "b@example.org", "reports.delay", "0 s", "reports.window", "2 h", "reports.lease", "5 s", "reports.queue", "memory",
                "reports.min-messages", "3", "reports.skip", "a.example, *.b.example", "reports.skip-local", "true", "reports.max-uris", "2",
                "reports.max-per-host", "9", "reports.max-bytes", "200000", "reports.format", "rfc7489", "reports.suppression", "2 days");
        SendingRules rules = settings.rules(domain -> domain.asString().equals("local.example"));

        assertThat(settings.reporter()).isEqualTo(new Reporter(DomainName.of("mx.example.org"), "Example", "dmarc@example.org", "https://x", Reporter.SOFTWARE));
        assertThat(settings.options().bounces()).isEqualTo("b@example.org");
        assertThat(settings.options().durableQueue()).isFalse();
        assertThat(rules.minMessages()).isEqualTo(3);
        assertThat(rules.skip()).hasSize(2);
        assertThat(rules.local().test(DomainName.of("local.example"))).isTrue();
        assertThat(rules.local().test(DomainName.of("other.example"))).isFalse();
        assertThat(settings.format()).isEqualTo(ReportFormat.RFC7489);
        assertThat(settings.suppression()).isEqualTo(Duration.ofDays(2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "reports           | false        | reports.send: found \"true\", expected reports = true beside it",
        "reports.email     |              | reports.send: found \"true\", expected reports.email beside it",
        "reports.email     | nobody       | reports.email: found \"nobody\", expected a mail address",
        "reports.bounces   | a b@x.example | reports.bounces: found",
        "reports.bounces   | a@[192.0.2.1] | reports.bounces: found",
        "reports.queue     | disk         | reports.queue: found \"disk\", expected one of durable, memory",
        "reports.skip      | a b          | reports.skip: found a b, expected example.com or *.example.com",
        "reports.max-bytes | 1000         | reports.max-bytes: found \"1000\", expected a whole number from 131072 to 52428800",
        "reports.window    | 30 h         | reports.window: found \"30 h\"",
        "reports.format    | rfc1         | reports.format: found \"rfc1\", expected one of rfc9990, rfc7489",
    })
    void aMistakeIsNamed(String key, String value, String said) {
        assertThatThrownBy(() -> settings(key, value == null ? "" : value))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining(said);
    }

    @Test
    void whatComesBackIsKnownByTheWordInItsAddress() throws Exception {
        BounceAddress bounces = new BounceAddress(new MailAddress("dmarc@example.org"));

        assertThat(bounces.token(new MailAddress("dmarc+0123456789abcdef0123@example.org"))).contains("0123456789abcdef0123");
        assertThat(bounces.token(new MailAddress("DMARC+0123456789abcdef0123@Example.org"))).contains("0123456789abcdef0123");
        for (String other : new String[] {"dmarc@example.org", "dmarc+x@example.org", "dmarc+0123456789abcdef0123@other.org",
            "x+0123456789abcdef0123@example.org", "dmarc+0123456789abcdef01234@example.org"}) {
            assertThat(bounces.token(new MailAddress(other))).as(other).isEmpty();
        }
    }
}
