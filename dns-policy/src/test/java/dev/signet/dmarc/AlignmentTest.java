// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.RecordType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class AlignmentTest {

    /** Never: not in any mode. Relaxed: in relaxed mode only. Always: in both. */
    enum Expected { NEVER, RELAXED, ALWAYS }

    private static final String AUTHOR = "a.giant.bank.example";

    private static final Map<String, Expected> IDENTIFIERS = Map.ofEntries(
            Map.entry("a.giant.bank.example", Expected.ALWAYS), // equal
            Map.entry("giant.bank.example", Expected.RELAXED), // above: the Organizational Domain
            Map.entry("x.a.giant.bank.example", Expected.RELAXED), // below
            Map.entry("b.giant.bank.example", Expected.RELAXED), // sibling
            Map.entry("x.b.giant.bank.example", Expected.RELAXED), // below a sibling
            Map.entry("mega.bank.example", Expected.NEVER), // across psd=y
            Map.entry("a.mega.bank.example", Expected.NEVER),
            Map.entry("bank.example", Expected.NEVER), // the public suffix
            Map.entry("example", Expected.NEVER), // above it
            Map.entry("own.giant.bank.example", Expected.NEVER), // psd=n: its own organization
            Map.entry("x.own.giant.bank.example", Expected.NEVER),
            Map.entry("notgiant.bank.example", Expected.NEVER), // the same letters are not the same labels
            Map.entry("giant.bank.example.attacker.test", Expected.NEVER),
            Map.entry("attacker.test", Expected.NEVER));

    private static Stream<Arguments> modes() {
        List<Arguments> all = new ArrayList<>();
        for (String adkim : List.of("r", "s")) {
            for (String aspf : List.of("r", "s")) {
                IDENTIFIERS.forEach((identifier, expected) -> all.add(Arguments.of(adkim, aspf, identifier, expected)));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "adkim={0} aspf={1} {2}: {3}")
    @MethodSource("modes")
    void alignsByModeAndPlaceInTheTree(String adkim, String aspf, String identifier, Expected expected) {
        // authheaders and mail-auth compare by a public suffix list whatever the records say: to them own.giant.bank.example
        // (psd=n) aligns with giant.bank.example, and mega.bank.example too, across psd=y, while the list does not know bank.example.
        DmarcWorld world = new DmarcWorld()
                .record("giant.bank.example", "p=reject; adkim=" + adkim + "; aspf=" + aspf)
                .record("own.giant.bank.example", "p=none; psd=n")
                .record("bank.example", "p=none; psd=y");

        DmarcResult bySpf = world.check(AUTHOR, DmarcWorld.spf(identifier));
        DmarcResult byDkim = world.check(AUTHOR, DmarcWorld.dkim(identifier));

        assertThat(bySpf.status()).isEqualTo(status(expected, aspf));
        assertThat(byDkim.status()).isEqualTo(status(expected, adkim));
        assertThat(bySpf.alignedSpf().isPresent()).isEqualTo(bySpf.status() == DmarcResult.Status.PASS);
        assertThat(byDkim.alignedDkim()).hasSize(byDkim.status() == DmarcResult.Status.PASS ? 1 : 0);
        assertThat(bySpf.organizationalDomain()).hasToString("Optional[giant.bank.example]");
    }

    private static DmarcResult.Status status(Expected expected, String mode) {
        return expected == Expected.ALWAYS || (expected == Expected.RELAXED && mode.equals("r"))
                ? DmarcResult.Status.PASS
                : DmarcResult.Status.FAIL;
    }

    @ParameterizedTest
    @CsvSource({"co.uk", "uk", "other.co.uk"})
    void nothingAtOrAboveAPublicSuffixOfTheListAligns(String identifier) {
        DmarcWorld world = new DmarcWorld().record("example.co.uk", "p=reject");
        world.discovery = DmarcDiscovery.suffixList(new GuavaSuffixes());

        assertThat(world.check("example.co.uk", DmarcWorld.dkim(identifier)).status()).isEqualTo(DmarcResult.Status.FAIL);
        assertThat(world.check("mail.example.co.uk", DmarcWorld.dkim(identifier)).status()).isEqualTo(DmarcResult.Status.FAIL);
        assertThat(world.check("mail.example.co.uk", DmarcWorld.dkim("a.example.co.uk")).status()).isEqualTo(DmarcResult.Status.PASS);
    }

    @Test
    void aPublicSuffixOfTheListDoesNotEvenAlignWithItself() {
        // RFC 7489 §3.1.1: a signature with d=com "would never allow an in alignment result".
        DmarcWorld world = new DmarcWorld().record("co.uk", "p=reject");
        world.discovery = DmarcDiscovery.suffixList(new GuavaSuffixes());

        assertThat(world.check("co.uk", DmarcWorld.dkim("co.uk")).status()).isEqualTo(DmarcResult.Status.FAIL);
    }

    @Test
    void aPublicSuffixThatSendsMailItselfAlignsWithItselfByRfc9989AndWithNothingBelow() {
        DmarcWorld world = new DmarcWorld().record("bank.example", "p=reject; psd=y");

        assertThat(world.check("bank.example", DmarcWorld.dkim("bank.example")).status()).isEqualTo(DmarcResult.Status.PASS);
        assertThat(world.check("bank.example", DmarcWorld.dkim("mega.bank.example")).status()).isEqualTo(DmarcResult.Status.FAIL);
    }

    @Test
    void walksOnlyFromIdentifiersThatCanAlign() {
        // authheaders asks a list about every identifier; RFC 9989 §4.10.2 needs a walk only where names leave it open.
        DmarcWorld world = new DmarcWorld().record("example.com", "p=reject");

        world.check("example.com", DmarcWorld.dkim("attacker.test", "example.com", "com", "other.com"));

        assertThat(world.dns.asked()).containsExactly("TXT _dmarc.example.com", "TXT _dmarc.com");
    }

    @Test
    void walksFromTenIdentifiersAtMostAndNobodyCanCrowdOutTheOneThatAligns() {
        DmarcWorld world = new DmarcWorld().record("example.com", "p=reject");
        List<String> crowd = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            crowd.add("x" + i + ".attacker.test");
        }
        crowd.add("example.com");

        assertThat(world.check("example.com", DmarcWorld.dkim(crowd.toArray(String[]::new))).status())
                .isEqualTo(DmarcResult.Status.PASS);

        DmarcWorld own = new DmarcWorld().record("example.com", "p=reject");
        own.check("a.example.com", DmarcWorld.dkim(Stream.iterate(0, i -> i < 1000, i -> i + 1)
                .map(i -> "x" + i + ".example.com")
                .toArray(String[]::new)));
        assertThat(own.dns.asked()).hasSizeLessThanOrEqualTo(3 + 10 * 3);
    }

    @Test
    void strictModeAsksNothingForTheIdentifier() {
        DmarcWorld world = new DmarcWorld().record("example.com", "p=reject; adkim=s");

        world.check("example.com", DmarcWorld.dkim("mail.example.com"));

        assertThat(world.dns.asked()).containsExactly("TXT _dmarc.example.com", "TXT _dmarc.com");
    }

    @Test
    void troubleWithTheWalkOfAnIdentifierThatCouldAlignIsTempError() {
        DmarcWorld world = new DmarcWorld().record("example.com", "p=reject");
        world.dns.failing("_dmarc.mail.example.com", RecordType.TXT, "SERVFAIL");

        assertThat(world.check("example.com", DmarcWorld.dkim("mail.example.com")).status()).isEqualTo(DmarcResult.Status.TEMPERROR);
        assertThat(world.check("example.com", DmarcWorld.dkim("mail.example.com", "example.com")).status())
                .isEqualTo(DmarcResult.Status.PASS);
    }
}
