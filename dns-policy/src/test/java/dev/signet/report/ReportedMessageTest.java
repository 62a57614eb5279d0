// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dkim.DkimFailure;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.dmarc.AuthorHandling;
import dev.signet.dmarc.Discovered;
import dev.signet.dmarc.DmarcChecker;
import dev.signet.dmarc.DmarcDiscovery;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dmarc.Identifiers;
import dev.signet.dmarc.LocalPolicy;
import dev.signet.dmarc.MessageFacts;
import dev.signet.dmarc.OverrideReason;
import dev.signet.dmarc.Sampler;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.message.AuthorDomain;
import dev.signet.message.HeaderBlock;
import dev.signet.message.MessageLimits;
import dev.signet.spf.SpfChecker;
import dev.signet.spf.SpfIdentity;
import dev.signet.spf.SpfOptions;
import dev.signet.spf.SpfRequest;
import dev.signet.spf.SpfResult;
import dev.signet.spf.SpfStep;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** From what the protocols say to what a report will say. */
class ReportedMessageTest {

    private static final DomainName AUTHOR = DomainName.of("news.example.com");

    private final FakeDns dns = new FakeDns().empty("news.example.com");

    private DmarcResult judge(Identifiers identifiers) {
        return judge(identifiers, dns);
    }

    private static DmarcResult judge(Identifiers identifiers, FakeDns dns) {
        DmarcChecker checker =
                new DmarcChecker(DmarcDiscovery.treeWalk(), LocalPolicy.NONE, Sampler.withoutLots(), AuthorHandling.STRICTEST);
        Discovered discovered = checker.discover(new AuthorDomain.One(AUTHOR, "a@" + AUTHOR), List.of(), dns).join();
        MessageFacts facts = MessageFacts.of(HeaderBlock.parse(new byte[0], 0, MessageLimits.DEFAULT), "", Optional.empty());
        return checker.evaluate(discovered, identifiers, facts, dns).join();
    }

    private static Delivery delivery(String mailFrom) {
        return new Delivery(Instant.parse("2026-11-22T23:59:59.9Z"), InetAddress.getLoopbackAddress(), mailFrom, Optional.empty(), false);
    }

    private static DkimResult dkim(DkimState state, String domain, String selector) {
        return new DkimResult(state, "why", DomainName.of(domain), selector, null, "rsa-sha256", 2048, null, false, null, DkimFailure.OTHER);
    }

    private static SpfResult spf(SpfResult.State state, String domain) {
        return new SpfResult(state, SpfIdentity.MAIL_FROM, "x", DomainName.of(domain), null, null, 0, null, "why", new SpfStep("", "", 0, List.of()));
    }

    private static Identifiers passed(String... dkim) {
        List<DomainName> domains = List.of(dkim).stream().map(DomainName::of).toList();
        return new Identifiers(Optional.empty(), domains, Optional.empty(), List.of());
    }

    @Test
    void theReportGoesToThePolicyDomainAndNamesTheAuthorDomain() {
        dns.txt("_dmarc.example.com", "v=DMARC1; p=reject; sp=none; adkim=s; rua=mailto:r@example.com!10m");

        ReportedMessage message =
                ReportedMessage.of(delivery("A@Bücher.example"), judge(passed("news.example.com")), List.of(), Optional.empty()).orElseThrow();

        assertThat(message.policyDomain()).hasToString("example.com");
        assertThat(message.day()).hasToString("2026-11-22");
        assertThat(message.policy().toString()).contains("policy=REJECT, subdomainPolicy=NONE, absentSubdomainPolicy=NONE, dkimAlignment=STRICT");
        assertThat(message.record().aggregateReportUris()).containsExactly("mailto:r@example.com");
        assertThat(message.observation().headerFrom()).isEqualTo("news.example.com");
        assertThat(message.observation().envelopeFrom()).contains("xn--bcher-kva.example");
        assertThat(message.observation().dkimAligned()).isTrue();
        assertThat(message.observation().spfAligned()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "p=none, true, NONE",
        "p=reject, true, PASS",
        "p=quarantine; t=y, true, PASS",
        "p=none, false, NONE",
        "p=quarantine, false, QUARANTINE",
        "p=reject, false, REJECT",
        "p=reject; t=y, false, QUARANTINE",
    })
    void aPassUnderAnEnforcingPolicyHasItsOwnWord(String policy, boolean passes, ActionTaken action) {
        dns.txt("_dmarc.news.example.com", "v=DMARC1; " + policy + "; rua=mailto:r@example.com");

        DmarcResult result = judge(passes ? passed("news.example.com") : Identifiers.NONE);
        assertThat(ReportedMessage.of(delivery(""), result, List.of(), Optional.empty()).orElseThrow().observation().action()).isEqualTo(action);
    }

    @Test
    void nobodyIsToldWhoDoesNotAsk() {
        assertThat(ReportedMessage.of(delivery(""), judge(Identifiers.NONE), List.of(), Optional.empty())).isEmpty();
        dns.txt("_dmarc.news.example.com", "v=DMARC1; p=reject");
        assertThat(ReportedMessage.of(delivery(""), judge(Identifiers.NONE), List.of(), Optional.empty())).isEmpty();
    }

    @Test
    void aMessageThatTheDnsLeftOpenFailedWithAReason() {
        dns.txt("_dmarc.news.example.com", "v=DMARC1; p=reject; rua=mailto:r@example.com");
        Identifiers open = new Identifiers(Optional.empty(), List.of(), Optional.empty(), List.of(AUTHOR));

        Observation seen = ReportedMessage.of(delivery(""), judge(open), List.of(dkim(DkimState.TEMPERROR, "news.example.com", "s")), Optional.empty())
                .orElseThrow().observation();
        assertThat(seen.action()).isEqualTo(ActionTaken.NONE);
        assertThat(seen.reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.type()).isEqualTo(OverrideReason.Type.OTHER);
            assertThat(reason.comment()).startsWith("temperror: ");
        });
    }

    @Test
    void signaturesStandInTheOrderOfRfc9990WhateverTheMessageHasThem() {
        dns.txt("_dmarc.example.com", "v=DMARC1; p=reject; rua=mailto:r@example.com");
        List<DkimResult> results = new ArrayList<>(List.of(
                dkim(DkimState.FAIL, "news.example.com", "broken"),
                dkim(DkimState.PASS, "esp.example", "other"),
                dkim(DkimState.PASS, "example.com", "relaxed"),
                dkim(DkimState.PASS, "news.example.com", "strict"),
                DkimResult.surprised("no domain")));
        DmarcResult dmarc = judge(passed("news.example.com", "example.com", "esp.example"));

        Observation seen = ReportedMessage.of(delivery(""), dmarc, results, Optional.empty()).orElseThrow().observation();
        assertThat(seen.dkim()).extracting(DkimOutcome::selector).containsExactly("strict", "relaxed", "other", "broken");

        Collections.reverse(results);
        assertThat(ReportedMessage.of(delivery(""), dmarc, results, Optional.empty()).orElseThrow().observation()).isEqualTo(seen);
    }

    @Test
    void aRowHasAtMostAHundredSignaturesTheBestOnesFirst() {
        dns.txt("_dmarc.news.example.com", "v=DMARC1; p=reject; rua=mailto:r@example.com");
        List<DkimResult> results = new ArrayList<>();
        IntStream.range(0, 150).forEach(i -> results.add(dkim(DkimState.FAIL, "flood" + i + ".example", "s")));
        results.add(dkim(DkimState.PASS, "news.example.com", "s"));

        List<DkimOutcome> told =
                ReportedMessage.of(delivery(""), judge(passed("news.example.com")), results, Optional.empty()).orElseThrow().observation().dkim();
        assertThat(told).hasSize(100);
        assertThat(told.getFirst().domain()).isEqualTo("news.example.com");
    }

    @Test
    void theHeloNameStandsInForANullSender() {
        dns.txt("_dmarc.news.example.com", "v=DMARC1; p=reject; rua=mailto:r@example.com");
        Optional<SpfResult> spf = Optional.of(spf(SpfResult.State.SOFTFAIL, "mail.example.org"));

        Observation seen = ReportedMessage.of(delivery(""), judge(Identifiers.NONE), List.of(), spf).orElseThrow().observation();
        assertThat(seen.envelopeFrom()).contains("");
        assertThat(seen.spf()).contains(new SpfOutcome("mail.example.org", SpfIdentity.HELO, SpfResult.State.SOFTFAIL, "why"));
    }

    @Test
    void aNeighbourIsToldWithoutTheInterfaceThatHeIsAt() throws Exception {
        dns.txt("_dmarc.news.example.com", "v=DMARC1; p=reject; rua=mailto:r@example.com");
        InetAddress neighbour = Inet6Address.getByAddress(null, InetAddress.getByName("fe80::1").getAddress(), 7);
        Delivery delivery = new Delivery(Instant.EPOCH, neighbour, "", Optional.empty(), false);

        assertThat(ReportedMessage.of(delivery, judge(Identifiers.NONE), List.of(), Optional.empty()).orElseThrow().observation().source()
                .getHostAddress()).isEqualTo("fe80:0:0:0:0:0:0:1");
    }

    @Test
    void aSenderWithoutADomainIsNotTold() {
        dns.txt("_dmarc.news.example.com", "v=DMARC1; p=reject; rua=mailto:r@example.com");

        assertThat(ReportedMessage.of(delivery("jane.doe"), judge(Identifiers.NONE), List.of(), Optional.empty()).orElseThrow().observation()
                .envelopeFrom()).contains("");
    }

    /** RFC 9990: "One record per (IP, result, authentication identifiers) tuples". */
    @Test
    void messagesOfOneFateShareARowWhateverTheNumbersInTheirReasons() {
        dns.txt("_dmarc.news.example.com", "v=DMARC1; p=reject; rua=mailto:r@example.com");
        DmarcResult dmarc = judge(Identifiers.NONE);
        ReportTally tally = new ReportTally();
        for (int i = 1; i <= 20; i++) {
            List<DkimResult> results = new ArrayList<>(List.of(
                    failed(DkimState.FAIL, "body hash did not verify: " + i + " bytes fewer than signed", "a", i),
                    failed(DkimState.POLICY, "the signature expired: it was good until 2026-11-22T00:00:" + i + "Z", "b", i),
                    failed(DkimState.FAIL, "body hash did not verify: " + (20 - i) + " bytes more than signed, and the signed part changed", "c", i),
                    failed(DkimState.POLICY, "the body has more than was signed (l=): " + i + " bytes", "d", i)));
            Collections.rotate(results, i);
            tally.add(ReportedMessage.of(delivery(""), dmarc, results, Optional.empty()).orElseThrow());
        }

        assertThat(tally.groups().getFirst().rows()).singleElement().satisfies(row -> {
            assertThat(row.count()).isEqualTo(20);
            assertThat(row.observation().dkim()).extracting(DkimOutcome::comment).containsExactlyInAnyOrder(
                    "body hash did not verify", "the signature expired", "body hash did not verify", "the body has more than was signed (l=)");
        });
    }

    private static DkimResult failed(DkimState state, String reason, String selector, int number) {
        return new DkimResult(state, reason, AUTHOR, selector, "jane" + number + "@" + AUTHOR, "rsa-sha256", 2048, "b" + number, false, null, DkimFailure.OTHER);
    }

    @Test
    void neitherRefusedMailNorAReportCallsForAReport() {
        dns.txt("_dmarc.news.example.com", "v=DMARC1; p=reject; rua=mailto:r@example.com");
        ReportedMessage refused = ReportedMessage.of(delivery(""), judge(Identifiers.NONE), List.of(), Optional.empty()).orElseThrow();
        Delivery report = new Delivery(Instant.EPOCH, InetAddress.getLoopbackAddress(), "", Optional.empty(), true);
        DmarcResult pass = judge(passed("news.example.com"));
        ReportedMessage reported = ReportedMessage.of(report, pass, List.of(), Optional.empty()).orElseThrow();
        ReportedMessage ordinary = ReportedMessage.of(delivery(""), pass, List.of(), Optional.empty()).orElseThrow();

        assertThat(refused.callsForReport()).isFalse();
        assertThat(reported.callsForReport()).isFalse();
        assertThat(ordinary.callsForReport()).isTrue();

        ReportTally tally = new ReportTally();
        tally.add(refused);
        assertThat(tally.groups().getFirst().due()).isFalse();
        tally.add(ordinary);
        assertThat(tally.groups()).singleElement().satisfies(group -> {
            assertThat(group.due()).isTrue();
            assertThat(group.rows()).hasSize(2);
        });
    }

    @Test
    void aNewAddressForReportsIsNoNewPolicyAndTheLatestCounts() {
        ReportTally tally = new ReportTally();
        for (String address : List.of("old", "new")) {
            FakeDns then = new FakeDns().txt("_dmarc.news.example.com", "v=DMARC1; p=none; rua=mailto:" + address + "@example.com");
            Instant time = Instant.parse("2026-11-22T00:00:00Z").plusSeconds(address.equals("new") ? 60 : 0);
            Delivery delivery = new Delivery(time, InetAddress.getLoopbackAddress(), "", Optional.empty(), false);
            tally.add(ReportedMessage.of(delivery, judge(Identifiers.NONE, then), List.of(), Optional.empty()).orElseThrow());
        }

        assertThat(tally.groups()).singleElement().satisfies(group ->
                assertThat(group.record().aggregateReportUris()).containsExactly("mailto:new@example.com"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "redirect=%{l}._u.%{d}", "include:%{l}._u.%{d}", "exists:%{L1r-}.%{d} include:%{s}.u.example", "a:%{l}.down.example", "-all"})
    void messagesOfSendersWhomAMacroTellsApartShareARowThatNamesNoneOfThem(String terms) {
        dns.txt("_dmarc.news.example.com", "v=DMARC1; p=reject; rua=mailto:r@example.com");
        dns.txt("example.com", "v=spf1 " + terms);
        ReportTally tally = new ReportTally();
        for (String user : List.of("jane.doe", "Jane-Doe", "jane+list", "john")) {
            dns.failing(user.toLowerCase(Locale.ROOT) + ".down.example", RecordType.A, "SERVFAIL");
            SpfRequest request = new SpfRequest(InetAddress.getLoopbackAddress(), "mail.example.com", user + "@example.com");
            SpfResult spf = new SpfChecker(SpfOptions.DEFAULT, Runnable::run, InstantSource.system()).check(request, SpfIdentity.MAIL_FROM, dns).join();
            tally.add(ReportedMessage.of(delivery("x@example.com"), judge(Identifiers.NONE), List.of(), Optional.of(spf)).orElseThrow());
        }

        assertThat(tally.groups().getFirst().rows()).singleElement().satisfies(row ->
                assertThat(row.observation().spf().orElseThrow().comment()).isNotEmpty().doesNotContainIgnoringCase("jane").doesNotContain("john"));
    }
}
