// SPDX-License-Identifier: Apache-2.0
package dev.signet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class ZoneFileDnsTest {

    private static final String ZONE = """
            $ORIGIN example.com.
            @            SOA  ns.example.com. hostmaster.example.com. 1 3600 600 86400 300
                         MX   10 mx
                         MX   20 mx.example.net.
                         TXT  "v=spf1 " "mx -all"   ; two strings, one record
            mx           A    192.0.2.1
                         AAAA 2001:db8::1
            a._domainkey.news TXT ( "v=DKIM1; "
                                    "p=" )
            alias        CNAME mx
            alias2       CNAME alias
            gone         CNAME nowhere.example.org.
            loop         CNAME loop2
            loop2        CNAME loop
            *.wild       TXT  "any"
            *.wild       MX   5 mx
            host.wild    A    192.0.2.2
            *.far        CNAME mx
            back\\\\slash TXT  "odd"
            $ORIGIN example.net.
            mx           A    192.0.2.9
            1.2.0.192.in-addr.arpa. PTR mx.example.com.
            """;

    @TempDir
    private Path folder;

    private ZoneFileDns dns;

    @BeforeEach
    void read() throws IOException {
        dns = zone(ZONE);
    }

    @Test
    void findsEachTypeOfRecordUnderSeveralOrigins() throws Exception {
        assertThat(ask("example.com", RecordType.TXT)).isEqualTo(found("v=spf1 mx -all"));
        assertThat(ask("a._domainkey.news.example.com", RecordType.TXT)).isEqualTo(found("v=DKIM1; p="));
        assertThat(ask("mx.example.com", RecordType.A)).isEqualTo(found(InetAddress.getByName("192.0.2.1")));
        assertThat(ask("mx.example.com", RecordType.AAAA)).isEqualTo(found(InetAddress.getByName("2001:db8::1")));
        assertThat(ask("mx.example.net", RecordType.A)).isEqualTo(found(InetAddress.getByName("192.0.2.9")));
        assertThat(ask("1.2.0.192.in-addr.arpa", RecordType.PTR)).isEqualTo(found(DomainName.of("mx.example.com")));
        assertThat(ask("example.com", RecordType.MX)).isEqualTo(new DnsAnswer.Found<>(List.of(
                new MailExchanger(10, DomainName.of("mx.example.com")), new MailExchanger(20, DomainName.of("mx.example.net")))));
        assertThat(ask("back\\slash.example.com", RecordType.TXT)).isEqualTo(found("odd"));
    }

    @Test
    void tellsNoDataFromNoSuchDomain() {
        assertThat(ask("mx.example.com", RecordType.TXT)).isEqualTo(new DnsAnswer.NoData<>());
        assertThat(ask("news.example.com", RecordType.TXT)).as("empty non-terminal").isEqualTo(new DnsAnswer.NoData<>());
        assertThat(ask("_domainkey.news.example.com", RecordType.A)).isEqualTo(new DnsAnswer.NoData<>());
        assertThat(ask("nowhere.example.com", RecordType.TXT)).isEqualTo(new DnsAnswer.NxDomain<>());
        assertThat(ask("below.mx.example.com", RecordType.A)).isEqualTo(new DnsAnswer.NxDomain<>());
        assertThat(ask("example.org", RecordType.A)).isEqualTo(new DnsAnswer.NxDomain<>());
    }

    @Test
    void followsCnames() throws Exception {
        assertThat(ask("alias2.example.com", RecordType.A)).isEqualTo(found(InetAddress.getByName("192.0.2.1")));
        assertThat(ask("alias2.example.com", RecordType.TXT)).isEqualTo(new DnsAnswer.NoData<>());
        assertThat(ask("gone.example.com", RecordType.A)).isEqualTo(new DnsAnswer.NxDomain<>());
        assertThat(ask("loop.example.com", RecordType.A))
                .isEqualTo(new DnsAnswer.TempFailure<>("CNAME loop, or more than 8 CNAMEs"));
    }

    // RFC 4592 §2.2 and §3.3
    @Test
    void appliesAWildcardWhereNothingElseExists() throws Exception {
        assertThat(ask("x.wild.example.com", RecordType.TXT)).isEqualTo(found("any"));
        assertThat(ask("x.y.wild.example.com", RecordType.TXT)).isEqualTo(found("any"));
        assertThat(ask("x.wild.example.com", RecordType.A)).isEqualTo(new DnsAnswer.NoData<>());
        assertThat(ask("host.wild.example.com", RecordType.TXT)).isEqualTo(new DnsAnswer.NoData<>());
        assertThat(ask("x.host.wild.example.com", RecordType.TXT)).isEqualTo(new DnsAnswer.NxDomain<>());
        assertThat(ask("wild.example.com", RecordType.TXT)).isEqualTo(new DnsAnswer.NoData<>());
        assertThat(ask("x.far.example.com", RecordType.A)).isEqualTo(found(InetAddress.getByName("192.0.2.1")));
    }

    @Test
    void takesNamesForFullOnesBeforeTheFirstOrigin() throws IOException {
        dns = zone("a.example TXT one\nb.example. TXT two\n");
        assertThat(ask("a.example", RecordType.TXT)).isEqualTo(found("one"));
        assertThat(ask("b.example", RecordType.TXT)).isEqualTo(found("two"));
    }

    @Test
    void keepsOctetsOver127() throws IOException {
        dns = zone("a.example TXT \"caf\u00e9 \\233\"\n");
        assertThat(ask("a.example", RecordType.TXT)).isEqualTo(found("caf\u00e9 \u00e9"));
    }

    @Test
    void answersFromAnEmptyFile() throws IOException {
        dns = zone("; nothing\n");
        assertThat(ask("a.example", RecordType.TXT)).isEqualTo(new DnsAnswer.NxDomain<>());
    }

    @Test
    void namesTheFileAndTheLineOfAnError() {
        for (String bad : List.of("a TEXT one", "a A 192.0.2.256", "a MX mx", "$NOWHERE x", "a TXT \"" + "x".repeat(256) + "\"",
                "a..b TXT x", "x".repeat(64) + " TXT x")) {
            assertThatThrownBy(() -> zone("ok.example TXT one\n\n" + bad + "\n"))
                    .as(bad)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(folder.resolve("zone") + ":3: ");
        }
        // An open quote is noticed at the end of its line, which dnsjava counts as the next one.
        assertThatThrownBy(() -> zone("a TXT \"open\n")).hasMessageStartingWith(folder.resolve("zone") + ":2: ");
    }

    @Test
    void saysWhichFileIsMissing() {
        assertThatThrownBy(() -> ZoneFileDns.read(folder.resolve("none"))).isInstanceOf(IOException.class)
                .hasMessageContaining("none");
    }

    private ZoneFileDns zone(String text) throws IOException {
        return ZoneFileDns.read(Files.writeString(folder.resolve("zone"), text, StandardCharsets.ISO_8859_1));
    }

    private <T> DnsAnswer<T> ask(String name, RecordType<T> type) {
        return dns.lookup(DomainName.of(name), type).join();
    }

    private static <T> DnsAnswer<T> found(T value) {
        return new DnsAnswer.Found<>(List.of(value));
    }
}
