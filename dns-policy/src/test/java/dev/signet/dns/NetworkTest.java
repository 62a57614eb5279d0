// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;

class NetworkTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24,       192.0.2.255,        true",
        "192.0.2.0/24,       192.0.3.0,          false",
        "192.0.2.77/24,      192.0.2.1,          true",
        "192.0.2.128/25,     192.0.2.127,        false",
        "192.0.2.128/25,     192.0.2.128,        true",
        "192.0.2.1,          192.0.2.1,          true",
        "192.0.2.1,          192.0.2.2,          false",
        "0.0.0.0/0,          203.0.113.9,        true",
        "0.0.0.0/0,          ::1,                false",
        "2001:db8::/32,      2001:db8:ffff::1,   true",
        "2001:db8::/33,      2001:db8:8000::1,   false",
        "2001:db8::1,        2001:db8::1,        true",
        "::/0,               192.0.2.1,          false",
        "::ffff:192.0.2.0/120, 192.0.2.9,        true",
        "::ffff:192.0.2.0/120, 192.0.3.9,        false"
    })
    void containsTheAddressesOfItsPrefix(String network, String address, boolean inside) throws Exception {
        assertThat(Network.parse(network).orElseThrow().contains(InetAddress.getByName(address))).isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/8", "localhost", "example.com/24", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/", "192.0.2.0/024", "192.0.2/24",
                "192.0.2.0.0/24", "192.0.2.256", "192.0.02.1", "1.2.3.4 /8", "2001:db8::/129", "2001:db8:::/32", "fe80::1%eth0/64",
                "::ffff:192.0.2.0/24", "[::1]/128", "192.0.2.0/24/8", "192.0.2.0/99999999999"
            })
    void refusesWhatIsNoNetworkAndNeverAsksTheDns(String text) {
        assertThat(Network.parse(text)).isEmpty();
    }

    @Test
    void refusesAPrefixThatTheAddressCannotHave() throws Exception {
        InetAddress address = InetAddress.getByName("192.0.2.1");
        assertThatIllegalArgumentException().isThrownBy(() -> new Network(address, 33)).withMessageContaining("expected 0 to 32");
    }
}
