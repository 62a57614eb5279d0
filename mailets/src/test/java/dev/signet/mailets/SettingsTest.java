// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.dkim.DkimOptions.UnsignedTail;
import dev.signet.dns.Network;
import dev.signet.inbound.ConnectionOptions;
import dev.signet.inbound.InboundOptions;
import dev.signet.inbound.Relays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

class SettingsTest {

    private static final Path SAMPLE = Path.of("../config-samples/src/main/conf/signet.properties");

    @Test
    void areAllDefaultsWithoutAFile(@TempDir Path directory) {
        Settings settings = Settings.read(MailWorld.fileSystem(directory));

        assertThat(settings.inbound()).isEqualTo(InboundOptions.DEFAULT);
        assertThat(settings.dnsServers()).isEmpty();
        assertThat(settings.authservId()).isEmpty();
    }

    @Test
    void areReadFromTheFile(@TempDir Path directory) throws IOException {
        Files.createDirectory(directory.resolve("conf"));
        Files.writeString(directory.resolve("conf/signet.properties"), """
                # as in a James of today
                authserv-id = MX.b\u00fccher.example
                dns.servers = 127.0.0.1:5353, [::1]
                dns.timeout = 500 ms
                deadline = PT3S
                max-dns-queries = 20
                header.max-bytes = 2048
                dkim.max-signatures = 3
                dkim.unsigned-tail = Neutral
                """);

        Settings settings = Settings.read(MailWorld.fileSystem(directory));

        assertThat(settings.authservId()).contains("mx.xn--bcher-kva.example");
        assertThat(settings.dnsServers()).extracting(InetSocketAddress::toString).containsExactly("/127.0.0.1:5353", "/[0:0:0:0:0:0:0:1]:53");
        assertThat(settings.dnsTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.inbound().deadline()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.inbound().maxQueries()).isEqualTo(20);
        assertThat(settings.inbound().limits().maxHeaderBytes()).isEqualTo(2048);
        assertThat(settings.inbound().dkim().maxSignatures()).isEqualTo(3);
        assertThat(settings.inbound().dkim().unsignedTail()).isEqualTo(UnsignedTail.NEUTRAL);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "deadline | 10 | a duration from PT0.01S to PT5M, such as \"10 s\" or \"PT10S\"",
        "deadline | -1 s | a duration from PT0.01S to PT5M, such as \"10 s\" or \"PT10S\"",
        "deadline | 1 day | a duration from PT0.01S to PT5M, such as \"10 s\" or \"PT10S\"",
        "deadline | 10 parsecs | a duration from PT0.01S to PT5M, such as \"10 s\" or \"PT10S\"",
        "deadline | 99999999999999999999 s | a duration from PT0.01S to PT5M, such as \"10 s\" or \"PT10S\"",
        "max-dns-queries | 0 | a whole number from 1 to 10000",
        "max-dns-queries | many | a whole number from 1 to 10000",
        "header.max-fields | 9 | a whole number from 10 to 1000000",
        "dkim.min-rsa-bits | 512 | a whole number from 1024 to 8192",
        "dkim.unsigned-tail | fail | one of pass, neutral, policy",
        "authserv-id | two words | a domain name",
        "dns.servers | 127.0.0.1:port | host:port, host:port, each host an address or a name that has one",
        "dns.servers | nowhere.invalid | host:port, host:port, each host an address or a name that has one"
    })
    void sayWhatWasFoundAndWhatWasExpected(String name, String found, String expected) {
        assertThatThrownBy(() -> Settings.of(new Parameters("conf/signet.properties", Map.of(name, found))))
                .isInstanceOf(ParameterException.class)
                .hasMessage("conf/signet.properties: " + name + ": found \"" + found + "\", expected " + expected);
    }

    @Test
    void refuseNetworksThatAreNone() {
        assertThatThrownBy(() -> Settings.of(new Parameters("conf/signet.properties", Map.of("relays", "192.0.2.1, mx.example.com"))))
                .hasMessage("conf/signet.properties: relays: found \"mx.example.com\", expected addresses or networks such as "
                        + "192.0.2.0/24, 2001:db8::/32");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0 | found \"0\", expected a whole number from 1 to 10",
        "11 | found \"11\", expected a whole number from 1 to 10",
        "1 | found \"1\", expected one of relay-depth and relays, found both"
    })
    void refuseADepthThatIsNoneOrThatStandsBesideRelays(String depth, String problem) {
        assertThatThrownBy(() -> Settings.of(new Parameters("test", Map.of("relay-depth", depth, "relays", "192.0.2.25"))))
                .hasMessage("test: relay-depth: " + problem);
    }

    @Test
    void knowRelaysByAddressOrByNumber() {
        assertThat(Settings.of(new Parameters("test", Map.of("relays", "192.0.2.25"))).inbound().connection().relays())
                .isEqualTo(new Relays.InNetworks(List.of(Network.parse("192.0.2.25").orElseThrow())));
        assertThat(Settings.of(new Parameters("test", Map.of("relay-depth", "2"))).inbound().connection().relays())
                .isEqualTo(new Relays.AtDepth(2));
    }

    @Test
    void refuseNamesThatNobodyKnows() {
        assertThatThrownBy(() -> Settings.of(new Parameters("conf/signet.properties", Map.of("dead-line", "1 s"))))
                .hasMessageStartingWith("conf/signet.properties: found an unknown parameter dead-line, expected only authserv-id, ");
    }

    /** What the sample says is the default must be the default, and no setting may be missing in it. */
    @Test
    void areDescribedInTheSample() throws IOException {
        assertThat(Files.readString(SAMPLE).lines()).allMatch(line -> line.isEmpty() || line.startsWith("#"));
        Properties sample = new Properties();
        try (var lines = Files.lines(SAMPLE)) {
            for (String line : (Iterable<String>) lines.filter(line -> line.matches("#[a-z].*= .*"))::iterator) {
                sample.setProperty(line.substring(1, line.indexOf('=')).strip(), line.substring(line.indexOf('=') + 1));
            }
        }
        Set<String> names = sample.stringPropertyNames();
        Properties examples = (Properties) sample.clone();
        sample.remove("authserv-id");
        sample.remove("dns.servers");
        sample.remove("own-networks");
        sample.remove("relays");
        sample.remove("dmarc.suffix-list");
        sample.remove("dmarc.overrides");
        sample.remove("dmarc.trusted-networks");
        sample.remove("dmarc.lists");
        sample.remove("trusted-sealers");
        sample.remove("srs.domain");
        sample.remove("srs.secrets");
        sample.remove("reports.user");
        sample.remove("reports.password");
        sample.remove("reports.except");
        sample.remove("reports.email");
        sample.remove("reports.domain");
        sample.remove("reports.organization");
        sample.remove("reports.contact");
        sample.remove("reports.bounces");
        sample.remove("reports.skip");
        sample.remove("failure-reports.from");
        // Says with how many relays the sample would go, not what the default is.
        sample.remove("relay-depth");
        Parameters parameters = new Parameters("sample", Map.copyOf(asMap(sample)));

        assertThat(Settings.of(parameters)).isEqualTo(Settings.of(new Parameters("nothing", Map.of())));
        assertThat(names).isEqualTo(parameters.known());
        assertThat(Settings.of(new Parameters("sample", Map.of("dmarc.overrides", examples.getProperty("dmarc.overrides"),
                        "dmarc.lists", examples.getProperty("dmarc.lists")))).dmarc().local().overrides())
                .hasSize(3);
    }

    @Test
    void areSoundInTheSampleForSpf() throws IOException {
        ConnectionOptions connection = sample("spf").inbound().connection();

        assertThat(connection.ownNetworks()).hasSize(2);
        assertThat(connection.relays()).isEqualTo(new Relays.InNetworks(List.of(Network.parse("192.0.2.25").orElseThrow())));
    }

    @Test
    void areSoundInTheSamplesForDmarc() throws IOException {
        assertThat(sample("dmarc-observe").dmarc()).isEqualTo(Settings.of(new Parameters("nothing", Map.of())).dmarc());
        assertThat(sample("dmarc-quarantine").dmarc().enforce()).isEqualTo(25);
        assertThat(sample("dmarc-reject").dmarc().local().overrides()).hasSize(2);
    }

    private static Settings sample(String name) throws IOException {
        Properties sample = new Properties();
        try (Reader lines = Files.newBufferedReader(SAMPLE.resolveSibling(name).resolve("signet.properties"))) {
            sample.load(lines);
        }
        return Settings.of(new Parameters("sample", asMap(sample)));
    }

    private static Map<String, String> asMap(Properties properties) {
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
    }
}
