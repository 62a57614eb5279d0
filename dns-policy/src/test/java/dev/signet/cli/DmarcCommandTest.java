// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class DmarcCommandTest {

    @TempDir
    private Path folder;

    private String zone;

    @BeforeEach
    void writeZone() throws IOException {
        zone = write("zone", """
                $TTL 60
                @ IN SOA ns hostmaster 1 1 1 1 1
                _dmarc.example.com. IN TXT "v=DMARC1; p=reject; sp=quarantine; np=reject; adkim=s; rua=mailto:a@example.com; pct=101; x=y"
                mail.example.com. IN TXT "a host"
                _dmarc.two.example. IN TXT "v=DMARC1; p=reject"
                _dmarc.two.example. IN TXT "v=DMARC1; p=none"
                _dmarc.uk. IN TXT "v=DMARC1; p=none; psd=y; np=quarantine"
                _dmarc.odd.example. IN TXT "v=DMARC1; p=reject; note=\\007\\027[31m"
                """);
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void showsTheWalkTheRecordTagByTagAndItsProblems() {
        CommandLineRun run = CommandLineRun.of("dmarc", "--zone", zone, "example.com");

        assertThat(run.status()).describedAs(run.err()).isZero();
        assertThat(run.out().lines()).containsExactly(
                "_dmarc.example.com: v=DMARC1; p=reject; sp=quarantine; np=reject; adkim=s; rua=mailto:a@example.com; pct=101; x=y",
                "_dmarc.com: no such name",
                "",
                "policy: reject, from the record of example.com, which is the domain itself",
                "organizational domain: example.com",
                "  v=DMARC1  a DMARC record",
                "  p=reject  failing mail of this domain itself: reject",
                "  sp=quarantine  of a domain below it that exists: quarantine",
                "  np=reject  of a domain below it that does not exist: reject",
                "  adkim=s  d= must be the author's domain itself",
                "  rua=mailto:a@example.com  aggregate reports go here",
                "  pct=101  asked for on 100% of failing mail (RFC 7489; RFC 9989 dropped it)",
                "  x=y  no DMARC tag: ignored",
                "a subdomain of example.com: quarantine if it exists, reject if not, from the record of example.com",
                "problem at _dmarc.example.com: pct has a broken value: found 101, expected a number from 0 to 100",
                "problem at _dmarc.example.com: x is not a DMARC tag: ignored");
    }

    @Test
    void showsWhatADomainInherits() {
        assertThat(CommandLineRun.of("dmarc", "--zone", zone, "mail.example.com").out())
                .contains("policy: quarantine, from the record of example.com, which is its organizational domain\n");
        assertThat(CommandLineRun.of("dmarc", "--zone", zone, "gone.example.com").out()).contains("policy: reject, from");
        assertThat(CommandLineRun.of("dmarc", "--zone", zone, "bank.uk").out())
                .contains("policy: quarantine, from the record of uk, which is the public suffix above its organizational domain\n")
                .contains("organizational domain: bank.uk\n");
    }

    @Test
    void showsRecordsThatCancelEachOther() {
        assertThat(CommandLineRun.of("dmarc", "--zone", zone, "two.example").out()).isEqualTo("""
                _dmarc.two.example: 2 DMARC records, of which none counts
                _dmarc.example: no such name

                no policy: no DMARC record at two.example or above it
                a subdomain of two.example: no policy
                """);
    }

    @Test
    void takesNothingOfAStrangersRecordToTheTerminalButPrintableCharacters() {
        assertThat(CommandLineRun.of("dmarc", "--zone", zone, "odd.example").out()).contains("note=??[31m").doesNotContain("\u0007", "\u001b");
    }

    @Test
    void asksASuffixListInstead() throws IOException {
        String list = write("list", "uk\ncom\ngithub.com\n");

        CommandLineRun run = CommandLineRun.of("dmarc", "--zone", zone, "--suffix-list", list, "bank.uk");
        assertThat(run.out()).isEqualTo("""
                _dmarc.bank.uk: no such name

                no policy: no DMARC record at bank.uk or its organization
                a subdomain of bank.uk: no policy
                """);
        assertThat(CommandLineRun.of("dmarc", "--zone", zone, "--suffix-list", list, "--json", "a.b.example.com").out())
                .contains("\"discovery\":\"psl\",\"organizationalDomain\":\"example.com\"");
    }

    @Test
    void printsJson() throws IOException {
        JsonNode json = JsonMapper.builder().build().readTree(CommandLineRun.of("dmarc", "--json", "--zone", zone, "mail.example.com").out());

        assertThat(json.path("result").asText()).isEqualTo("found");
        assertThat(json.path("policy").asText()).isEqualTo("quarantine");
        assertThat(json.path("policyDomain").asText()).isEqualTo("example.com");
        assertThat(json.path("origin").asText()).isEqualTo("organization");
        assertThat(json.path("steps").findValuesAsText("name"))
                .containsExactly("_dmarc.mail.example.com", "_dmarc.example.com", "_dmarc.com");
        assertThat(json.path("steps").path(1).path("problems")).hasSize(2);
        assertThat(json.path("tags").path(1).path("meaning").asText()).isEqualTo("failing mail of this domain itself: reject");
        assertThat(json.path("rua").path(0).asText()).isEqualTo("mailto:a@example.com");
        assertThat(json.path("subdomain").path("absent").asText()).isEqualTo("reject");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "a..b"})
    void wantsADomain(String domain) {
        assertThat(CommandLineRun.of("dmarc", "--zone", zone, domain).status()).isEqualTo(2);
    }

    @Test
    void wantsAListThatIsOne() throws IOException {
        CommandLineRun run = CommandLineRun.of("dmarc", "--zone", zone, "--suffix-list", write("empty", "// nothing\n"), "example.com");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("'--suffix-list'", "unusable (no rules: not a public suffix list), expected a public suffix list");
    }

    @Test
    void verifyShowsTheResultToPeopleAndToPrograms() throws IOException {
        String spoof = write("spoof", "From: ceo@mail.example.com\r\n\r\nbody\r\n");

        CommandLineRun people = CommandLineRun.of("verify", "--zone", zone, "--ip", "203.0.113.9", "--mail-from", "x@attacker.test", spoof);
        assertThat(people.out()).contains(
                "\n  dmarc=fail mail.example.com (example.com asks for quarantine): neither SPF nor DKIM passed; what is done: quarantine\n");
        JsonNode dmarc = JsonMapper.builder()
                .build()
                .readTree(CommandLineRun.of("verify", "--json", "--zone", zone, "--ip", "203.0.113.9", spoof).out())
                .path("dmarc");
        assertThat(dmarc.path("result").asText()).isEqualTo("fail");
        assertThat(dmarc.path("authorDomain").asText()).isEqualTo("mail.example.com");
        assertThat(dmarc.path("policyDomain").asText()).isEqualTo("example.com");
        assertThat(dmarc.path("discovery").asText()).isEqualTo("treewalk");
        assertThat(dmarc.path("requested").asText()).isEqualTo("quarantine");
        assertThat(dmarc.path("disposition").asText()).isEqualTo("quarantine");
        assertThat(dmarc.path("reason").asText()).isEqualTo("neither SPF nor DKIM passed");
        assertThat(dmarc.path("sampled").asBoolean()).isTrue();
        String file = CommandLineRun.of("verify", "--zone", zone, spoof).out();
        assertThat(file).contains("what is done: quarantine");
    }

    @Test
    void verifyHonoursPercentagesUnlessTold() throws IOException {
        String records = write("pct-zone", """
                $ORIGIN example.net.
                @       3600 IN SOA ns hostmaster 1 3600 900 604800 300
                _dmarc       IN TXT "v=DMARC1; p=reject; pct=0"
                """);
        String spoof = write("pct", "From: ceo@example.net\r\n\r\nbody\r\n");
        String key = write("key", "c2l4dGVlbiBieXRlcyBvZiBrZXk=\n");

        String drawn = CommandLineRun.of("verify", "--json", "--zone", records, "--sampling-key", key, spoof).out();
        assertThat(drawn).contains("\"requested\":\"reject\"", "\"disposition\":\"quarantine\"", "\"sampled\":false");
        String all = CommandLineRun.of("verify", "--json", "--zone", records, "--ignore-pct", spoof).out();
        assertThat(all).contains("\"requested\":\"reject\"", "\"disposition\":\"reject\"", "\"sampled\":true");
        assertThat(CommandLineRun.of("verify", "--zone", records, "--sampling-key", spoof, spoof).err())
                .contains("'--sampling-key'", "expected a sampling key");
    }
}
