// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.arc.ArcResult;
import dev.signet.arc.ArcState;
import dev.signet.arc.ArcValidator;
import dev.signet.arc.ArcWorld;
import dev.signet.arc.TrustedSealers;
import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.authres.PropertyType;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dmarc.OverrideReason;
import dev.signet.dns.DomainName;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

/** ARC within the whole check: what the verdict says of a chain, and what trusted sealers change about DMARC. */
class ArcCheckTest {

    private final ArcWorld world = new ArcWorld();
    private InboundOptions options = InboundOptions.DEFAULT;

    ArcCheckTest() {
        world.dns.txt("_dmarc.author.example", "v=DMARC1; p=reject").txt("list.example", "v=spf1 ip4:192.0.2.1 -all");
    }

    private Verdict check(String message) {
        Connection connection = new Connection(address("192.0.2.1"), "mx.list.example", "bounces@list.example", null, null);
        return new InboundCheck(world.dns, options, Thread::startVirtualThread, InstantSource.fixed(ArcWorld.NOW))
                .check(connection, new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    /** A post of Alice's that a list changed: no signature of hers fits any more, and the list's envelope sender is not hers. */
    private String listed(String message, String sealer, String spfDomain, String dkimDomain) {
        AuthenticationResults results = AuthenticationResults.of("mx." + sealer, List.of(
                MethodResult.of("spf", "pass").withProperty(PropertyType.SMTP, "mailfrom", "alice@" + spfDomain),
                MethodResult.of("dkim", "pass").withProperty(PropertyType.HEADER, "d", dkimDomain)));
        ArcState arrived = check(message).arc().state();
        return world.seal(message.replace("Subject: ", "Subject: [list] "), arrived, results, world.sealer(sealer));
    }

    @Test
    void theVerdictTellsTheChain() {
        Verdict verdict = check(world.sealedBy(ArcWorld.MESSAGE, "forward.example", "list.example"));

        assertThat(results(verdict)).contains("; arc=pass (as.2.list.example=pass, as.1.forward.example=pass) header.oldest-pass=0"
                + " smtp.remote-ip=192.0.2.1;");
        assertThat(verdict.toJson()).contains("\"arc\":{\"result\":\"pass\",\"instances\":2,\"oldestPass\":0,"
                + "\"sealers\":[\"forward.example\",\"list.example\"],\"reason\":\"all seals and the newest message signature verified\"}");
        assertThat(Verdict.fromJson(verdict.toJson())).map(Verdict::arc).contains(verdict.arc());
    }

    @Test
    void aMessageWithoutAChainSaysSo() {
        Verdict verdict = check(ArcWorld.MESSAGE);
        assertThat(results(verdict)).contains("; arc=none smtp.remote-ip=192.0.2.1;");
        assertThat(Verdict.fromJson(verdict.toJson())).map(Verdict::arc).contains(ArcResult.NONE);
        assertThat(verdict.dmarc().orElseThrow().disposition()).isEqualTo(Disposition.REJECT);
    }

    @Test
    void aTrustedSealersWordLetsAFailingMessageThrough() {
        options = options.withTrustedSealers(TrustedSealers.of(List.of("list.example")));
        for (String message : List.of(
                listed(ArcWorld.MESSAGE, "list.example", "author.example", "other.example"),
                listed(ArcWorld.MESSAGE, "list.example", "other.example", "author.example"))) {
            DmarcResult dmarc = check(message).dmarc().orElseThrow();
            assertThat(dmarc.status()).isEqualTo(DmarcResult.Status.FAIL);
            assertThat(dmarc.requested()).isEqualTo(Disposition.REJECT);
            assertThat(dmarc.disposition()).isEqualTo(Disposition.NONE);
            assertThat(dmarc.handling().overrides()).containsExactly(new OverrideReason(
                    OverrideReason.Type.LOCAL_POLICY, "arc=pass as[1].d=list.example as[1].s=arc"));
        }
    }

    @Test
    void aSealIsWorthNothingUntilItsSealerIsNamed() {
        String message = listed(ArcWorld.MESSAGE, "list.example", "author.example", "author.example");
        assertThat(check(message).arc().state()).isEqualTo(ArcState.PASS);
        assertRejected(message);
        options = options.withTrustedSealers(TrustedSealers.of(List.of("*.list.example", "other.example")));
        assertRejected(message);
    }

    @Test
    void aTrustedSealerBehindAnUntrustedNewerOneGivesNothing() {
        options = options.withTrustedSealers(TrustedSealers.of(List.of("list.example")));
        String message = listed(ArcWorld.MESSAGE, "list.example", "author.example", "author.example");
        assertThat(check(message).dmarc().orElseThrow().disposition()).isEqualTo(Disposition.NONE);
        assertRejected(listed(message, "evil.example", "author.example", "author.example"));
    }

    @Test
    void aTrustedSealersWordIsOnlyWorthSomethingForItsAuthor() {
        options = options.withTrustedSealers(TrustedSealers.of(List.of("list.example")));
        assertRejected(listed(ArcWorld.MESSAGE, "list.example", "attacker.test", "attacker.test"));
        // The author changed after the seal: the chain no longer passes, and nothing is believed.
        String message = listed(ArcWorld.MESSAGE, "list.example", "friend.example", "friend.example");
        assertRejected(message.replace("alice@author.example", "ceo@author.example"));
    }

    @Test
    void aBrokenChainOfATrustedSealerGivesNothing() {
        options = options.withTrustedSealers(TrustedSealers.of(List.of("list.example")));
        String message = listed(ArcWorld.MESSAGE, "list.example", "author.example", "author.example");
        assertRejected(message + "appended\r\n");
    }

    @Test
    void aFloodOfSealersLeavesDmarcItsAnswers() {
        String[] sealers = new String[50];
        for (int i = 0; i < 50; i++) {
            sealers[i] = "s" + i + ".example";
        }
        String message = world.sealedBy(ArcWorld.MESSAGE, sealers);
        options = options.withMaxQueries(10);
        world.dns.forget();
        Verdict verdict = check(message);
        assertThat(verdict.arc().state()).isEqualTo(ArcState.PASS);
        assertThat(verdict.arc().sealers()).hasSize(50).contains(DomainName.of("s49.example"));
        assertThat(verdict.dmarc().orElseThrow().status()).isEqualTo(DmarcResult.Status.FAIL);
        assertThat(world.dns.asked().stream().filter(question -> question.contains("arc._domainkey"))).hasSize(50);
        assertThat(ArcValidator.MAX_QUERIES).isEqualTo(51);
    }

    private void assertRejected(String message) {
        DmarcResult dmarc = check(message).dmarc().orElseThrow();
        assertThat(dmarc.disposition()).isEqualTo(Disposition.REJECT);
        assertThat(dmarc.handling().overrides()).isEmpty();
    }

    private static String results(Verdict verdict) {
        return verdict.authenticationResults("mx.receiver.example").toField().unfolded().replace("\t", " ");
    }
}
