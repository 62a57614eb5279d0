// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.dns.Dns;
import dev.signet.dns.ZoneFileDns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An SPF record as large senders have them: three includes with one inside each, two mail exchangers, and the address itself. */
final class SpfZone {

    /** Only the last mechanism before {@code -all} knows it: all of the record has to be looked at. */
    static final String CLIENT = "192.0.2.77";

    static final String SENDER = "alice@example.com";

    static final String TEXT = """
            $ORIGIN example.com.
            $TTL 3600
            @      IN TXT  "v=spf1 include:one.example.com include:two.example.com include:three.example.com mx a -all"
            @      IN MX   10 mx1
            @      IN MX   20 mx2
            @      IN A    192.0.2.77
            mx1    IN A    192.0.2.11
            mx2    IN A    192.0.2.12
            one    IN TXT  "v=spf1 include:four.example.com ~all"
            two    IN TXT  "v=spf1 include:five.example.com ~all"
            three  IN TXT  "v=spf1 include:six.example.com ~all"
            four   IN TXT  "v=spf1 ip4:198.51.100.0/26 ~all"
            five   IN TXT  "v=spf1 ip4:198.51.100.64/26 ~all"
            six    IN TXT  "v=spf1 ip4:198.51.100.128/26 ~all"
            _dmarc IN TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
            """;

    private SpfZone() {}

    /** All of it at hand. */
    static Dns dns() throws IOException {
        Path zone = Files.createTempFile("spf", ".zone");
        try {
            return ZoneFileDns.read(Files.writeString(zone, TEXT));
        } finally {
            Files.delete(zone);
        }
    }
}
