// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import static dev.signet.arc.ArcFields.MESSAGE;
import static dev.signet.arc.ArcFields.RESULTS;
import static dev.signet.arc.ArcFields.SEAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dkim.DkimOptions;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Random;

/** What is done to chains by those who want a pass that is not theirs, our time, or others' queries. */
class ArcHostileTest {

    private final ArcWorld world = new ArcWorld();
    private final String one = world.sealedBy(ArcWorld.MESSAGE, "one.example");
    private final String three = world.sealedBy(ArcWorld.MESSAGE, "one.example", "two.example", "three.example");

    @Test
    void aGapFailsWithoutAQuery() {
        String gap = ArcFields.remove(ArcFields.remove(ArcFields.remove(three, SEAL, 2), MESSAGE, 2), RESULTS, 2);
        assertFailsUnasked(gap, 3, "no ARC-Authentication-Results of instance 2");
    }

    @ParameterizedTest
    @CsvSource({
        "ARC-Seal, 1", "ARC-Seal, 2", "ARC-Seal, 3",
        "ARC-Message-Signature, 1", "ARC-Message-Signature, 2", "ARC-Message-Signature, 3",
        "ARC-Authentication-Results, 1", "ARC-Authentication-Results, 2", "ARC-Authentication-Results, 3",
    })
    void aMissingOrDoubledMemberFailsWithoutAQuery(String name, int instance) {
        assertFailsUnasked(ArcFields.remove(three, name, instance), 3, "no " + name + " of instance " + instance);
        String twice = ArcFields.change(three, name, instance, field -> field + "\r\n" + field);
        assertFailsUnasked(twice, 3, "two fields " + name + " of instance " + instance);
    }

    @ParameterizedTest
    @CsvSource({"0", "51", "99999999999", "-1", "+1", "1.0", "0x1", "001", "one", "''", "1 1"})
    void anInstanceIsANumberFrom1To50(String instance) {
        for (String name : new String[] {RESULTS, MESSAGE, SEAL}) {
            String odd = ArcFields.change(one, name, 1, field -> field.replace("i=1;", "i=" + instance + ";"));
            FakeDns dns = new FakeDns();
            assertThat(ArcWorld.validate(odd, dns).state()).as(name).isEqualTo(ArcState.FAIL);
            assertThat(dns.asked()).isEmpty();
        }
    }

    @Test
    void moreThan50SetsFailWithoutAQuery() {
        StringBuilder flood = new StringBuilder();
        for (int i = 51; i > 1; i--) {
            int instance = i;
            for (String name : new String[] {SEAL, MESSAGE, RESULTS}) {
                flood.append(ArcFields.field(one, name, 1).replace("i=1;", "i=" + instance + ";")).append("\r\n");
            }
        }
        FakeDns dns = new FakeDns();
        assertThat(ArcWorld.validate(flood + one, dns).state()).isEqualTo(ArcState.FAIL);
        assertThat(dns.asked()).isEmpty();
        assertFailsUnasked(ArcFields.field(one, SEAL, 1).concat("\r\n").repeat(1_000) + one, 1, "more than 50 fields ARC-Seal");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ARC-Seal              | 1 | cv=none        | cv=pass               | ARC-Seal of instance 1 has cv=pass, which must be none
            ARC-Seal              | 2 | cv=pass        | cv=none               | ARC-Seal of instance 2 has cv=none, which must be pass
            ARC-Seal              | 2 | cv=pass        | cv=                   | ARC-Seal of instance 2: the tag cv= is missing
            ARC-Seal              | 2 | cv=pass;       |                       | ARC-Seal of instance 2: the tag cv= is missing
            ARC-Seal              | 2 | cv=pass        | cv=temperror          | ARC-Seal of instance 2: cv= is neither none, pass nor fail
            ARC-Seal              | 3 | cv=pass        | cv=fail               | ARC-Seal of instance 3 says cv=fail
            ARC-Seal              | 2 | cv=pass        | cv=fail               | ARC-Seal of instance 2 has cv=fail, which must be pass
            ARC-Seal              | 2 | cv=pass        | h=from; cv=pass       | ARC-Seal of instance 2: it has h=, which is not allowed
            ARC-Seal              | 3 | a=rsa-sha256   | a=rsa-sha1            | ARC-Seal of instance 3: a=rsa-sha1 is no longer secure
            ARC-Seal              | 3 | d=three        | d=three..            | ARC-Seal of instance 3: d= is not a domain name: three...example
            ARC-Seal              | 3 | s=arc          | s=..                  | ARC-Seal of instance 3: s= is not a selector: ..
            ARC-Seal              | 3 | s=arc          | s=                    | ARC-Seal of instance 3: the tag s= is missing
            ARC-Seal              | 3 | a=rsa-sha256;  | a=rsa-sha256; a=x;    | ARC-Seal has a syntax error: the tag a= occurs twice
            ARC-Message-Signature | 3 | h=From:        | h=ARC-Seal:From:      | ARC-Message-Signature of instance 3: h= covers ARC-Seal
            ARC-Message-Signature | 1 | h=From:        | h=aRC-sEAL:From:      | ARC-Message-Signature of instance 1: h= covers ARC-Seal
            ARC-Message-Signature | 3 | h=From:        | l=5; h=From:          | ARC-Message-Signature of instance 3: l= leaves the end of the body unsigned
            ARC-Message-Signature | 3 | t=1795435200   | t=yesterday           | ARC-Message-Signature of instance 3: t= is not a time in seconds
            ARC-Message-Signature | 3 | t=1795435200   | t=2; x=1              | ARC-Message-Signature of instance 3: x= is not after t=
            ARC-Message-Signature | 3 | c=relaxed      | c=sharp               | ARC-Message-Signature of instance 3: unknown canonicalization: c=sharp/relaxed
            """)
    void aBrokenMemberFailsWithoutAQuery(String name, int instance, String from, String to, String reason) {
        String tampered = ArcFields.change(three, name, instance, field -> field.replace(from, to == null ? "" : to));
        assertFailsUnasked(tampered, 3, reason);
    }

    @Test
    void aBareLineEndInAMemberFailsWithoutAQuery() {
        // In b=, which no signature covers.
        for (String name : List.of(SEAL, MESSAGE)) {
            String changed = ArcFields.change(one, name, 1, field -> field.substring(0, field.length() - 4) + "\n" + field.substring(field.length() - 4));
            assertFailsUnasked(changed, 1, name + " has a bare CR or LF");
        }
    }

    @Test
    void anOversizedFieldFailsWithoutAQuery() {
        String ballast = ArcFields.change(three, RESULTS, 2, field -> field + ";\r\n x=" + "y".repeat(64 * 1024));
        assertFailsUnasked(ballast, 3, "ARC-Authentication-Results is longer than 64 KB");
    }

    @Test
    void aHeaderBlockBeyondTheLimitsIsNotLookedAt() {
        assertFailsUnasked("X: y\r\n".repeat(10_001) + three, 0, "not checked: more than 10000 header fields");
    }

    @Test
    void eachKeyIsAskedForOnce() {
        FakeDns dns = new FakeDns();
        ArcWorld.validate(world.sealedBy(three, "one.example", "two.example"), dns);
        assertThat(dns.asked()).containsExactlyInAnyOrder(
                "TXT arc._domainkey.one.example", "TXT arc._domainkey.two.example", "TXT arc._domainkey.three.example");
    }

    @Test
    void aSealIsNoneOfAnotherChain() {
        String other = world.sealedBy(ArcWorld.MESSAGE.replace("<1@", "<2@"), "one.example", "two.example");
        String grafted = ArcFields.change(three, SEAL, 2, field -> ArcFields.field(other, SEAL, 2));
        assertThat(world.validate(grafted).state()).isEqualTo(ArcState.FAIL);
    }

    @Test
    void aSetThatIsTakenOffTheFrontLeavesAChainThatNoLongerFitsAChangedMessage() {
        String changed = world.sealedBy(one.replace("Hi.", "Ho."), "two.example");
        assertThat(world.validate(changed).state()).isEqualTo(ArcState.FAIL);
        String listed = world.seal(one.replace("Hi.", "Ho."), ArcState.PASS, world.sealer("two.example"));
        assertThat(world.validate(listed).state()).isEqualTo(ArcState.PASS);
        String stripped = ArcFields.remove(ArcFields.remove(ArcFields.remove(listed, SEAL, 2), MESSAGE, 2), RESULTS, 2);
        assertThat(world.validate(stripped)).extracting(ArcResult::state, ArcResult::reason)
                .containsExactly(ArcState.FAIL, "ARC-Message-Signature of instance 1: body hash did not verify");
    }

    @Test
    void anExpiredSignatureIsRefusedBeyondTheClockSkew() {
        long now = ArcWorld.NOW.getEpochSecond();
        String expired = ArcFields.change(one, MESSAGE, 1, field -> field.replace("t=" + now, "t=1; x=" + (now - 301)));
        assertThat(world.validate(expired).reason()).isEqualTo("ARC-Message-Signature of instance 1 expired at 2026-11-23T11:54:59Z");
        String nearly = ArcFields.change(one, MESSAGE, 1, field -> field.replace("t=" + now, "t=1; x=" + (now - 299)));
        assertThat(world.validate(nearly).reason()).startsWith("ARC-Message-Signature of instance 1 did not verify");
    }

    @Test
    void keysThatAreTooWeakFail() {
        DkimOptions strict = DkimOptions.DEFAULT.withMinRsaBits(4096);
        assertThat(ArcWorld.validate(one, world.dns, strict)).extracting(ArcResult::state, ArcResult::reason)
                .containsExactly(ArcState.FAIL, "ARC-Message-Signature of instance 1: a key of 2048 bits is not taken");
    }

    @Test
    void anyChangedLetterOfAChainBreaksIt() {
        long seed = 20261124;
        System.out.println("anyChangedLetterOfAChainBreaksIt: seed " + seed);
        Random random = new Random(seed);
        String chain = three.substring(0, three.indexOf("From: Alice"));
        // Another base64 text may stand for the same last signature, which nothing covers; every other text is covered.
        int start = chain.indexOf("bh=", chain.indexOf(MESSAGE));
        for (int i = 0; i < 1_500; i++) {
            int at = start + random.nextInt(chain.length() - start);
            char changed = (char) ('a' + random.nextInt(26));
            if (Character.isLetterOrDigit(chain.charAt(at)) && !isEqualInAnyCase(changed, chain.charAt(at))) {
                String tampered = three.substring(0, at) + changed + three.substring(at + 1);
                assertThat(world.validate(tampered).state()).as("'%s' at %d: %s", changed, at, tampered).isEqualTo(ArcState.FAIL);
            }
        }
    }

    private static boolean isEqualInAnyCase(char one, char other) {
        return Character.toLowerCase(one) == Character.toLowerCase(other);
    }

    private static void assertFailsUnasked(String message, int instances, String reason) {
        FakeDns dns = new FakeDns();
        assertThat(ArcWorld.validate(message, dns)).isEqualTo(ArcResult.fail(instances, reason));
        assertThat(dns.asked()).isEmpty();
    }
}
