// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.DomainName;
import dev.signet.dns.MessageDns;
import dev.signet.message.AuthorDomain;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Messages made to exhaust or to get around DMARC, through the DNS as one message sees it. */
class DmarcHostileTest {

    private final FakeDns zone = new FakeDns();
    private final DmarcChecker checker = new DmarcChecker(
            DmarcDiscovery.treeWalk(), LocalPolicy.NONE, new Sampler(DmarcWorld.KEY, true, 100), AuthorHandling.STRICTEST);

    @Test
    void equalQueriesOfAllWalksAreAskedOnce() {
        zone.txt("_dmarc.example.com", "v=DMARC1; p=reject");
        MessageDns dns = new MessageDns(zone, 100, Duration.ofSeconds(10));
        List<DomainName> signers = IntStream.range(0, 50).mapToObj(i -> DomainName.of("s" + i + ".example.com")).toList();

        DmarcResult result = check(one("news.example.com"), signers, dns);

        assertThat(result.status()).isEqualTo(DmarcResult.Status.PASS);
        assertThat(zone.asked()).doesNotHaveDuplicates().hasSize(3 + 10);
    }

    @Test
    void anExhaustedBudgetIsTempErrorAndNeverNone() {
        zone.txt("_dmarc.example.com", "v=DMARC1; p=reject");
        MessageDns dns = new MessageDns(zone, 3, Duration.ofSeconds(10));

        DmarcResult result = check(one("a.b.c.d.e.f.example.com"), List.of(), dns);

        assertThat(result.status()).isEqualTo(DmarcResult.Status.TEMPERROR);
        assertThat(zone.asked()).hasSize(3);
    }

    @Test
    void aNameOfAHundredLabelsAsksEightTimes() {
        String author = "x.".repeat(100) + "victim.example";
        zone.txt("_dmarc.victim.example", "v=DMARC1; p=none; sp=reject");

        DmarcResult result = check(one(author), List.of(), new MessageDns(zone, 100, Duration.ofSeconds(10)));

        assertThat(result.disposition()).isEqualTo(Disposition.REJECT);
        assertThat(zone.asked()).hasSize(8);
    }

    @Test
    void namesInEveryFormAreTheSameDomain() {
        zone.txt("_dmarc.xn--bcher-kva.example", "v=DMARC1; p=reject");

        for (String form : List.of("bücher.example", "BÜCHER.example.", "xn--bcher-kva.EXAMPLE", "XN--BCHER-KVA.example.")) {
            MessageDns dns = new MessageDns(zone, 100, Duration.ofSeconds(10));
            assertThat(check(one(form), List.of(), dns).disposition()).as(form).isEqualTo(Disposition.REJECT);
            assertThat(check(one(form), List.of(DomainName.of("bücher.example")), dns).status())
                    .as(form)
                    .isEqualTo(DmarcResult.Status.PASS);
        }
    }

    @Test
    void aManyFacedFromAsksNoMoreThanItsBudget() {
        List<DomainName> many = IntStream.range(0, 8).mapToObj(i -> DomainName.of("a.b.c.d.e.f.g.h.x" + i + ".test")).toList();

        DmarcResult result = check(
                new AuthorDomain.Several(many, true, "several author domains"), List.of(), new MessageDns(zone, 20, Duration.ofSeconds(10)));

        assertThat(result.status()).isEqualTo(DmarcResult.Status.TEMPERROR);
        assertThat(zone.asked()).hasSize(20);
    }

    private DmarcResult check(AuthorDomain author, List<DomainName> signers, MessageDns dns) {
        Discovered discovered = checker.discover(author, signers, dns).join();
        Identifiers identifiers = new Identifiers(Optional.empty(), signers, Optional.empty(), List.of());
        return checker.evaluate(discovered, identifiers, DmarcWorld.facts("one"), dns).join();
    }

    private static AuthorDomain one(String domain) {
        return new AuthorDomain.One(DomainName.of(domain), "a@" + domain);
    }
}
