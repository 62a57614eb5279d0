// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.message.Canonicalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.Random;

class DkimRoundTripTest {

    private static final List<String> BODIES = List.of(
            "", "\r\n", "\r\n\r\n\r\n", " ", "\t \r\n", "a", "a\r\n", "a\r\n\r\n\r\n", "a \t b  \r\n \r\nc\t\r\n", "caf\u00e9 \u00ff\r\n",
            "bare\rcr and bare\nlf\r\n", "nul\0\r\n", "ends with cr\r", "ends with lf\n", " leading\r\n\ttab\r\n");

    private final DkimWorld world = new DkimWorld();

    @ParameterizedTest
    @EnumSource
    void everyBodyPassesUnderEveryPairOfForms(Canonicalization headerForm) {
        String header = DkimWorld.MESSAGE.substring(0, DkimWorld.MESSAGE.indexOf("\r\n\r\n") + 4)
                .replace("Subject: Is dinner", "SUBJECT : \t caf\u00c3\u00a9 folded\r\n\t over  lines\r\n Is dinner");
        for (Canonicalization bodyForm : Canonicalization.values()) {
            SigningOptions options = SigningOptions.DEFAULT.withForms(headerForm, bodyForm);
            for (String body : BODIES) {
                String signed = DkimWorld.sign(header + body, options, DkimWorld.rsaSigner(), DkimWorld.edSigner());
                assertThat(world.verify(signed))
                        .as("%s/%s, body '%s'", headerForm, bodyForm, body)
                        .extracting(DkimResult::state)
                        .containsExactly(DkimState.PASS, DkimState.PASS);
            }
        }
    }

    @Test
    void anyChangedByteOfASimpleSignedMessageBreaksIt() {
        long seed = 20261123;
        System.out.println("anyChangedByteOfASimpleSignedMessageBreaksIt: seed " + seed);
        Random random = new Random(seed);
        SigningOptions simple = SigningOptions.DEFAULT.withForms(Canonicalization.SIMPLE, Canonicalization.SIMPLE);
        String signed = DkimWorld.sign(DkimWorld.MESSAGE, simple, DkimWorld.rsaSigner());
        int message = signed.indexOf("From:");
        for (int i = 0; i < 2_000; i++) {
            int at = message + random.nextInt(signed.length() - message - 2);
            char changed = (char) (signed.charAt(at) ^ (1 + random.nextInt(255)));
            String tampered = signed.substring(0, at) + changed + signed.substring(at + 1);
            assertThat(world.verifyOne(tampered).state()).as("byte %d became %d", at, (int) changed).isNotEqualTo(DkimState.PASS);
        }
    }

    @Test
    void relaxedSurvivesWhatRelaxedAllows() {
        String signed = DkimWorld.sign(DkimWorld.MESSAGE);
        String touched = signed.replace("Subject: Is dinner ready?", "SUBJECT:  Is\r\n\tdinner   ready? ")
                .replace("We lost the game.  Are", "We lost the  game. \tAre") + "\r\n\r\n";
        assertThat(world.verifyOne(touched).state()).isEqualTo(DkimState.PASS);
    }

    @Test
    void whatFollowsTheSignedTagsOfAFieldIsSignedToo() {
        String signed = DkimWorld.sign(DkimWorld.MESSAGE);
        assertThat(world.verifyOne(signed.replace(" t=", " z=x; t=")).state()).isEqualTo(DkimState.FAIL);
    }

    @Test
    void fieldsAddedToOversignedOnesBreakTheSignature() {
        String signed = DkimWorld.sign(DkimWorld.MESSAGE);
        for (String name : List.of("From", "To", "Cc", "Subject", "Date", "Reply-To", "Message-ID", "MIME-Version", "Content-Type")) {
            assertThat(world.verifyOne(name + ": added\r\n" + signed).state()).as(name).isEqualTo(DkimState.FAIL);
        }
        assertThat(world.verifyOne("List-Id: <l.example>\r\n" + signed).state()).isEqualTo(DkimState.PASS);
    }

    @Test
    void aMessageWithoutFromIsNotSigned() throws Exception {
        DkimSigner signer = new DkimSigner(SigningOptions.DEFAULT, () -> DkimWorld.NOW);
        assertThat(signer.sign(DkimWorld.in("To: x@example.net\r\n\r\n"), List.of(DkimWorld.rsaSigner())))
                .isEqualTo(new DkimSigner.Result.NotSigned("the message has no From"));
    }

    @Test
    void linesOfASignatureStayShortAndItsTagsAreThoseOfTheOptions() {
        String signed = DkimWorld.sign(
                DkimWorld.MESSAGE,
                SigningOptions.DEFAULT.withExpireIn(Duration.ofDays(7)).withIdentity("news@mail.example.com"),
                DkimWorld.rsaSigner());
        String field = signed.substring(0, signed.indexOf("From: Alice"));
        assertThat(field.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(78));
        assertThat(field).contains("t=1795435200; x=1796040000;").contains("i=news@mail.example.com;");
        assertThat(world.verifyOne(signed).identity()).isEqualTo("news@mail.example.com");
    }
}
