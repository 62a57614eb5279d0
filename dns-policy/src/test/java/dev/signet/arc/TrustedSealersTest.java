// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.authres.PropertyType;
import dev.signet.dkim.DkimOptions;
import dev.signet.dkim.Signer;
import dev.signet.dmarc.OverrideReason;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.message.Canonicalization;
import dev.signet.message.HeaderCanonicalizer;
import dev.signet.message.HeaderField;
import dev.signet.message.TagList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

class TrustedSealersTest {

    private final ArcWorld world = new ArcWorld();

    @ParameterizedTest
    @CsvSource({
        "list.example,        true",
        "sub.list.example,    false",
        "forward.example,     false",
        "a.forward.example,   true",
        "a.b.forward.example, true",
        "xforward.example,    false",
        "xn--mnchen-3ya.example, true",
        "comment.example,     false",
    })
    void aListNamesDomainsAndAllBelowOthers(String sealer, boolean trusted) {
        TrustedSealers sealers = TrustedSealers.of(
                List.of("# ours", "", " List.Example  # the list", "*.forward.example", "m\u00fcnchen.example", "#comment.example"));
        assertThat(sealers.include(DomainName.of(sealer))).isEqualTo(trusted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "*.", "a.*.example", "a b.example", "@list.example"})
    void aLineThatIsNoDomainIsAMistake(String line) {
        assertThatThrownBy(() -> TrustedSealers.of(List.of("list.example", line)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("line 2: found " + line + ", expected example.com or *.example.com");
    }

    @Test
    void aListMayLieInAFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("sealers"), "# trusted\n*.list.example\n");
        assertThat(TrustedSealers.read(file).include(DomainName.of("a.list.example"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            good1.example good2.example                             | good1
            good1.example good2.example good3.example               | good1
            evil1.example good2.example                             | good2
            evil1.example good2.example good3.example               | good2
            good1.example evil2.example good3.example               | good3
            good1.example good2.example evil3.example               | nobody
            good1.example evil2.example                             | nobody
            evil1.example                                           | nobody
            """)
    void theOldestOfTheNewestRunOfTrustedSealersIsBelieved(String sealers, String believed) {
        TrustedSealers trusted = TrustedSealers.of(List.of("good1.example", "good2.example", "good3.example"));
        String message = ArcWorld.MESSAGE;
        for (String domain : sealers.split(" ", -1)) {
            Signer sealer = world.sealer(domain);
            message = world.seal(message, world.validate(message).state(), spfPass("x@by-" + domain), sealer);
        }
        Optional<DomainName> spf = testimony(trusted, message).flatMap(testimony -> testimony.identifiers().spf());
        assertThat(spf).isEqualTo(believed.equals("nobody") ? Optional.empty() : DomainName.parse("by-" + believed + ".example"));
    }

    @Test
    void identifiersAreThoseThatPassed() {
        AuthenticationResults results = AuthenticationResults.of("mx.list.example", List.of(
                MethodResult.of("spf", "pass").withProperty(PropertyType.SMTP, "helo", "helo.example"),
                MethodResult.of("spf", "pass").withProperty(PropertyType.SMTP, "mailfrom", "a@envelope.example"),
                MethodResult.of("dkim", "pass").withProperty(PropertyType.HEADER, "d", "one.example")
                        .withProperty(PropertyType.HEADER, "i", "@sub.one.example"),
                MethodResult.of("dkim", "fail").withProperty(PropertyType.HEADER, "d", "broken.example"),
                MethodResult.of("dkim", "pass").withProperty(PropertyType.HEADER, "i", "@two.example"),
                MethodResult.of("dmarc", "pass").withProperty(PropertyType.HEADER, "from", "three.example")));
        Testimony testimony = testimony(TrustedSealers.of(List.of("list.example")), sealedByList(results)).orElseThrow();
        assertThat(testimony.identifiers().spf()).contains(DomainName.of("envelope.example"));
        assertThat(testimony.identifiers().dkim()).extracting(DomainName::ascii).containsExactly("one.example", "two.example");
        assertThat(testimony.identifiers().spfTempError()).isEmpty();
    }

    @Test
    void whatDidNotPassIsNoIdentifier() {
        AuthenticationResults results = AuthenticationResults.of("mx.list.example", List.of(
                MethodResult.of("spf", "softfail").withProperty(PropertyType.SMTP, "mailfrom", "a@envelope.example"),
                MethodResult.of("spf", "pass").withProperty(PropertyType.SMTP, "helo", "helo.example")));
        Testimony testimony = testimony(TrustedSealers.of(List.of("list.example")), sealedByList(results)).orElseThrow();
        assertThat(testimony.identifiers().spf()).isEmpty();
        assertThat(testimony.identifiers().dkim()).isEmpty();
    }

    @Test
    void theReasonTellsTheChain() {
        AuthenticationResults first = AuthenticationResults.of("mx.one.example", List.of(
                MethodResult.of("arc", "none").withProperty(PropertyType.SMTP, "remote-ip", "2001:db8::1A")));
        String message = world.seal(ArcWorld.MESSAGE, ArcState.NONE, first, world.sealer("one.example"));
        message = world.sealedBy(message, "list.example");
        Testimony testimony = testimony(TrustedSealers.of(List.of("list.example")), message).orElseThrow();
        assertThat(testimony.reason()).isEqualTo(new OverrideReason(OverrideReason.Type.LOCAL_POLICY,
                "arc=pass as[2].d=list.example as[2].s=arc as[1].d=one.example as[1].s=arc remote-ip[1]=2001:db8:0:0:0:0:0:1a"));
    }

    @Test
    void theReasonOfALongChainIsCut() {
        String[] sealers = new String[30];
        for (int i = 0; i < 30; i++) {
            sealers[i] = "a-sealer-with-quite-a-name-" + i + ".list.example";
        }
        Testimony testimony =
                testimony(TrustedSealers.of(List.of("*.list.example")), world.sealedBy(ArcWorld.MESSAGE, sealers)).orElseThrow();
        assertThat(testimony.reason().comment()).startsWith("arc=pass as[30].d=").endsWith(" ...").hasSizeLessThan(1_000);
    }

    @Test
    void aChainThatDidNotPassSaysNothing() {
        TrustedSealers trusted = TrustedSealers.of(List.of("one.example", "two.example"));
        String chain = world.sealedBy(ArcWorld.MESSAGE, "one.example", "two.example");
        assertThat(testimony(trusted, chain)).isPresent();
        assertThat(testimony(trusted, ArcWorld.MESSAGE)).isEmpty();
        assertThat(testimony(trusted, chain.replace("Hi.", "Ho."))).isEmpty();
        assertThat(testimony(TrustedSealers.NONE, chain)).isEmpty();
        world.dns.failing("arc._domainkey.one.example", RecordType.TXT, "SERVFAIL");
        assertThat(testimony(trusted, chain)).isEmpty();
    }

    @Test
    void whatCannotBeReadSaysNothing() {
        TrustedSealers trusted = TrustedSealers.of(List.of("list.example"));
        String odd = sealedByHand("i=1; list.example; spf=pass (", "From:Subject");
        assertThat(world.validate(odd).state()).isEqualTo(ArcState.PASS);
        assertThat(testimony(trusted, odd)).isEmpty();
    }

    @Test
    void aSealThatLeavesTheAuthorOpenSaysNothing() {
        TrustedSealers trusted = TrustedSealers.of(List.of("list.example"));
        String testified = "i=1; list.example; spf=pass smtp.mailfrom=alice@author.example";
        assertThat(testimony(trusted, sealedByHand(testified, "Subject:from"))).isPresent();
        String open = sealedByHand(testified, "Subject:Date");
        assertThat(world.validate(open.replace("From: Alice <alice@", "From: Eve <eve@")).state()).isEqualTo(ArcState.PASS);
        assertThat(testimony(trusted, open)).isEmpty();
    }

    private Optional<Testimony> testimony(TrustedSealers trusted, String message) {
        return trusted.testimony(ArcWorld.check(message, world.dns, DkimOptions.DEFAULT));
    }

    private String sealedByList(AuthenticationResults results) {
        return world.seal(ArcWorld.MESSAGE, ArcState.NONE, results, world.sealer("list.example"));
    }

    private static AuthenticationResults spfPass(String mailFrom) {
        return AuthenticationResults.of("mx.example", List.of(
                MethodResult.of("spf", "pass").withProperty(PropertyType.SMTP, "mailfrom", mailFrom)));
    }

    /** A first set that our sealer would not make. */
    private String sealedByHand(String results, String covered) {
        Signer list = world.sealer("list.example");
        String bodyHash = ArcFields.field(world.sealedBy(ArcWorld.MESSAGE, "list.example"), ArcFields.MESSAGE, 1)
                .replaceFirst("(?s).* bh=([^;]+);.*", "$1");
        HeaderCanonicalizer message = new HeaderCanonicalizer(Canonicalization.RELAXED, 1024);
        for (String name : covered.split(":", -1)) {
            String line = ArcWorld.MESSAGE.replaceFirst("(?is).*(" + name + ": [^\r]*)\r\n.*", "$1");
            message.add(HeaderField.of(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1)));
        }
        HeaderField testimony = HeaderField.of(ArcFields.RESULTS, " " + results);
        HeaderField signature = signed(message, ArcFields.MESSAGE, list,
                " i=1; a=rsa-sha256; d=list.example; s=arc; h=" + covered + "; bh=" + bodyHash + "; b=");
        HeaderField seal = signed(new HeaderCanonicalizer(Canonicalization.RELAXED, 1024).add(testimony).add(signature), ArcFields.SEAL, list,
                " i=1; a=rsa-sha256; cv=none; d=list.example; s=arc; b=");
        return ArcWorld.prepend(List.of(seal, signature, testimony), ArcWorld.MESSAGE);
    }

    private static HeaderField signed(HeaderCanonicalizer signed, String name, Signer signer, String tags) {
        signed.addSignature(HeaderField.of(name, tags), ((TagList.Parse.Sound) TagList.parse(tags)).tags());
        byte[] data = signed.toByteArray();
        return HeaderField.of(name, tags + Base64.getEncoder().encodeToString(signer.key().sign(data, 0, data.length)));
    }
}
