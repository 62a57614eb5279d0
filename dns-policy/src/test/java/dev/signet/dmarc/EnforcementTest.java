// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import static dev.signet.dmarc.DmarcWorld.dkim;
import static dev.signet.dmarc.DmarcWorld.spf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.signet.dns.DomainName;
import dev.signet.dns.Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

class EnforcementTest {

    private static final MailingList LIST = new MailingList(DomainName.of("dev.lists.example.org"), DomainName.of("lists.example.org"));

    private final DmarcWorld world = new DmarcWorld();

    @ParameterizedTest
    @CsvSource({
        "p=reject,                 REJECT,     REJECT,     -",
        "p=quarantine,             QUARANTINE, QUARANTINE, -",
        "p=none,                   NONE,       NONE,       -",
        "p=reject; t=y,            REJECT,     QUARANTINE, POLICY_TEST_MODE",
        "p=quarantine; t=y,        QUARANTINE, NONE,       POLICY_TEST_MODE",
        "p=none; t=y,              NONE,       NONE,       -",
        "p=reject; t=n,            REJECT,     REJECT,     -",
        "p=reject; pct=0,          REJECT,     QUARANTINE, SAMPLED_OUT",
        "p=quarantine; pct=0,      QUARANTINE, NONE,       SAMPLED_OUT",
        "p=none; pct=0,            NONE,       NONE,       -",
        "p=reject; pct=100,        REJECT,     REJECT,     -",
        "p=reject; pct=broken,     REJECT,     REJECT,     -",
        "p=reject; t=y; pct=0,     REJECT,     QUARANTINE, POLICY_TEST_MODE"
    })
    void weakensByTestModeAndPctOneLevelAndSaysWhy(String tags, Disposition requested, Disposition disposition, String reasons) {
        // mox takes a message outside the sample for one without a policy, so that p=reject; pct=50 delivers half of the forgeries to
        // the inbox; RFC 7489 §6.6.4 wants them quarantined. mox and mail-auth do not look at t.
        world.record("example.com", tags);

        Handling handling = world.check("example.com", Identifiers.NONE).handling();

        assertThat(handling.requested()).isEqualTo(requested);
        assertThat(handling.disposition()).isEqualTo(disposition);
        assertThat(types(handling)).isEqualTo(reasons);
        assertThat(handling.sampled()).isEqualTo(!reasons.equals("SAMPLED_OUT"));
    }

    @Test
    void pctIsIgnoredByTheLetterOfRfc9989() {
        world.sampler = new Sampler(DmarcWorld.KEY, false, 100);
        world.record("example.com", "p=reject; pct=0");

        assertThat(world.check("example.com", Identifiers.NONE).disposition()).isEqualTo(Disposition.REJECT);
    }

    @Test
    void aShareOfMessagesMeetsThePolicy() {
        world.record("example.com", "p=reject; pct=30");
        int rejected = 0;
        for (int i = 0; i < 2000; i++) {
            world.facts = DmarcWorld.facts("message " + i);
            Disposition disposition = world.check("example.com", Identifiers.NONE).disposition();
            assertThat(disposition).isNotEqualTo(Disposition.NONE);
            rejected += disposition == Disposition.REJECT ? 1 : 0;
        }
        assertThat(rejected).isBetween(540, 660);
    }

    @Test
    void theReceiversOwnRollOutLeavesTheRestAsItWasBefore() {
        world.sampler = new Sampler(DmarcWorld.KEY, true, 0);
        world.record("example.com", "p=reject").record("example.org", "p=reject; t=y");

        Handling handling = world.check("example.com", Identifiers.NONE).handling();

        assertThat(handling.disposition()).isEqualTo(Disposition.NONE);
        assertThat(handling.sampled()).isFalse();
        assertThat(handling.overrides())
                .containsExactly(new OverrideReason(OverrideReason.Type.LOCAL_POLICY, "policies are enforced on 0% of messages"));
        assertThat(types(world.check("example.org", Identifiers.NONE).handling())).isEqualTo("POLICY_TEST_MODE LOCAL_POLICY");
    }

    @ParameterizedTest
    @CsvSource({
        "p=none,            REJECT,     REJECT, LOCAL_POLICY",
        "p=reject,          REJECT,     REJECT, -",
        "p=reject; t=y,     REJECT,     REJECT, -",
        "p=reject; pct=0,   REJECT,     REJECT, -",
        "p=reject,          NONE,       NONE,   LOCAL_POLICY",
        "p=none,            NONE,       NONE,   -",
        "p=reject,          QUARANTINE, QUARANTINE, LOCAL_POLICY"
    })
    void theAdministratorsWordOnADomainIsFinal(String tags, Disposition override, Disposition disposition, String reasons) {
        world.local = new LocalPolicy(List.of(DomainOverride.of("example.com", override)), List.of(), List.of());
        world.record("example.com", tags);

        Handling handling = world.check("example.com", Identifiers.NONE).handling();

        assertThat(handling.disposition()).isEqualTo(disposition);
        assertThat(types(handling)).isEqualTo(reasons);
    }

    @ParameterizedTest
    @CsvSource({
        "example.com,       REJECT",
        "a.example.com,     QUARANTINE",
        "x.a.example.com,   QUARANTINE",
        "b.example.com,     NONE",
        "x.b.example.com,   QUARANTINE",
        "x.c.example.com,   NONE",
        "c.example.com,     QUARANTINE",
        "notexample.com,    REJECT"
    })
    void theMostPreciseOverrideCounts(String author, Disposition disposition) {
        world.local = new LocalPolicy(
                List.of(
                        DomainOverride.of("*.example.com", Disposition.QUARANTINE),
                        DomainOverride.of("b.example.com", Disposition.NONE),
                        DomainOverride.of("*.c.example.com", Disposition.NONE)),
                List.of(),
                List.of());
        world.record("example.com", "p=reject").record("notexample.com", "p=reject");

        assertThat(world.check(author, Identifiers.NONE).disposition()).isEqualTo(disposition);
    }

    @Test
    void anOverrideDoesNotTouchWhatPasses() {
        world.local = new LocalPolicy(List.of(DomainOverride.of("example.com", Disposition.REJECT)), List.of(), List.of());
        world.record("example.com", "p=none");

        assertThat(world.check("example.com", dkim("example.com")).disposition()).isEqualTo(Disposition.NONE);
        assertThat(world.check("no-record.example", Identifiers.NONE).status()).isEqualTo(DmarcResult.Status.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "*.", "a b", "*.*.", "exa mple.com"})
    void refusesAPatternThatIsNoDomain(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> DomainOverride.of(pattern, Disposition.NONE));
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.77, NONE", "192.0.3.1, REJECT", "2001:db8::1, REJECT"})
    void aTrustedNetworkIsLetThrough(String client, Disposition disposition) throws UnknownHostException {
        world.local = new LocalPolicy(List.of(), List.of(), List.of(Network.parse("192.0.2.0/24").orElseThrow()));
        world.facts = new MessageFacts(Optional.of(InetAddress.getByName(client)), Optional.empty(), world.facts.fingerprint());
        world.record("example.com", "p=reject");

        Handling handling = world.check("example.com", Identifiers.NONE).handling();

        assertThat(handling.disposition()).isEqualTo(disposition);
        assertThat(types(handling)).isEqualTo(disposition == Disposition.NONE ? "TRUSTED_FORWARDER" : "-");
    }

    @Test
    void aMailingListIsLetThroughOnlyIfItAnswersForTheMessage() {
        world.local = new LocalPolicy(List.of(), List.of(LIST), List.of());
        world.record("example.com", "p=reject");
        world.facts = new MessageFacts(Optional.empty(), Optional.of(LIST.id()), world.facts.fingerprint());

        assertThat(types(world.check("example.com", dkim("lists.example.org")).handling())).isEqualTo("MAILING_LIST");
        assertThat(world.check("example.com", spf("bounces.lists.example.org")).disposition()).isEqualTo(Disposition.NONE);
        // A List-Id alone is anybody's to write.
        assertThat(world.check("example.com", Identifiers.NONE).disposition()).isEqualTo(Disposition.REJECT);
        assertThat(world.check("example.com", dkim("attacker.test", "example.org")).disposition()).isEqualTo(Disposition.REJECT);
    }

    @Test
    void theListsDomainWithoutItsListIdIsNoExemption() {
        world.local = new LocalPolicy(List.of(), List.of(LIST), List.of());
        world.record("example.com", "p=reject");

        assertThat(world.check("example.com", dkim("lists.example.org")).disposition()).isEqualTo(Disposition.REJECT);
    }

    @Test
    void whereNothingIsAskedForThereIsNothingToDeviateFrom() throws UnknownHostException {
        InetAddress client = InetAddress.getByName("192.0.2.1");
        world.local = new LocalPolicy(List.of(), List.of(LIST), List.of(new Network(client, 32)));
        world.facts = new MessageFacts(Optional.of(client), Optional.of(LIST.id()), world.facts.fingerprint());
        world.record("example.com", "p=none");

        assertThat(world.check("example.com", dkim("lists.example.org")).handling()).isEqualTo(Handling.NONE);
    }

    private static String types(Handling handling) {
        List<String> types = handling.overrides().stream().map(reason -> reason.type().name()).toList();
        return types.isEmpty() ? "-" : String.join(" ", types);
    }
}
