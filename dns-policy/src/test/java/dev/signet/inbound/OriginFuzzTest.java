// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.dns.Network;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Drip;
import dev.signet.fuzz.Words;
import dev.signet.message.HeaderBlock;
import dev.signet.message.MessageLimits;
import dev.signet.message.MessageReader;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Received fields of a relay of ours, in which the HELO name is a stranger's. */
class OriginFuzzTest {

    private static final Relays BY_ADDRESS = new Relays.InNetworks(List.of(Network.parse("192.0.2.1").orElseThrow()));
    private static final Relays BY_NUMBER = new Relays.AtDepth(1);

    static Stream<byte[]> received() {
        return Corpus.of(
                OriginFuzzTest.class, "received", " from a.test (EHLO a.test) ([203.0.113.9]) by mx.test with ESMTP; x", " from a.test (b.test [203.0.113.9]) (using TLSv1.3 (256/256 bits)) by mx.test",
                " from b.test ([203.0.113.9]:25 helo=a.test) by mx.test", " from [203.0.113.9] (port=25 helo=a.test) by mx.test", " from a.test (2001:db8::9) by mx.test", " from a.test (IPv6:::1) by x");
    }

    @Words({"from ", " by ", "(EHLO ", " ([203.0.113.9])", " [203.0.113.9])", "helo=", "(using ", "Client ", "IPv6:", " (may be forged)", "\r\n ", "((", "))"})
    @MethodSource
    @FuzzTest
    void received(byte[] bytes) {
        String field = "Received:" + new String(bytes, StandardCharsets.ISO_8859_1);
        HeaderBlock header = header("Received: from relay.test (HELO relay.test) (192.0.2.1) by mx.test\r\n" + field + "\r\n\r\n");
        for (Relays relays : List.of(BY_ADDRESS, BY_NUMBER)) {
            Optional<Origin> origin = Origin.behind(relays, header);
            origin.ifPresent(found -> {
                assertThat(found.helo()).matches("[^\\s()\\[\\]]+|\\[[0-9A-Za-z.:]+\\]");
                // The name of a host, and no look-up: the address itself is in the field.
                assertThat(found.client().toString()).startsWith("/");
            });
            // A client that brought the field to the relay cannot change who it is by what it calls itself.
            String helo = header.all("Received").getLast().unfolded().replaceAll("[^ -~]", "");
            Optional<Origin> named = Origin.behind(relays, header("Received: from relay.test (HELO relay.test) (192.0.2.1) by mx.test\r\n"
                    + "Received: from x.test (EHLO " + helo + ") ([203.0.113.9]) by relay.test\r\n\r\n"));
            named.ifPresent(found -> assertThat(found.client().getHostAddress()).as(helo).isEqualTo("203.0.113.9"));
        }
    }

    private static HeaderBlock header(String text) {
        try {
            return MessageReader.open(new Drip(text.getBytes(StandardCharsets.ISO_8859_1), 1000), MessageLimits.DEFAULT).header();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
