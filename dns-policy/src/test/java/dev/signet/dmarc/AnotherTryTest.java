// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import static dev.signet.dmarc.DmarcWorld.openDkim;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.Network;
import dev.signet.dns.RecordType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** Which messages a receiver that defers on temporary errors asks for again. */
class AnotherTryTest {

    private final DmarcWorld world = new DmarcWorld();

    private boolean isWorthIt(DmarcResult result) {
        return world.checker().isWorthAnotherTry(result, Optional.empty());
    }

    private DmarcResult policyInTrouble() {
        world.dns.failing("_dmarc.example.com", RecordType.TXT, "SERVFAIL");
        return world.check("example.com", Identifiers.NONE);
    }

    @Test
    void isForAPolicyThatTheDnsKeepsToItself() {
        assertThat(isWorthIt(policyInTrouble())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"p=reject, true", "p=quarantine, true", "p=none, false"})
    void isForAKeyThatTheDnsKeepsToItselfWhereAFailureWouldMatter(String policy, boolean worthIt) {
        world.record("example.com", policy);

        assertThat(isWorthIt(world.check("example.com", openDkim("example.com")))).isEqualTo(worthIt);
    }

    @Test
    void isNotForWhatIsKnown() {
        world.record("example.com", "p=reject");

        assertThat(isWorthIt(world.check("example.com", Identifiers.NONE))).isFalse();
        assertThat(isWorthIt(world.check("nothing.example", Identifiers.NONE))).isFalse();
    }

    @Test
    void isNotForACheckThatFailedByItself() {
        assertThat(isWorthIt(DmarcResult.surprised("the check failed"))).isFalse();
    }

    @Test
    void isNotForADomainThatIsNeverEnforced() {
        world.local = new LocalPolicy(
                List.of(DomainOverride.of("example.com", Disposition.NONE)), List.of(), List.of());

        assertThat(isWorthIt(policyInTrouble())).isFalse();
    }

    @Test
    void isNotForAReceiverThatEnforcesNothingYet() {
        world.sampler = new Sampler(DmarcWorld.KEY, true, 0);

        assertThat(isWorthIt(policyInTrouble())).isFalse();
    }

    @Test
    void isNotForATrustedNetwork() throws UnknownHostException {
        world.local = new LocalPolicy(List.of(), List.of(), List.of(Network.parse("192.0.2.0/24").orElseThrow()));
        DmarcResult result = policyInTrouble();

        assertThat(world.checker().isWorthAnotherTry(result, Optional.of(InetAddress.getByName("192.0.2.1")))).isFalse();
        assertThat(world.checker().isWorthAnotherTry(result, Optional.of(InetAddress.getByName("198.51.100.1")))).isTrue();
    }
}
