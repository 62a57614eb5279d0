// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

class ConvertersTest {

    @ParameterizedTest
    @CsvSource({"P7D, P7D", "7d, P7D", "12h, PT12H", "30m, PT30M", "90s, PT90S", "PT1H30M, PT1H30M", "p1d, P1D", "1h30m, PT1H30M"})
    void readsDurations(String text, Duration expected) {
        assertThat(new DurationConverter().convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "d", "7w", "-7d", "0d", "PT0.5S", "36501d", "99999999999999999999d", "P1M", "7d "})
    void refusesOtherDurations(String text) {
        assertThatThrownBy(() -> new DurationConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith("found \"" + text + "\", expected a time");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, 53", "192.0.2.1:5353, 192.0.2.1, 5353", "[2001:db8::1], 2001:db8::1, 53",
        "[2001:db8::1]:65535, 2001:db8::1, 65535", "localhost:1, localhost, 1",
    })
    void readsNameServers(String text, String host, int port) throws Exception {
        assertThat(new NameServerConverter().convert(text)).isEqualTo(new InetSocketAddress(InetAddress.getByName(host), port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":53", "a:", "a:b", "a:65536", "a:-1", "a:+5", "a:1:2", "::1", "[::1", "[::1]53", "[]", "[]:53"})
    void refusesOtherNameServers(String text) {
        assertThatThrownBy(() -> new NameServerConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith("found \"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1", "::"})
    void readsAddresses(String text) throws Exception {
        assertThat(new IpAddressConverter().convert(text)).isEqualTo(InetAddress.getByName(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "192.0.2", "192.0.2.256", "localhost", "192.0.2.1/32", "[::1]", "::1/64"})
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> new IpAddressConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith("found \"" + text + "\", expected an address");
    }
}
