// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.authres.AuthenticationResults;
import dev.signet.dmarc.AuthorHandling;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcChecker;
import dev.signet.dmarc.DmarcDiscovery;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dmarc.DomainOverride;
import dev.signet.dmarc.LocalPolicy;
import dev.signet.dmarc.Sampler;
import dev.signet.dns.DomainName;
import dev.signet.dns.Network;
import dev.signet.dns.RecordType;
import dev.signet.testing.FakeDns;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** DMARC within the whole check: which identifiers count, whose mail it is for, and what the verdict says. */
class DmarcCheckTest {

    private static final String FROM = "From: Alice <alice@example.com>\r\n";

    private final FakeDns dns = new FakeDns()
            .txt("_dmarc.example.com", "v=DMARC1; p=reject; sp=quarantine; rua=mailto:reports@example.com")
            .txt("example.com", "v=spf1 ip4:192.0.2.1 -all")
            .txt("bounces.example.com", "v=spf1 ip4:192.0.2.1 -all")
            .txt("attacker.test", "v=spf1 +all");
    private InboundOptions options = InboundOptions.DEFAULT;

    private Verdict check(Connection connection, String header) {
        InputStream message = new ByteArrayInputStream((header + "\r\nbody\r\n").getBytes(StandardCharsets.ISO_8859_1));
        return new InboundCheck(dns, options, Thread::startVirtualThread, InstantSource.system()).check(connection, message);
    }

    private DmarcResult dmarc(Connection connection, String header) {
        return check(connection, header).dmarc().orElseThrow();
    }

    private static Connection from(@Nullable String client, String helo, @Nullable String mailFrom) {
        return new Connection(client == null ? null : address(client), helo, mailFrom, null, null);
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    @Test
    void mailFromOfTheSameOrganizationPasses() {
        Verdict verdict = check(from("192.0.2.1", "mx.example.com", "x@bounces.example.com"), FROM);

        assertThat(verdict.dmarc().orElseThrow().status()).isEqualTo(DmarcResult.Status.PASS);
        assertThat(verdict.dmarc().orElseThrow().alignedSpf()).contains(DomainName.of("bounces.example.com"));
        assertThat(results(verdict)).contains(
                "; dmarc=pass (p=reject sp=quarantine dis=none) header.from=example.com policy.dmarc=none");
    }

    @Test
    void whatNobodyAnswersForFailsAndSaysWhatIsDone() {
        Verdict verdict = check(from("203.0.113.9", "attacker.test", "x@attacker.test"), FROM);

        assertThat(results(verdict)).contains("; dmarc=fail (p=reject sp=quarantine dis=reject) reason=\"not aligned: attacker.test\""
                + " header.from=example.com policy.dmarc=reject");
        assertThat(verdict.toJson()).contains("\"dmarc\":{\"result\":\"fail\",\"authorDomain\":\"example.com\","
                + "\"policyDomain\":\"example.com\",\"discovery\":\"treewalk\",\"requested\":\"reject\",\"disposition\":\"reject\","
                + "\"reason\":\"not aligned: attacker.test\",\"sampled\":true,\"overrides\":[]");
    }

    @Test
    void theHeloNameStandsInForANullSenderAndForNothingElse() {
        // CVE-2019-20790: OpenDMARC with pypolicyd-spf took a HELO pass for one of MAIL FROM.
        dns.txt("helo.example.com", "v=spf1 ip4:203.0.113.9 -all");

        assertThat(dmarc(from("203.0.113.9", "helo.example.com", "x@attacker.test"), FROM).status()).isEqualTo(DmarcResult.Status.FAIL);
        assertThat(dmarc(from("203.0.113.9", "helo.example.com", "x@no-spf.test"), FROM).status()).isEqualTo(DmarcResult.Status.FAIL);
        assertThat(dmarc(from("203.0.113.9", "helo.example.com", null), FROM).status()).isEqualTo(DmarcResult.Status.FAIL);
        DmarcResult bounce = dmarc(from("203.0.113.9", "helo.example.com", ""), FROM);
        assertThat(bounce.status()).isEqualTo(DmarcResult.Status.PASS);
        assertThat(bounce.alignedSpf()).contains(DomainName.of("helo.example.com"));
    }

    @Test
    void mailOfOurOwnUsersAndMachinesIsNotJudgedAndNothingIsAskedForIt() {
        InetAddress client = address("192.0.2.1");
        Connection user = new Connection(client, "laptop", "alice@example.com", "alice", null);
        assertThat(check(user, FROM).dmarc()).isEmpty();
        assertThat(results(check(user, FROM))).doesNotContain("dmarc");

        options = options.withConnection(ConnectionOptions.DEFAULT.withOwnNetworks(List.of(new Network(client, 24))));
        assertThat(check(from("192.0.2.1", "web", "x@attacker.test"), FROM).dmarc()).isEmpty();
        assertThat(dns.asked()).isEmpty();
    }

    @Test
    void aStrangerBehindARelayCannotSayThatHeIsThisHost() {
        options = options.withConnection(
                ConnectionOptions.DEFAULT.withRelays(new Relays.InNetworks(List.of(new Network(address("10.0.0.1"), 32)))));
        String received = "Received: from localhost (localhost [127.0.0.1]) by relay.example.net; Mon, 23 Nov 2026 12:00:00 +0000\r\n";

        assertThat(dmarc(from("10.0.0.1", "relay.example.net", "x@attacker.test"), received + FROM).disposition())
                .isEqualTo(Disposition.REJECT);
    }

    @Test
    void withoutAClientSignaturesAloneDecide() {
        DmarcResult result = dmarc(Connection.UNKNOWN, FROM);

        assertThat(result.status()).isEqualTo(DmarcResult.Status.FAIL);
        assertThat(result.disposition()).isEqualTo(Disposition.REJECT);
    }

    @Test
    void whatThisServerMadeItselfIsUnderNoPolicy() {
        Verdict verdict = check(Connection.ours(""), FROM);

        assertThat(verdict.dmarc()).isEmpty();
        assertThat(verdict.client()).isEmpty();
        assertThat(dns.asked()).isEmpty();
    }

    @Test
    void behindARelayTheStrangerIsTheClientAndWhoHidesFromItIsJudgedAllTheSame() {
        options = options.withConnection(ConnectionOptions.DEFAULT
                .withRelays(new Relays.InNetworks(List.of(new Network(address("10.0.0.1"), 32))))
                .withOwnNetworks(List.of(new Network(address("10.0.0.0"), 24))));
        Connection relay = from("10.0.0.1", "relay.example.net", "alice@example.com");
        String received = " by relay.example.net with ESMTP; Mon, 23 Nov 2026 12:00:00 +0000\r\n";

        assertThat(dmarc(relay, "Received: from mx.example.com (unknown [192.0.2.1])" + received + FROM).status())
                .isEqualTo(DmarcResult.Status.PASS);
        assertThat(dmarc(relay, "Received: from a (unknown [203.0.113.9])" + received + FROM).disposition()).isEqualTo(Disposition.REJECT);
        // A HELO name with brackets makes the field ambiguous. If that let a message off, forgers would greet us so.
        assertThat(dmarc(relay, "Received: from [192.0.2.1] (x [y] [203.0.113.9])" + received + FROM).disposition())
                .isEqualTo(Disposition.REJECT);
    }

    @Test
    void behindARelayMailOfAnotherMachineOfOursIsNotJudged() {
        options = options.withConnection(ConnectionOptions.DEFAULT
                .withRelays(new Relays.InNetworks(List.of(new Network(address("10.0.0.1"), 32))))
                .withOwnNetworks(List.of(new Network(address("10.0.0.0"), 24))));
        String received = "Received: from web (web [10.0.0.7]) by relay.example.net; Mon, 23 Nov 2026 12:00:00 +0000\r\n";

        assertThat(check(from("10.0.0.1", "relay.example.net", "x@example.com"), received + FROM).dmarc()).isEmpty();
    }

    @Test
    void withoutDmarcNothingIsAskedAndNothingSaid() {
        options = options.withDmarc(Optional.empty());

        Verdict verdict = check(from("203.0.113.9", "attacker.test", "x@attacker.test"), FROM);

        assertThat(verdict.dmarc()).isEmpty();
        assertThat(verdict.toJson()).doesNotContain("dmarc");
        assertThat(dns.asked()).noneMatch(question -> question.contains("_dmarc"));
        assertThat(Verdict.fromJson(verdict.toJson()).orElseThrow().dmarc()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            From: a@example.com                        | fail
            From: a@sub.example.com                    | temperror
            From: a@unpublished.test                   | none
            From: a@down.test                          | temperror
            From: a@example.com, b@down.test           | temperror
            Subject: no author                         | permerror
            From: a@example.com, b@unpublished.test    | fail
            """)
    void aResultTravelsAsJson(String header, String status) {
        dns.failing("_dmarc.down.test", RecordType.TXT, "SERVFAIL").failing("_dmarc.com", RecordType.TXT, "SERVFAIL");
        LocalPolicy local = new LocalPolicy(
                List.of(DomainOverride.of("example.com", Disposition.QUARANTINE)), List.of(), List.of());
        options = options.withDmarc(Optional.of(
                new DmarcChecker(DmarcDiscovery.treeWalk(), local, Sampler.withoutLots(), AuthorHandling.STRICTEST)));

        Verdict verdict = check(from("203.0.113.9", "attacker.test", "x@attacker.test"), header + "\r\n");

        Verdict read = Verdict.fromJson(verdict.toShortJson()).orElseThrow();
        assertThat(verdict.dmarc().map(result -> result.status().word())).contains(status);
        assertThat(read.dmarc()).usingRecursiveComparison().ignoringFields("value.policy.value.steps").isEqualTo(verdict.dmarc());
        assertThat(read.toJson()).isEqualTo(verdict.toJson());
        assertThat(AuthenticationResults.parse(verdict.authenticationResults("mx.example.net").toField().body()))
                .isInstanceOf(AuthenticationResults.Parse.Sound.class);
    }

    @Test
    void whatTheOwnerAsksForIsToldAlsoWhereTheDnsLeavesTheResultOpen() {
        dns.failing("lame.example.com", RecordType.TXT, "SERVFAIL");
        Verdict verdict = check(from("203.0.113.9", "attacker.test", "x@lame.example.com"), FROM);

        for (DmarcResult result : List.of(verdict.dmarc().orElseThrow(), Verdict.fromJson(verdict.toJson()).orElseThrow().dmarc().orElseThrow())) {
            assertThat(result.status()).isEqualTo(DmarcResult.Status.TEMPERROR);
            assertThat(result.requested()).isEqualTo(Disposition.REJECT);
            assertThat(result.policy().orElseThrow().requested()).isEqualTo(Disposition.REJECT);
            assertThat(result.disposition()).isEqualTo(Disposition.NONE);
        }
    }

    @Test
    void aPassTravelsAsJson() {
        Verdict verdict = check(from("192.0.2.1", "mx.example.com", "x@bounces.example.com"), FROM);

        assertThat(Verdict.fromJson(verdict.toJson()).orElseThrow().dmarc())
                .usingRecursiveComparison()
                .ignoringFields("value.policy.value.steps")
                .isEqualTo(verdict.dmarc());
    }

    @ParameterizedTest
    @EnumSource(names = {"STRICTEST", "REJECT"})
    void aHeaderBlockOverItsLimitsIsNoWayAroundDmarc(AuthorHandling handling) {
        options = options.withDmarc(Optional.of(
                new DmarcChecker(DmarcDiscovery.treeWalk(), LocalPolicy.NONE, Sampler.withoutLots(), handling)));
        Connection forger = from("203.0.113.9", "attacker.test", "x@attacker.test");

        for (String header : List.of(
                FROM + "X: y\r\n".repeat(10_001),
                "X: y\r\n".repeat(10_001) + FROM,
                FROM + "X: " + "y".repeat(1_100_000) + "\r\n",
                "X: " + "y".repeat(1_100_000) + "\r\n" + FROM)) {
            DmarcResult result = dmarc(forger, header);
            assertThat(result.status()).isEqualTo(DmarcResult.Status.PERMERROR);
            assertThat(result.disposition()).isEqualTo(Disposition.REJECT);
        }
    }

    @Test
    void configuredToLeaveUnclearAuthorsAloneAHeaderBlockOverItsLimitsIsPermErrorAlone() {
        options = options.withDmarc(Optional.of(
                new DmarcChecker(DmarcDiscovery.treeWalk(), LocalPolicy.NONE, Sampler.withoutLots(), AuthorHandling.NONE)));

        DmarcResult result = dmarc(from("203.0.113.9", "attacker.test", "x@attacker.test"), FROM + "X: y\r\n".repeat(10_001));

        assertThat(result.status()).isEqualTo(DmarcResult.Status.PERMERROR);
        assertThat(result.disposition()).isEqualTo(Disposition.NONE);
    }

    @Test
    void aHeloNameWhoseSpfRecordAsksWithoutEndLeavesTheSenderItsQueries() {
        StringBuilder endless = new StringBuilder("v=spf1");
        for (int i = 0; i < 10; i++) {
            endless.append(" mx:m").append(i).append(".attacker.test");
            for (int host = 0; host < 10; host++) {
                dns.mx("m" + i + ".attacker.test", host, "h" + host + ".m" + i + ".attacker.test");
                dns.address("h" + host + ".m" + i + ".attacker.test", "192.0.2.77");
            }
        }
        dns.txt("endless.attacker.test", endless.toString());
        dns.txt("a.example.com", "v=spf1 include:b.example.com include:c.example.com -all")
                .txt("b.example.com", "v=spf1 ip4:192.0.2.1 ~all")
                .txt("c.example.com", "v=spf1 ip4:192.0.2.2 ~all");
        String signatures = "";
        for (int i = 0; i < 100; i++) {
            signatures += "DKIM-Signature: v=1; a=rsa-sha256; d=a.b.c.d.e.x" + i + ".example.com; s=s; h=from; bh=" + "A".repeat(43)
                    + "=; b=AAAA\r\n";
        }

        DmarcResult result = dmarc(from("203.0.113.9", "endless.attacker.test", "x@a.example.com"), signatures + FROM);

        assertThat(result.status()).isEqualTo(DmarcResult.Status.FAIL);
        assertThat(result.disposition()).isEqualTo(Disposition.REJECT);
        assertThat(dns.asked()).hasSizeLessThan(320);
    }

    @Test
    void aSurpriseIsATemporaryErrorOfDmarcToo() throws IOException {
        InputStream failing = InputStream.nullInputStream();
        failing.close();
        InboundCheck check = new InboundCheck(dns, options, Thread::startVirtualThread, InstantSource.system());

        assertThat(check.check(from("203.0.113.9", "x", ""), failing).dmarc().map(DmarcResult::status))
                .contains(DmarcResult.Status.TEMPERROR);
        Connection user = new Connection(address("203.0.113.9"), "x", "", "alice", null);
        assertThat(check.check(user, InputStream.nullInputStream()).dmarc()).isEmpty();
    }

    private static String results(Verdict verdict) {
        return verdict.authenticationResults("mx.example.net").toField().unfolded().replace('\t', ' ');
    }
}
