// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import static dev.signet.dkim.DkimState.FAIL;
import static dev.signet.dkim.DkimState.NEUTRAL;
import static dev.signet.dkim.DkimState.PASS;
import static dev.signet.dkim.DkimState.PERMERROR;
import static dev.signet.dkim.DkimState.POLICY;
import static dev.signet.dkim.DkimState.TEMPERROR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.keys.SigningKey;
import dev.signet.message.BodyHashes;
import dev.signet.message.Canonicalization;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderCanonicalizer;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
import dev.signet.message.TagList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What is done to DKIM by those who want a pass that is not theirs, or our time. */
class DkimHostileTest {

    private final DkimWorld world = new DkimWorld();
    private final String signed = DkimWorld.sign(DkimWorld.MESSAGE);

    @Test
    void textAppendedUnderAnLTagIsNoCleanPass() {
        String body = DkimWorld.MESSAGE.substring(DkimWorld.MESSAGE.indexOf("\r\n\r\n") + 4);
        // Relaxed: the two double spaces of the body count once each.
        int length = body.replace("  ", " ").length();
        String limited = new LengthSigner(length).sign(DkimWorld.MESSAGE);
        assertThat(world.verifyOne(limited)).extracting(DkimResult::state, DkimResult::reason)
                .containsExactly(PASS, "signature verified");
        assertThat(world.verifyOne(limited + "XY\r\n")).extracting(DkimResult::state, DkimResult::reason)
                .containsExactly(POLICY, "the body has more than was signed (l=): 4 bytes");
        DkimOptions neutral = DkimOptions.DEFAULT.withUnsignedTail(DkimOptions.UnsignedTail.NEUTRAL);
        assertThat(world.verify(limited + "XY\r\n", neutral, Optional.empty()).getFirst().state()).isEqualTo(NEUTRAL);
        DkimOptions lenient = DkimOptions.DEFAULT.withUnsignedTail(DkimOptions.UnsignedTail.PASS);
        assertThat(world.verify(limited + "XY\r\n", lenient, Optional.empty()).getFirst().state()).isEqualTo(PASS);
        assertThat(world.verifyOne(limited.replace("Joe.\r\n", ""))).extracting(DkimResult::state, DkimResult::reason)
                .containsExactly(FAIL, "body hash did not verify: 8 bytes fewer than signed");
        assertThat(world.verifyOne(limited.replace("Hi.", "Ho.") + "X\r\n")).extracting(DkimResult::state, DkimResult::reason)
                .containsExactly(FAIL, "body hash did not verify: 3 bytes more than signed, and the signed part changed");
    }

    @Test
    void anExpiredSignatureIsRefusedBeyondTheClockSkew() {
        String expiring = DkimWorld.sign(
                DkimWorld.MESSAGE, SigningOptions.DEFAULT.withExpireIn(Duration.ofDays(1)), DkimWorld.rsaSigner());
        long expires = DkimWorld.NOW.plus(Duration.ofDays(1)).getEpochSecond();
        assertThat(expiring).contains("x=" + expires);
        assertThat(world.verifyOne(expiring).state()).isEqualTo(PASS);
        long now = DkimWorld.NOW.getEpochSecond();
        assertThat(world.verifyOne(retag(expiring, "x=" + expires, "x=" + (now + 1))).reason()).startsWith("signature did not verify");
        assertThat(world.verifyOne(retag(retag(expiring, "t=" + now, "t=1"), "x=" + expires, "x=" + (now - 301))))
                .extracting(DkimResult::state, DkimResult::reason)
                .containsExactly(POLICY, "the signature expired: it was good until 2026-11-23T11:54:59Z");
    }

    @Test
    void theAgeOfASignatureIsTold() {
        assertThat(world.verifyOne(signed).created()).isEqualTo(DkimWorld.NOW);
        String undated = DkimWorld.sign(DkimWorld.MESSAGE, SigningOptions.DEFAULT.withTimestamp(false), DkimWorld.rsaSigner());
        assertThat(world.verifyOne(undated)).extracting(DkimResult::state, DkimResult::created).containsExactly(PASS, null);
    }

    @Test
    void ofManySignaturesTheFirstTenAreCheckedAndThoseOfTheAuthorDomainBefore() {
        world.dns.txt("rsa._domainkey.other.example", DkimWorld.record(DkimWorld.RSA));
        Signer other = new Signer(DomainName.of("other.example"), "rsa", DkimWorld.RSA);
        Signer[] signers = new Signer[12];
        Arrays.fill(signers, other);
        signers[11] = DkimWorld.rsaSigner();
        String flood = DkimWorld.sign(DkimWorld.MESSAGE, SigningOptions.DEFAULT, signers);
        List<DkimResult> results = world.verify(flood, DkimOptions.DEFAULT, Optional.of(DkimWorld.DOMAIN));
        assertThat(results).hasSize(12);
        assertThat(results.subList(0, 9)).extracting(DkimResult::state).containsOnly(PASS);
        assertThat(results.subList(9, 11)).extracting(DkimResult::state, DkimResult::reason)
                .containsOnly(tuple(NEUTRAL, "not checked: more than 10 signatures"));
        assertThat(results.get(11).state()).isEqualTo(PASS);
    }

    @Test
    void allKeysAreAskedForBeforeTheFirstAnswer() throws Exception {
        String both = DkimWorld.sign(DkimWorld.MESSAGE, SigningOptions.DEFAULT, DkimWorld.rsaSigner(), DkimWorld.edSigner());
        List<String> asked = new ArrayList<>();
        Dns silent = new Dns() {
            @Override
            public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
                asked.add(name.ascii());
                return new CompletableFuture<>();
            }
        };
        HeaderBlock header = HeaderBlock.parse(DkimWorld.in(both).readAllBytes(), both.indexOf("\r\n\r\n"), MessageLimits.DEFAULT);
        new DkimVerifier(DkimOptions.DEFAULT, () -> DkimWorld.NOW).begin(header, Optional.empty(), silent, new BodyHashes());
        assertThat(asked).containsExactlyInAnyOrder("rsa._domainkey.example.com", "ed._domainkey.example.com");
    }

    @Test
    void thousandsOfSignaturesAreBounded() {
        String flood = "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=x; h=from; bh=" + "A".repeat(43) + "=; b=AAAA\r\n";
        List<DkimResult> results = world.verify(flood.repeat(7_000) + DkimWorld.MESSAGE);
        assertThat(results).hasSize(100);
        assertThat(world.dns.asked()).hasSizeLessThanOrEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a=rsa-sha256                | a=rsa-sha1       | PERMERROR | a=rsa-sha1 is no longer secure
            a=rsa-sha256                | a=rsa-md5        | PERMERROR | unknown algorithm: a=rsa-md5
            a=rsa-sha256                | a=ed25519-sha256 | PERMERROR | the key at rsa._domainkey.example.com is not for ed25519-sha256
            v=1                         | v=2              | PERMERROR | v= is not 1
            v=1; a=                     | a=               | PERMERROR | the tag v= is missing
            c=relaxed/relaxed           | c=relaxed/sharp  | PERMERROR | unknown canonicalization: c=relaxed/sharp
            d=example.com               | d=exam ple.com   | PERMERROR | d= is not a domain name: exam ple.com
            d=example.com;              | d=example.com; d=example.net; | PERMERROR | syntax error: the tag d= occurs twice
            d=example.com               | d=nokey.example  | PERMERROR | no key at rsa._domainkey.nokey.example
            s=rsa                       | s=..             | PERMERROR | s= is not a selector: ..
            d=example.com;              | d=example.com; i=@example.net; | PERMERROR | i= is not within d=
            d=example.com;              | d=example.com; q=http; | PERMERROR | unknown query method: q=http
            d=example.com;              | d=example.com; l=-1; | PERMERROR | l= is not a number
            d=example.com;              | d=example.com; x=1; | PERMERROR | x= is not after t=
            d=example.com;              | d=example.com; ;  | PERMERROR | syntax error: an empty tag
            h=From:From:                | h=Fram:Fram:     | PERMERROR | h= does not sign From
            h=From:                     | h=From::         | PERMERROR | h= has an empty name
            """)
    void aBrokenSignatureIsAPermanentErrorWithItsReason(String from, String to, DkimState state, String reason) {
        assertThat(world.verifyOne(retag(signed, from, to))).extracting(DkimResult::state, DkimResult::reason).containsExactly(state, reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            v=DKIM1; p=                | PERMERROR | the key was revoked
            v=DKIM1                    | PERMERROR | the key record has no p=
            v=DKIM2; p=KEY             | PERMERROR | the key record is not a DKIM1 record
            p=KEY; v=DKIM1             | PERMERROR | the key record is not a DKIM1 record
            v=DKIM1; h=sha1; p=KEY     | PERMERROR | the key record does not allow SHA-256
            v=DKIM1; s=tlsrpt; p=KEY   | PERMERROR | the key is not for email
            v=DKIM1; k=dsa; p=KEY      | PERMERROR | the key record holds no RSA key
            v=DKIM1; k=ed25519; p=KEY  | PERMERROR | the key record holds no Ed25519 key
            v=DKIM1; p=!!!             | PERMERROR | the key record's p= is not base64
            v=DKIM1; p=AAAA            | PERMERROR | the key record holds no RSA key
            v=DKIM1; p=1AQABYAY        | PERMERROR | the key record holds no RSA key
            v=DKIM1; p=KEY; p=KEY      | PERMERROR | the key record has a syntax error: the tag p= occurs twice
            p=KEY                      | PASS      | signature verified
            v=DKIM1; s=*; h=sha1:sha256; t=y; n=x; zz=1; p=KEY; | PASS | signature verified
            """)
    void aKeyRecordIsHeldToItsTags(String record, DkimState state, String reason) {
        DkimWorld other = new DkimWorld();
        String key = Base64.getEncoder().encodeToString(DkimWorld.RSA.publicKey());
        other.dns.txt("k._domainkey.example.com", record.replace("KEY", key));
        String message = DkimWorld.sign(
                DkimWorld.MESSAGE, SigningOptions.DEFAULT, new Signer(DkimWorld.DOMAIN, "k", DkimWorld.RSA));
        assertThat(other.verifyOne(message)).extracting(DkimResult::state, DkimResult::reason).containsExactly(state, reason);
    }

    @Test
    void keysUnder1024BitsAreRefusedByPolicy() {
        // 512 bits, made for this test; the signature need not be right, the key is refused before.
        String weak = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+Cq"
                + "vjWYzvQwECAwEAAQ==";
        world.dns.txt("weak._domainkey.example.com", "v=DKIM1; p=" + weak);
        DkimResult result = world.verifyOne(retag(signed, "s=rsa", "s=weak"));
        assertThat(result).extracting(DkimResult::state, DkimResult::reason, DkimResult::keyBits)
                .containsExactly(POLICY, "a key of 512 bits is too weak", 512);
    }

    @Test
    void keysOfMoreThan8192BitsOrWithALongExponentCostNoTime() throws Exception {
        BigInteger three = BigInteger.valueOf(3);
        publish("giant", BigInteger.ONE.shiftLeft(16_383).add(three), three);
        assertThat(world.verifyOne(retag(signed, "s=rsa", "s=giant"))).extracting(DkimResult::state, DkimResult::reason)
                .containsExactly(NEUTRAL, "not checked: a key of 16384 bits");
        publish("slow", BigInteger.ONE.shiftLeft(2_047).add(three), BigInteger.ONE.shiftLeft(2_000).add(BigInteger.ONE));
        assertThat(world.verifyOne(retag(signed, "s=rsa", "s=slow"))).extracting(DkimResult::state, DkimResult::reason)
                .containsExactly(PERMERROR, "the key record holds no RSA key");
    }

    private void publish(String selector, BigInteger modulus, BigInteger exponent) throws GeneralSecurityException {
        byte[] key = KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent)).getEncoded();
        world.dns.txt(selector + "._domainkey.example.com", "v=DKIM1; p=" + Base64.getEncoder().encodeToString(key));
    }

    @Test
    void recordsAndFieldsOverTheirCapsAreNotChecked() {
        world.dns.txt("long._domainkey.example.com", DkimWorld.record(DkimWorld.RSA) + "; n=" + "x".repeat(8_192));
        assertThat(world.verifyOne(retag(signed, "s=rsa", "s=long"))).extracting(DkimResult::state, DkimResult::reason)
                .containsExactly(NEUTRAL, "not checked: the key record is longer than 8 KB");
        assertThat(world.verifyOne(retag(signed, "b=", "b=" + "A".repeat(65_536)))).extracting(DkimResult::state, DkimResult::reason)
                .containsExactly(NEUTRAL, "not checked: the field is longer than 64 KB");
    }

    @ParameterizedTest
    @EnumSource(Canonicalization.class)
    void aLineEndThatIsNotCrlfIsNeverTakenForOne(Canonicalization form) {
        // CVE-2023-51747: whoever mends line ends before he hashes vouches for what he did not receive.
        String message = DkimWorld.sign(DkimWorld.MESSAGE, SigningOptions.DEFAULT.withForms(form, form), DkimWorld.rsaSigner());
        assertThat(world.verifyOne(message).state()).isEqualTo(PASS);
        int body = message.indexOf("\r\n\r\n") + 4;
        for (String lineEnd : List.of("\r", "\n", "\n\r", "\r\r\n")) {
            assertThat(world.verifyOne(message.substring(0, body) + message.substring(body).replace("\r\n", lineEnd)).state()).isEqualTo(FAIL);
            assertThat(world.verifyOne(message.replace("\r\n\r\nWe", "\r\n" + lineEnd + "We")).state()).isEqualTo(FAIL);
            assertThat(world.verifyOne(message.replace("\r\nSubject", lineEnd + "Subject")).state()).isEqualTo(FAIL);
        }
        // What is added behind such an end is a part of the line before it.
        assertThat(world.verifyOne(message.replace("\r\nSubject", "\nSubject: other\r\nSubject")).state()).isEqualTo(FAIL);
    }

    @Test
    void aBareLineEndInPlaceOfCrlfNeverPasses() {
        // CVE-2023-51747: where somebody on the way takes it for a line end, there is another message.
        for (int i = signed.indexOf("\r\n"); i >= 0; i = signed.indexOf("\r\n", i + 1)) {
            for (String lineEnd : List.of("\n", "\r", "\n\r", "\r\r\n")) {
                String changed = signed.substring(0, i) + lineEnd + signed.substring(i + 2);
                assertThat(world.verify(changed)).as("%s at %d", lineEnd, i).extracting(DkimResult::state).doesNotContain(PASS);
            }
        }
    }

    @Test
    void theLowestKeySizeIsConfigurable() {
        DkimOptions strict = DkimOptions.DEFAULT.withMinRsaBits(4096);
        assertThat(world.verify(signed, strict, Optional.empty()).getFirst().state()).isEqualTo(POLICY);
    }

    @Test
    void aStrictKeyForbidsIdentitiesBelowTheDomain() {
        world.dns.txt("strict._domainkey.example.com", DkimWorld.record(DkimWorld.RSA) + "; t=s");
        Signer signer = new Signer(DkimWorld.DOMAIN, "strict", DkimWorld.RSA);
        String below = DkimWorld.sign(DkimWorld.MESSAGE, SigningOptions.DEFAULT.withIdentity("@sub.example.com"), signer);
        assertThat(world.verifyOne(below).state()).isEqualTo(PERMERROR);
        String equal = DkimWorld.sign(DkimWorld.MESSAGE, SigningOptions.DEFAULT.withIdentity("a@example.com"), signer);
        assertThat(world.verifyOne(equal).state()).isEqualTo(PASS);
    }

    @Test
    void ofSeveralRecordsAtOneNameExactlyOneMustBeAKey() {
        world.dns.txt("rsa._domainkey.example.com", "unrelated");
        assertThat(world.verifyOne(signed).state()).isEqualTo(PASS);
        SigningKey second = DkimWorld.generate("RSA", 1024);
        world.dns.txt("rsa._domainkey.example.com", DkimWorld.record(second));
        assertThat(world.verifyOne(signed)).extracting(DkimResult::state, DkimResult::reason)
                .containsExactly(PERMERROR, "several keys at one name");
    }

    @Test
    void aNameServerThatFailsIsATemporaryError() {
        world.dns.failing("rsa._domainkey.example.com", RecordType.TXT, "SERVFAIL");
        assertThat(world.verifyOne(signed)).extracting(DkimResult::state, DkimResult::reason)
                .containsExactly(TEMPERROR, "no answer for the key at rsa._domainkey.example.com: SERVFAIL");
    }

    @Test
    void theSameQueryMethodNamedOftenAsksOnce() {
        world.verifyOne(retag(signed, "d=example.com;", "d=example.com; q=" + "dns/txt:".repeat(50) + "dns/txt;"));
        assertThat(world.dns.asked()).containsExactly("TXT rsa._domainkey.example.com");
    }

    @Test
    void onlyTheBTagItselfIsTakenOutBeforeHashing() {
        // "b=" inside other tags' values and a "b" with space around it must not confuse anybody.
        SigningOptions options = SigningOptions.DEFAULT.withIdentity("b=b@example.com");
        String message = DkimWorld.sign(DkimWorld.MESSAGE, options, DkimWorld.rsaSigner());
        assertThat(message).contains("i=b=b@example.com");
        assertThat(world.verifyOne(message).state()).isEqualTo(PASS);
        assertThat(world.verifyOne(message.replace("\r\n b=", "\r\n b = ")).state()).isEqualTo(FAIL);
    }

    @Test
    void simpleHeaderFormKeepsTheCaseAndSpacingOfNames() {
        SigningOptions simple = SigningOptions.DEFAULT.withForms(Canonicalization.SIMPLE, Canonicalization.SIMPLE);
        String message = DkimWorld.sign(DkimWorld.MESSAGE.replace("Subject:", "sUbJeCt :"), simple, DkimWorld.rsaSigner());
        assertThat(world.verifyOne(message).state()).isEqualTo(PASS);
        assertThat(world.verifyOne(message.replace("sUbJeCt :", "Subject:")).state()).isEqualTo(FAIL);
        assertThat(world.verifyOne(message.replace("DKIM-Signature:", "dkim-signature:")).state()).isEqualTo(FAIL);
    }

    @Test
    void eightBitHeaderBytesAreSignedAsTheyAre() {
        String message = DkimWorld.sign(DkimWorld.MESSAGE.replace("Is dinner", "caf\u00c3\u00a9 \u00e9"));
        assertThat(world.verifyOne(message).state()).isEqualTo(PASS);
        assertThat(world.verifyOne(message.replace("\u00c3\u00a9", "??")).state()).isEqualTo(FAIL);
    }

    @Test
    void controlCharactersOfAStrangerNeverReachAReason() {
        String odd = retag(signed, "a=rsa-sha256", "a=x\u0001\u001b[31m\r\n y");
        assertThat(world.verifyOne(odd).reason()).matches("[ -~]*");
        assertThat(world.verifyOne(odd).algorithm()).doesNotContain("\u001b").doesNotContain("\n");
    }

    @Test
    void anUnsignedMessageHasNoResults() {
        assertThat(world.verify(DkimWorld.MESSAGE)).isEmpty();
    }

    /** Changes the signature's own field only. */
    private static String retag(String message, String from, String to) {
        int end = message.indexOf("From: Alice");
        String field = message.substring(0, end);
        if (!field.contains(from)) {
            throw new AssertionError("not in the field: " + from);
        }
        return field.replace(from, to) + message.substring(end);
    }

    /** Signs with an l= tag, which Signet itself never writes. */
    private record LengthSigner(long length) {
        String sign(String message) {
            String plain = DkimWorld.sign(message, SigningOptions.DEFAULT.withTimestamp(false), DkimWorld.rsaSigner());
            int end = plain.indexOf("From: Alice");
            String body = plain.substring("DKIM-Signature:".length(), end - 2).replace("; s=rsa;", "; s=rsa; l=" + length + ";");
            String unsigned = body.substring(0, body.indexOf("\r\n b=") + "\r\n b=".length());
            var header = HeaderBlock.parse(
                    DkimWorld.in(message).readAllBytes(), message.indexOf("\r\n\r\n"), MessageLimits.DEFAULT);
            var canonical = new HeaderCanonicalizer(Canonicalization.RELAXED, 512);
            header.select(SignedHeaders.DEFAULT.names(header)).forEach(canonical::add);
            var field = HeaderField.of("DKIM-Signature", unsigned);
            var tags = ((TagList.Parse.Sound) TagList.parse(unsigned)).tags();
            byte[] data = canonical.addSignature(field, tags).toByteArray();
            return field + Base64.getEncoder().encodeToString(DkimWorld.RSA.sign(data, 0, data.length)) + "\r\n" + message;
        }
    }
}
