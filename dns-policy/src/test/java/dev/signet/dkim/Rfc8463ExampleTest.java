// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.signet.testing.Rfc8463Example;
import org.junit.jupiter.api.Test;

/** RFC 8463 Appendix A: one message, signed with RSA and with Ed25519. */
class Rfc8463ExampleTest {

    private final DkimWorld world = new DkimWorld();

    Rfc8463ExampleTest() {
        Rfc8463Example.publish(world.dns);
    }

    @Test
    void bothSignaturesPass() {
        assertThat(world.verify(Rfc8463Example.MESSAGE)).extracting(DkimResult::state, DkimResult::algorithm, DkimResult::keyBits)
                .containsExactly(
                        tuple(DkimState.PASS, "ed25519-sha256", 256),
                        tuple(DkimState.PASS, "rsa-sha256", 1024));
    }

    @Test
    void aBrokenFirstSignatureHidesNothing() {
        String broken = Rfc8463Example.MESSAGE.replace("b=/gCrinpc", "b=/gCrinpd");
        assertThat(world.verify(broken)).extracting(DkimResult::state).containsExactly(DkimState.FAIL, DkimState.PASS);
    }
}
