// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kinds of failure that reports tell apart. */
class DkimFailureTest {

    private final DkimWorld world = new DkimWorld();
    private final String signed = DkimWorld.sign(DkimWorld.MESSAGE);

    @ParameterizedTest
    @CsvSource({"Joe., Jim., BODY_HASH", "Is dinner ready?, Is lunch ready?, OTHER", "Joe., Joe., OTHER", "s=rsa;, s=nobody;, OTHER"})
    void aChangedBodyHasAKindOfItsOwn(String from, String to, DkimFailure kind) {
        assertThat(signed).contains(from);
        assertThat(world.verifyOne(signed.replace(from, to)).failure()).isEqualTo(kind);
    }

    @Test
    void aRevokedKeyIsNotAMissingOne() {
        DkimWorld revoked = new DkimWorld();
        revoked.dns.txt("gone._domainkey.example.com", "v=DKIM1; p=");
        String message = DkimWorld.sign(DkimWorld.MESSAGE, SigningOptions.DEFAULT, new Signer(DkimWorld.DOMAIN, "gone", DkimWorld.RSA));

        assertThat(revoked.verifyOne(message)).extracting(DkimResult::state, DkimResult::failure).containsExactly(DkimState.PERMERROR, DkimFailure.REVOKED);
    }
}
