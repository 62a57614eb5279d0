// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.authres.PropertyType;
import dev.signet.dkim.Signer;
import dev.signet.dns.RecordType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;

class ArcSealerTest {

    private final ArcWorld world = new ArcWorld();
    private final Signer list = world.sealer("list.example");

    @Test
    void aSetHasItsFieldsInOrderWithTheirTags() {
        AuthenticationResults results = AuthenticationResults.of("mx.list.example", List.of(
                MethodResult.of("spf", "pass").withProperty(PropertyType.SMTP, "mailfrom", "alice@author.example"),
                MethodResult.of("arc", "none")));
        ArcSealer.Result result = ArcWorld.trySealing(ArcWorld.MESSAGE, ArcState.NONE, results, list);
        assertThat(result).isInstanceOf(ArcSealer.Result.Sealed.class);
        List<String> fields = ((ArcSealer.Result.Sealed) result).fields().stream()
                .map(field -> field.toString().replaceAll("\r\n\\s+", " ").replaceAll(" b=[^;]+;", " b=...;").replaceAll(" bh=[^;]+;", " bh=...;"))
                .toList();
        assertThat(fields).containsExactly(
                "ARC-Seal: i=1; a=rsa-sha256; b=...; cv=none; d=list.example; s=arc; t=1795435200",
                "ARC-Message-Signature: i=1; a=rsa-sha256; b=...; bh=...; c=relaxed/relaxed; d=list.example; "
                        + "h=From:From:To:To:Cc:Subject:Subject:Date:Date:Reply-To:Message-ID: Message-ID:MIME-Version:Content-Type:"
                        + "Content-Transfer-Encoding: Content-Disposition:Content-ID:Content-Description; s=arc; t=1795435200",
                "ARC-Authentication-Results: i=1; mx.list.example; spf=pass smtp.mailfrom=alice@author.example; arc=none");
    }

    @Test
    void linesStayShort() {
        String sealed = world.sealedBy(ArcWorld.MESSAGE, "a-domain-with-a-rather-long-name-of-many-characters.list.example");
        assertThat(sealed.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(78));
    }

    @Test
    void listFieldsAndDkimSignaturesAreCoveredAndResultsAreNot() {
        String message = "List-Id: <l.list.example>\r\nList-Post: <mailto:l@list.example>\r\nDKIM-Signature: v=1; a=x\r\n"
                + "Authentication-Results: mx.list.example; none\r\nReceived: by x\r\n" + ArcWorld.MESSAGE;
        String sealed = world.seal(world.sealedBy(message, "one.example"), list);
        assertThat(ArcFields.field(sealed, ArcFields.MESSAGE, 2)).contains("List-Id", "List-Post", "DKIM-Signature")
                .doesNotContainIgnoringCase("Authentication-Results").doesNotContainIgnoringCase("ARC-Seal").doesNotContain("Received");
        for (String covered : List.of("From: Alice", "Subject: Is", "Date: Mon", "List-Id: <l", "List-Post: <m", "DKIM-Signature: v=1")) {
            assertThat(world.validate(sealed.replace(covered, covered + "x")).state()).as(covered).isEqualTo(ArcState.FAIL);
        }
        for (String added : List.of("From", "Subject", "Reply-To", "Content-Type")) {
            assertThat(world.validate(added + ": added\r\n" + sealed).state()).as(added).isEqualTo(ArcState.FAIL);
        }
        assertThat(world.validate(sealed.replace("mx.list.example; none", "forged.example; none")).state()).isEqualTo(ArcState.PASS);
    }

    @Test
    void theSignatureIsOverTheBytesAsTheyLeave() {
        String changed = world.sealedBy(ArcWorld.MESSAGE, "one.example").replace("Hi.\r\n", "Hi.\r\n") + "-- \r\nlist footer\r\n";
        String sealed = world.seal(changed, ArcState.PASS, list);
        assertThat(world.validate(sealed)).extracting(ArcResult::state, ArcResult::oldestPass).containsExactly(ArcState.PASS, 2);
        assertThat(sealed).endsWith(changed);
    }

    @Test
    void aFailedChainIsSealedOnceCoveringItsOwnSet() {
        String broken = ArcFields.change(
                world.sealedBy(ArcWorld.MESSAGE, "one.example", "two.example"), ArcFields.RESULTS, 1, f -> f.replace("spf=pass", "spf=fail"));
        String sealed = world.seal(broken, list);
        assertThat(ArcFields.field(sealed, ArcFields.SEAL, 3)).contains("cv=fail");
        assertThat(world.validate(sealed)).isEqualTo(ArcResult.fail(3, "ARC-Seal of instance 3 says cv=fail"));
        // "As if this newest ARC Set was the only set present": whatever becomes of the others, the seal is the same.
        String fewer = ArcFields.remove(broken, ArcFields.MESSAGE, 1);
        assertThat(ArcFields.field(world.seal(fewer, list), ArcFields.SEAL, 3)).isEqualTo(ArcFields.field(sealed, ArcFields.SEAL, 3));
        // Nothing is added to it any more.
        assertNotSealed(sealed, ArcState.FAIL, "the chain is sealed as failed");
        assertNotSealed(ArcFields.remove(sealed, ArcFields.MESSAGE, 3), ArcState.FAIL, "the chain is sealed as failed");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ARC-Seal                   | 2 | 3
            ARC-Message-Signature      | 1 | 3
            ARC-Authentication-Results | 2 | 3
            """)
    void aMalformedChainIsSealedAsFailedBehindItsHighestInstance(String name, int instance, int next) {
        String malformed = ArcFields.remove(world.sealedBy(ArcWorld.MESSAGE, "one.example", "two.example"), name, instance);
        assertThat(ArcFields.field(world.seal(malformed, list), ArcFields.SEAL, next)).contains("cv=fail");
    }

    @Test
    void instance50IsNotPassed() {
        String[] sealers = Collections.nCopies(50, "list.example").toArray(String[]::new);
        String full = world.sealedBy(ArcWorld.MESSAGE, sealers);
        assertNotSealed(full, ArcState.PASS, "the chain has 50 sets already");
        assertNotSealed(full, ArcState.FAIL, "the chain has 50 sets already");
    }

    @Test
    void nothingIsSealedOnATemporaryState() {
        String chain = world.sealedBy(ArcWorld.MESSAGE, "one.example");
        world.dns.failing("arc._domainkey.one.example", RecordType.TXT, "SERVFAIL");
        ArcState arrived = world.validate(chain).state();
        assertThat(arrived).isEqualTo(ArcState.TEMPERROR);
        assertNotSealed(chain, arrived, "the chain could not be validated when the message came in");
        assertNotSealed(ArcWorld.MESSAGE, arrived, "the chain could not be validated when the message came in");
    }

    @Test
    void aChainThatIsNotTheOneThatArrivedIsLeftAlone() {
        String chain = world.sealedBy(ArcWorld.MESSAGE, "one.example");
        assertNotSealed(chain, ArcState.NONE, "the message has a chain that it did not come with");
        assertNotSealed(ArcWorld.MESSAGE, ArcState.PASS, "the chain that the message came with is gone");
        assertNotSealed(ArcFields.remove(chain, ArcFields.SEAL, 1), ArcState.PASS,
                "the chain broke after the message had come in: no ARC-Seal of instance 1");
    }

    @Test
    void aMessageThatNobodyCouldReadIsNotSealed() {
        assertNotSealed("To: x@example.net\r\n\r\n", ArcState.NONE, "the message has no From");
        assertNotSealed("X: y\r\n".repeat(10_001) + ArcWorld.MESSAGE, ArcState.NONE, "more than 10000 header fields");
    }

    @Test
    void namedHeadersAreCoveredAsTheyAreNamed() throws IOException {
        ArcSealer sealer = new ArcSealer(
                new SealedHeaders.Exactly(List.of("mime-version", "date", "from", "to", "subject")), InstantSource.fixed(ArcWorld.NOW));
        ArcSealer.Result result = sealer.seal(
                new ByteArrayInputStream(ArcWorld.MESSAGE.getBytes(StandardCharsets.ISO_8859_1)), ArcState.NONE, ArcWorld.results(list), list);
        String sealed = ArcWorld.prepend(((ArcSealer.Result.Sealed) result).fields(), ArcWorld.MESSAGE);
        assertThat(sealed).contains("h=mime-version:date:from:to:subject;");
        assertThat(world.validate(sealed).state()).isEqualTo(ArcState.PASS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            from,ARC-Seal               | headers: found ARC-Seal, which an ARC-Message-Signature must not cover (RFC 8617 §4.1.2)
            from,Authentication-Results | headers: found Authentication-Results, which an ARC-Message-Signature must not cover (RFC 8617 §4.1.2)
            to,subject                  | headers: found to:subject, expected From among them
            from,sub ject               | headers: found 'sub ject', expected the name of a header field
            """)
    void headersThatMustNotBeCoveredAreAMistake(String names, String problem) {
        assertThatThrownBy(() -> new SealedHeaders.Exactly(List.of(names.split(","))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(problem);
    }

    private void assertNotSealed(String message, ArcState arrived, String reason) {
        assertThat(ArcWorld.trySealing(message, arrived, ArcWorld.results(list), list)).isEqualTo(new ArcSealer.Result.NotSealed(reason));
    }
}
