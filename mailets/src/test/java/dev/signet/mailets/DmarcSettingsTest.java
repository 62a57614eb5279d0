// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.dmarc.AuthorHandling;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dmarc.DomainOverride;
import dev.signet.dmarc.LocalPolicy;
import dev.signet.dmarc.MailingList;
import dev.signet.dns.DomainName;
import dev.signet.dns.Network;
import dev.signet.inbound.Connection;
import dev.signet.inbound.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

class DmarcSettingsTest {

    @TempDir
    private Path directory;

    private static DmarcSettings settings(Map<String, String> values) {
        return Settings.of(new Parameters("conf/signet.properties", values)).dmarc();
    }

    /** What becomes of a spoof of a domain with this record, from nowhere that anybody vouches for. */
    private DmarcResult spoof(Map<String, String> values, String record, String message) throws IOException {
        try (MailWorld world = new MailWorld(directory, values)) {
            world.dns.txt("_dmarc.example.com", record);
            Connection client = new Connection(InetAddress.getByName("192.0.2.9"), "spoofer.example", "a@spoofer.example", null, null);
            Verdict verdict = world.signet.check().check(client, MailWorld.in(message));
            return verdict.dmarc().orElseThrow();
        }
    }

    private static String message(int number) {
        return "From: ceo@example.com\r\nSubject: invoice\r\nMessage-ID: <" + number + "@example.com>\r\n\r\nPay.\r\n";
    }

    @Test
    void areReadFromTheFile() {
        DmarcSettings settings = settings(Map.of(
                "dmarc.overrides", "Example.COM reject, *.partner.example  none",
                "dmarc.lists", "talk.lists.example lists.example",
                "dmarc.trusted-networks", "192.0.2.0/24",
                "dmarc.unclear-author", "reject",
                "dmarc.enforce", "10"));

        assertThat(settings.local()).isEqualTo(new LocalPolicy(
                List.of(
                        DomainOverride.of("example.com", Disposition.REJECT),
                        DomainOverride.of("*.partner.example", Disposition.NONE)),
                List.of(new MailingList(DomainName.of("talk.lists.example"), DomainName.of("lists.example"))),
                List.of(Network.parse("192.0.2.0/24").orElseThrow())));
        assertThat(settings.unclearAuthor()).isEqualTo(AuthorHandling.REJECT);
        assertThat(settings.enforce()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "dmarc | on | true or false",
        "dmarc.discovery | psl | one of tree-walk, suffix-list",
        "dmarc.suffix-list | file://conf/list | dmarc.discovery = suffix-list beside it, a tree walk needs none",
        "dmarc.pct | 30 | one of honour, ignore",
        "dmarc.enforce | 101 | a whole number from 0 to 100",
        "dmarc.trusted-networks | forwarder.example | addresses or networks such as 192.0.2.0/24, 2001:db8::/32",
        "dmarc.unclear-author | quarantine | one of strictest, reject, none",
        "dmarc.lists | talk.lists.example | a List-Id and the domain that answers for that list: talk.lists.example lists.example"
    })
    void sayWhatWasFoundAndWhatWasExpected(String name, String found, String expected) {
        assertThatThrownBy(() -> settings(Map.of(name, found)))
                .hasMessage("conf/signet.properties: " + name + ": found \"" + found + "\", expected " + expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "example.com discard", "example.com reject now", "exa*mple.com none", "* none"})
    void refuseOverridesThatAreNone(String override) {
        assertThatThrownBy(() -> settings(Map.of("dmarc.overrides", "good.example reject, " + override)))
                .hasMessage("conf/signet.properties: dmarc.overrides: found \"" + override
                        + "\", expected domains, each once and each with none, quarantine or reject: example.com reject, *.partner.example none");
    }

    @Test
    void refuseTwoWordsOnOneDomain() {
        assertThatThrownBy(() -> settings(Map.of("dmarc.overrides", "example.com reject, EXAMPLE.com none")))
                .hasMessageContaining("found \"EXAMPLE.com none\"");
    }

    @Test
    void makeTheSamplingKeyAtTheFirstStartAndKeepIt() throws IOException {
        Path key = directory.resolve("var/signet-sampling.key");
        DmarcSettings settings = settings(Map.of());

        settings.checker(MailWorld.fileSystem(directory), new SecureRandom());
        String made = Files.readString(key);
        settings.checker(MailWorld.fileSystem(directory), new SecureRandom());

        assertThat(Base64.getDecoder().decode(made.strip())).hasSize(32);
        assertThat(key).content().isEqualTo(made);
    }

    @ParameterizedTest
    @CsvSource({"dmarc, false", "dmarc.pct, ignore"})
    void makeNoKeyThatNobodyNeeds(String name, String value) {
        settings(Map.of(name, value)).checker(MailWorld.fileSystem(directory), new SecureRandom());

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void nameTheFileOfAKeyThatIsNone() throws IOException {
        Path key = Files.writeString(directory.resolve("short.key"), "c2hvcnQ=\n");

        assertThatThrownBy(() -> settings(Map.of("dmarc.sampling-key", "file://short.key"))
                        .checker(MailWorld.fileSystem(directory), new SecureRandom()))
                .isInstanceOf(ParameterException.class)
                .hasMessage("conf/signet.properties: dmarc.sampling-key: " + key
                        + ": found 5 bytes in Base64, expected a sampling key of at least 16");
    }

    @Test
    void nameTheFileOfASuffixListThatIsNone() throws IOException {
        Map<String, String> values = Map.of("dmarc.discovery", "suffix-list", "dmarc.suffix-list", "file://list.dat");
        Path list = directory.resolve("list.dat");

        assertThatThrownBy(() -> settings(values).checker(MailWorld.fileSystem(directory), new SecureRandom()))
                .hasMessage("conf/signet.properties: dmarc.suffix-list: " + list + ": found no such file, expected a public suffix list");
        Files.writeString(list, "// nothing\n");
        assertThatThrownBy(() -> settings(values).checker(MailWorld.fileSystem(directory), new SecureRandom()))
                .hasMessageStartingWith("conf/signet.properties: dmarc.suffix-list: " + list + ": found it unusable")
                .hasMessageEndingWith("expected a public suffix list");
    }

    @Test
    void honourPctUnlessTheyAreToldToIgnoreIt() throws IOException {
        Map<String, String> ignoring = new HashMap<>(Map.of("dmarc.pct", "ignore"));
        String record = "v=DMARC1; p=reject; pct=50";
        List<Disposition> honoured = new ArrayList<>();
        List<Disposition> ignored = new ArrayList<>();
        for (int number : IntStream.range(0, 64).toArray()) {
            honoured.add(spoof(Map.of(), record, message(number)).disposition());
            ignored.add(spoof(ignoring, record, message(number)).disposition());
        }

        // All on one side: once in 2^63 keys.
        assertThat(honoured).contains(Disposition.REJECT, Disposition.QUARANTINE).doesNotContain(Disposition.NONE);
        assertThat(ignored).containsOnly(Disposition.REJECT);
    }

    @Test
    void drawTheSameLotsOnEveryNodeWithTheSameKey() throws IOException {
        Files.writeString(directory.resolve("shared.key"), Base64.getEncoder().encodeToString(new byte[32]));
        Map<String, String> values = Map.of("dmarc.sampling-key", "file://shared.key");
        for (int number : IntStream.range(0, 20).toArray()) {
            // Each a James of its own.
            Disposition first = spoof(values, "v=DMARC1; p=reject; pct=50", message(number)).disposition();
            assertThat(spoof(values, "v=DMARC1; p=reject; pct=50", message(number)).disposition()).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "dmarc.enforce | 0 | p=reject | NONE",
        "dmarc.overrides | example.com none | p=reject | NONE",
        "dmarc.overrides | example.com reject | p=none | REJECT",
        "dmarc.trusted-networks | 192.0.2.9 | p=reject | NONE",
        "dmarc.discovery | suffix-list | p=quarantine | QUARANTINE"
    })
    void decideForThisServer(String name, String value, String policy, Disposition disposition) throws IOException {
        assertThat(spoof(Map.of(name, value), "v=DMARC1; " + policy, message(1)).disposition()).isEqualTo(disposition);
    }

    @Test
    void switchDmarcOff() throws IOException {
        try (MailWorld world = new MailWorld(directory, Map.of("dmarc", "false"))) {
            assertThat(world.signet.check().check(Connection.UNKNOWN, MailWorld.in(message(1))).dmarc()).isEmpty();
        }
    }
}
