// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import static dev.signet.dmarc.DmarcWorld.dkim;
import static dev.signet.dmarc.DmarcWorld.names;
import static dev.signet.dmarc.DmarcWorld.openDkim;
import static dev.signet.dmarc.DmarcWorld.openSpf;
import static dev.signet.dmarc.DmarcWorld.spf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.message.AuthorDomain;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class DmarcCheckerTest {

    private final DmarcWorld world = new DmarcWorld();

    @Test
    void rfc9989AppendixB41SimpleOrganizationAndPolicy() {
        world.record("example.com", "p=reject").record("signing.example.com", "p=none");

        DmarcResult result = world.check("example.com", both("example.com", "signing.example.com"));

        assertThat(result.status()).isEqualTo(DmarcResult.Status.PASS);
        assertThat(result.alignedSpf()).contains(DomainName.of("example.com"));
        assertThat(result.alignedDkim()).isEqualTo(names("signing.example.com"));
        assertThat(result.policyDomain()).contains(DomainName.of("example.com"));
        assertThat(world.check("example.com", Identifiers.NONE).requested()).isEqualTo(Disposition.REJECT);
    }

    @Test
    void rfc9989AppendixB42DeepTreeWalk() {
        String author = "a.b.c.d.e.f.g.h.i.j.k.example.com";
        world.record("example.com", "p=reject; sp=quarantine").record("signing.example.com", "p=none");

        DmarcResult result = world.check(author, both("example.com", "signing.example.com"));

        assertThat(result.status()).isEqualTo(DmarcResult.Status.PASS);
        assertThat(result.alignedSpf()).contains(DomainName.of("example.com"));
        assertThat(result.alignedDkim()).isEqualTo(names("signing.example.com"));
        assertThat(result.policyDomain()).contains(DomainName.of("example.com"));
        assertThat(world.dns.asked().subList(0, 8)).containsExactly(
                "TXT _dmarc." + author,
                "TXT _dmarc.g.h.i.j.k.example.com",
                "TXT _dmarc.h.i.j.k.example.com",
                "TXT _dmarc.i.j.k.example.com",
                "TXT _dmarc.j.k.example.com",
                "TXT _dmarc.k.example.com",
                "TXT _dmarc.example.com",
                "TXT _dmarc.com");
        assertThat(world.check(author, Identifiers.NONE).requested()).isEqualTo(Disposition.QUARANTINE);
    }

    @Test
    void rfc9989AppendixB43PublicSuffixWithARecord() {
        world.record("bank.example", "p=reject; psd=y").record("giant.bank.example", "p=quarantine");

        DmarcResult result = world.check("giant.bank.example", both("mail.giant.bank.example", "mail.mega.bank.example"));

        assertThat(result.status()).isEqualTo(DmarcResult.Status.PASS);
        assertThat(result.alignedSpf()).contains(DomainName.of("mail.giant.bank.example"));
        assertThat(result.alignedDkim()).isEmpty();
        assertThat(result.organizationalDomain()).contains(DomainName.of("giant.bank.example"));
        assertThat(result.policyDomain()).contains(DomainName.of("giant.bank.example"));
        DmarcResult failed = world.check("giant.bank.example", dkim("mail.mega.bank.example"));
        assertThat(failed.status()).isEqualTo(DmarcResult.Status.FAIL);
        assertThat(failed.disposition()).isEqualTo(Disposition.QUARANTINE);
    }

    @Test
    void aPassIsDoneNothingToWhateverThePolicy() {
        // authheaders looks at one signature only, and a mailing list's own above it turns a pass into a fail.
        world.record("example.com", "p=reject");

        DmarcResult result = world.check("example.com", dkim("attacker.test", "example.com"));

        assertThat(result.handling()).isEqualTo(new Handling(Disposition.REJECT, Disposition.NONE, List.of(), true));
        assertThat(result.reason()).isEqualTo("aligned: DKIM of example.com");
    }

    @Test
    void aFailGetsWhatTheOwnerAsksForAndSaysWhy() {
        world.record("example.com", "p=reject");

        DmarcResult result = world.check("example.com", both("attacker.test", "forger.test"));

        assertThat(result.status()).isEqualTo(DmarcResult.Status.FAIL);
        assertThat(result.handling()).isEqualTo(new Handling(Disposition.REJECT, Disposition.REJECT, List.of(), true));
        assertThat(result.reason()).isEqualTo("not aligned: attacker.test, forger.test");
        assertThat(result.policy().orElseThrow().method()).isEqualTo(DiscoveryMethod.TREEWALK);
        assertThat(world.check("example.com", Identifiers.NONE).reason()).isEqualTo("neither SPF nor DKIM passed");
    }

    @Test
    void noPolicyIsNone() {
        DmarcResult result = world.check("example.com", dkim("example.com"));

        assertThat(result.status()).isEqualTo(DmarcResult.Status.NONE);
        assertThat(result.authorDomain()).contains(DomainName.of("example.com"));
        assertThat(result.handling()).isEqualTo(Handling.NONE);
    }

    @Test
    void troubleWithThePolicyIsTempErrorAlsoWhereAnIdentifierWouldAlign() {
        // authheaders calls a SERVFAIL "no record".
        world.dns.failing("_dmarc.example.com", RecordType.TXT, "SERVFAIL");

        DmarcResult result = world.check("example.com", dkim("example.com"));

        assertThat(result.status()).isEqualTo(DmarcResult.Status.TEMPERROR);
        assertThat(result.disposition()).isEqualTo(Disposition.NONE);
        assertThat(result.reason()).isEqualTo("_dmarc.example.com: SERVFAIL");
    }

    @Test
    void troubleAboveTheAuthorsOwnRecordMattersOnlyToIdentifiersThatItDecides() {
        world.record("example.com", "p=reject");
        world.dns.failing("_dmarc.com", RecordType.TXT, "SERVFAIL");

        assertThat(world.check("example.com", dkim("example.com")).status()).isEqualTo(DmarcResult.Status.PASS);
        assertThat(world.check("example.com", dkim("mail.example.com")).status()).isEqualTo(DmarcResult.Status.TEMPERROR);
        assertThat(world.check("example.com", dkim("attacker.test")).status()).isEqualTo(DmarcResult.Status.FAIL);
        assertThat(world.check("example.com", Identifiers.NONE).status()).isEqualTo(DmarcResult.Status.FAIL);
    }

    @Test
    void anOpenResultOfAnAlignedDomainIsTempErrorAndNotFail() {
        // mailauth sees only what passed and says fail.
        world.record("example.com", "p=reject");

        assertThat(world.check("example.com", openSpf("example.com")).status()).isEqualTo(DmarcResult.Status.TEMPERROR);
        assertThat(world.check("example.com", openDkim("mail.example.com")).status()).isEqualTo(DmarcResult.Status.TEMPERROR);
        assertThat(world.check("example.com", openDkim("example.com")).disposition()).isEqualTo(Disposition.NONE);
    }

    @Test
    void anOpenResultOfADomainThatCannotAlignDoesNotSaveAForger() {
        // mox answers temperror for any DKIM temperror, so that a forger's own broken d= gets his message around p=reject.
        world.record("example.com", "p=reject");

        assertThat(world.check("example.com", openDkim("attacker.test")).status()).isEqualTo(DmarcResult.Status.FAIL);
        assertThat(world.check("example.com", openSpf("attacker.test")).disposition()).isEqualTo(Disposition.REJECT);
    }

    @Test
    void anOpenResultBesideAPassDoesNotMatter() {
        world.record("example.com", "p=reject");
        Identifiers identifiers = new Identifiers(
                Optional.of(DomainName.of("example.com")), List.of(), Optional.empty(), names("example.com"));

        assertThat(world.check("example.com", identifiers).status()).isEqualTo(DmarcResult.Status.PASS);
    }

    @Test
    void asksForTheAuthorAndForCandidatesThatAreNearItAtOnce() {
        PendingDns pending = new PendingDns(new FakeDns().txt("_dmarc.example.com", "v=DMARC1; p=reject"));
        DmarcChecker checker = new DmarcChecker(world.discovery, world.local, world.sampler, world.authorHandling);

        var discovering = checker.discover(
                new AuthorDomain.One(DomainName.of("news.example.com"), "a@news.example.com"),
                names("bounces.example.com", "attacker.test", "other.com"),
                pending);

        assertThat(pending.asked()).containsExactly(
                "TXT _dmarc.news.example.com", "TXT _dmarc.example.com", "TXT _dmarc.com",
                "TXT _dmarc.bounces.example.com", "TXT _dmarc.example.com", "TXT _dmarc.com");
        pending.answer();
        int asked = pending.asked().size();
        DmarcResult result = checker.evaluate(discovering.join(), spf("bounces.example.com"), world.facts, pending).join();
        assertThat(result.status()).isEqualTo(DmarcResult.Status.PASS);
        assertThat(pending.asked()).hasSize(asked);
    }

    @Test
    void oneDiscoveryServesManyEvaluations() {
        world.record("example.com", "p=reject");
        DmarcChecker checker = new DmarcChecker(world.discovery, world.local, world.sampler, world.authorHandling);
        Discovered discovered = checker.discover(
                new AuthorDomain.One(DomainName.of("example.com"), "a@example.com"), List.of(), world.dns).join();

        assertThat(checker.evaluate(discovered, Identifiers.NONE, world.facts, world.dns).join().status())
                .isEqualTo(DmarcResult.Status.FAIL);
        assertThat(checker.evaluate(discovered, dkim("example.com"), world.facts, world.dns).join().status())
                .isEqualTo(DmarcResult.Status.PASS);
    }

    @Test
    void anOverrideFromElsewhereLeavesItsReason() {
        world.record("example.com", "p=reject");
        OverrideReason arc = new OverrideReason(OverrideReason.Type.LOCAL_POLICY, "arc=pass");

        DmarcResult result = world.check("example.com", Identifiers.NONE).overridden(Disposition.NONE, arc);

        assertThat(result.status()).isEqualTo(DmarcResult.Status.FAIL);
        assertThat(result.handling()).isEqualTo(new Handling(Disposition.REJECT, Disposition.NONE, List.of(arc), true));
    }

    private static Identifiers both(String spf, String dkim) {
        return new Identifiers(Optional.of(DomainName.of(spf)), names(dkim), Optional.empty(), List.of());
    }
}
