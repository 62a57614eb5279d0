// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import static dev.signet.dmarc.DmarcWorld.dkim;
import static dev.signet.dmarc.DmarcWorld.names;
import static dev.signet.dmarc.DmarcWorld.several;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.DomainName;
import dev.signet.dns.Network;
import dev.signet.dns.RecordType;
import dev.signet.message.AuthorDomain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

class UnclearAuthorTest {

    private final DmarcWorld world = new DmarcWorld()
            .record("victim.example", "p=reject")
            .record("mild.example", "p=quarantine")
            .record("attacker.test", "p=none");

    @ParameterizedTest
    @CsvSource({
        "attacker.test, victim.example, REJECT",
        "victim.example, attacker.test, REJECT",
        "attacker.test, mild.example, QUARANTINE",
        "mild.example, victim.example, REJECT",
        "attacker.test, no-policy.example, NONE"
    })
    void theStrictestPolicyAppliesAsFailingWhoeverSignedIt(String first, String second, Disposition disposition) {
        // Stalwart's mail-auth, mailauth and, by RFC 7489, many others say none: a second author switches DMARC off.
        DmarcResult result = world.check(several(first, second), dkim("attacker.test", "victim.example", "mild.example"));

        assertThat(result.status()).isEqualTo(DmarcResult.Status.FAIL);
        assertThat(result.disposition()).isEqualTo(disposition);
        assertThat(result.reason()).isEqualTo("several author domains");
    }

    @Test
    void theVictimsDomainIsTheAuthorDomainOfTheResult() {
        DmarcResult result = world.check(several("attacker.test", "x.victim.example"), Identifiers.NONE);

        assertThat(result.authorDomain()).contains(DomainName.of("x.victim.example"));
        assertThat(result.policyDomain()).contains(DomainName.of("victim.example"));
    }

    @Test
    void aForgersOwnTestPolicyCannotStandInForTheVictims() {
        world.record("forger.test", "p=reject; t=y").record("lucky.test", "p=reject; pct=0");

        assertThat(world.check(several("forger.test", "victim.example"), Identifiers.NONE).disposition()).isEqualTo(Disposition.REJECT);
        assertThat(world.check(several("lucky.test", "forger.test", "victim.example"), Identifiers.NONE).disposition())
                .isEqualTo(Disposition.REJECT);
    }

    @Test
    void aFromThatCannotBeParsedIsJudgedByAllThatMayBeSeenInIt() {
        AuthorDomain odd = new AuthorDomain.Unparsable("a comment that does not end", names("attacker.test", "victim.example"), true);

        assertThat(world.check(odd, dkim("attacker.test")).disposition()).isEqualTo(Disposition.REJECT);
    }

    @Test
    void whatMayShowANameThatNobodyCanTellIsRefused() {
        AuthorDomain invisible = new AuthorDomain.Unparsable("not the name of a domain", names(), false);
        AuthorDomain besideAnother = new AuthorDomain.Unparsable("not the name of a domain", names("attacker.test"), false);

        for (AuthorDomain author : List.of(invisible, besideAnother)) {
            DmarcResult result = world.check(author, dkim("attacker.test"));
            assertThat(result.status()).isEqualTo(DmarcResult.Status.PERMERROR);
            assertThat(result.disposition()).isEqualTo(Disposition.REJECT);
        }
    }

    @Test
    void aSecondAuthorWhoseNameServerIsSilentDoesNotUndoAPolicyThatIsKnown() {
        world.dns.failing("_dmarc.down.example", RecordType.TXT, "SERVFAIL");
        world.record("testing.example", "p=reject; t=y");

        for (String victim : List.of("mild.example", "testing.example")) {
            DmarcResult result = world.check(several(victim, "down.example"), Identifiers.NONE);
            assertThat(result.status()).as("it may yet be worse").isEqualTo(DmarcResult.Status.TEMPERROR);
            assertThat(result.disposition()).isEqualTo(Disposition.QUARANTINE);
            assertThat(result.policyDomain()).contains(DomainName.of(victim));
        }
    }

    @Test
    void noDomainAtAllIsPermErrorAndNeverNone() {
        DmarcResult missing = world.check(new AuthorDomain.None("no From field"), dkim("attacker.test"));
        DmarcResult unknown = world.check(several("a.test", "b.test"), dkim("a.test"));

        assertThat(missing.status()).isEqualTo(DmarcResult.Status.PERMERROR);
        assertThat(missing.reason()).isEqualTo("no From field");
        assertThat(missing.disposition()).isEqualTo(Disposition.NONE);
        assertThat(unknown.status()).isEqualTo(DmarcResult.Status.PERMERROR);
    }

    @Test
    void aDomainThatDoesNotAnswerIsTempErrorUnlessAnotherIsStrictAlready() {
        world.dns.failing("_dmarc.down.example", RecordType.TXT, "SERVFAIL");

        assertThat(world.check(several("attacker.test", "down.example"), Identifiers.NONE).status())
                .isEqualTo(DmarcResult.Status.TEMPERROR);
        assertThat(world.check(several("down.example", "mild.example"), Identifiers.NONE).status())
                .isEqualTo(DmarcResult.Status.TEMPERROR);
        assertThat(world.check(several("down.example", "victim.example"), Identifiers.NONE).disposition())
                .isEqualTo(Disposition.REJECT);
    }

    @Test
    void moreDomainsThanAreLookedAtAreRefusedNotWavedThrough() {
        String[] domains = IntStream.range(0, 9).mapToObj(i -> "x" + i + ".test").toArray(String[]::new);
        domains[8] = "victim.example";

        DmarcResult result = world.check(several(domains), Identifiers.NONE);

        assertThat(result.status()).isEqualTo(DmarcResult.Status.PERMERROR);
        assertThat(result.disposition()).isEqualTo(Disposition.REJECT);
        assertThat(result.handling().overrides()).extracting(OverrideReason::type).containsExactly(OverrideReason.Type.LOCAL_POLICY);
        assertThat(world.dns.asked()).hasSizeLessThanOrEqualTo(64);
    }

    @Test
    void theSameDomainTwiceIsAskedForOnce() {
        world.check(several("victim.example", "victim.example"), Identifiers.NONE);

        assertThat(world.dns.asked()).containsExactly("TXT _dmarc.victim.example", "TXT _dmarc.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"victim.example", "attacker.test"})
    void configuredToRefuseItRefusesAll(String domain) {
        world.authorHandling = AuthorHandling.REJECT;

        DmarcResult result = world.check(several(domain, "other.test"), Identifiers.NONE);

        assertThat(result.status()).isEqualTo(DmarcResult.Status.PERMERROR);
        assertThat(result.disposition()).isEqualTo(Disposition.REJECT);
    }

    @Test
    void configuredToDoNothingItSaysPermError() {
        world.authorHandling = AuthorHandling.NONE;

        DmarcResult result = world.check(several("victim.example", "other.test"), Identifiers.NONE);

        assertThat(result.status()).isEqualTo(DmarcResult.Status.PERMERROR);
        assertThat(result.disposition()).isEqualTo(Disposition.NONE);
    }

    @ParameterizedTest
    @EnumSource(names = {"STRICTEST", "REJECT"})
    void aTrustedNetworkIsLetThroughHereToo(AuthorHandling handling) throws Exception {
        InetAddress client = InetAddress.getByName("192.0.2.1");
        world.authorHandling = handling;
        world.local = new LocalPolicy(List.of(), List.of(), List.of(new Network(client, 24)));
        world.facts = new MessageFacts(Optional.of(client), Optional.empty(), world.facts.fingerprint());

        DmarcResult result = world.check(several("victim.example", "other.test"), Identifiers.NONE);

        assertThat(result.disposition()).isEqualTo(Disposition.NONE);
        assertThat(result.handling().overrides()).extracting(OverrideReason::type).containsExactly(OverrideReason.Type.TRUSTED_FORWARDER);
    }
}
