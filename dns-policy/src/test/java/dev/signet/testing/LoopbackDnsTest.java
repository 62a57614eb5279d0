// SPDX-License-Identifier: Apache-2.0
package dev.signet.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DnsjavaDns;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

class LoopbackDnsTest {

    private final LoopbackDns server = LoopbackDns.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void servesRecordsThatComeAndGo() {
        server.ttl(Duration.ZERO);
        assertThat(txt("a.example")).isEqualTo(new DnsAnswer.NxDomain<>());
        server.txt("a.example", "one");
        assertThat(txt("a.example")).isEqualTo(new DnsAnswer.Found<>(List.of("one")));
        server.remove("a.example");
        assertThat(txt("a.example")).isEqualTo(new DnsAnswer.NxDomain<>());
        assertThat(server.queries()).containsExactly("TXT a.example", "TXT a.example", "TXT a.example");
        assertThat(server.tcpQueries()).isEmpty();
    }

    @Test
    void servesMasterFilesAndWildcards() {
        server.zone("""
                $ORIGIN example.
                a      TXT "one " "two"
                *.wild TXT "any"
                """);
        assertThat(txt("a.example")).isEqualTo(new DnsAnswer.Found<>(List.of("one two")));
        assertThat(txt("x.wild.example")).isEqualTo(new DnsAnswer.Found<>(List.of("any")));
        assertThat(txt("wild.example")).isEqualTo(new DnsAnswer.NoData<>());
    }

    @Test
    void servesSeveralOnDifferentPorts() {
        try (LoopbackDns other = LoopbackDns.start()) {
            assertThat(other.socketAddress()).isNotEqualTo(server.socketAddress());
            assertThat(other.socketAddress().getAddress().isLoopbackAddress()).isTrue();
        }
    }

    @Test
    void survivesWhatIsNoQuery() throws IOException {
        server.txt("a.example", "one");
        try (DatagramSocket udp = new DatagramSocket()) {
            for (int length : new int[] {0, 1, 11, 12, 500}) {
                udp.send(new DatagramPacket(new byte[length], length, server.socketAddress()));
            }
        }
        for (byte[] octets : List.of(new byte[] {0, 0}, new byte[] {0, 1, 1}, new byte[] {-1, -1, 1})) {
            try (Socket tcp = new Socket(server.socketAddress().getAddress(), server.socketAddress().getPort())) {
                tcp.getOutputStream().write(octets);
            }
        }
        assertThat(txt("a.example")).isEqualTo(new DnsAnswer.Found<>(List.of("one")));
    }

    private DnsAnswer<String> txt(String name) {
        return DnsjavaDns.onServers(List.of(server.socketAddress()), Duration.ofSeconds(5), 1)
                .lookup(DomainName.of(name), RecordType.TXT)
                .join();
    }
}
