// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.authres.AuthenticationResults;
import dev.signet.dns.DomainName;
import dev.signet.fuzz.CarelessReaders;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Expect;
import dev.signet.fuzz.Words;
import dev.signet.message.AuthorDomain;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** However From is written: who shows the victim's domain to somebody meets the victim's policy. */
class AuthorPolicyFuzzTest {

    private static final DomainName VICTIM = DomainName.of("victim.test");
    private static final Identifiers SIGNED_BY_VICTIM = new Identifiers(Optional.empty(), List.of(VICTIM), Optional.empty(), List.of());
    private static final Identifiers SIGNED_BY_FORGER =
            new Identifiers(Optional.of(DomainName.of("forger.test")), List.of(DomainName.of("forger.test")), Optional.empty(), List.of());
    private static final DmarcChecker CHECKER =
            new DmarcChecker(DmarcDiscovery.treeWalk(), LocalPolicy.NONE, Sampler.withoutLots(), AuthorHandling.STRICTEST);

    static Stream<byte[]> fromFields() {
        return Corpus.of(
                AuthorPolicyFuzzTest.class, "fromFields", " a@victim.test", " \"a@victim.test\" <c@forger.test>", " a@forger.test, b@victim.test", " g: a@forger.test, <b@victim.test>;",
                " a@forger.test\r\nFrom: b@victim.test", " a@sub.victim.test", " <@forger.test:a@victim.test>", " a@forger.test\rFrom: a@victim.test");
    }

    @Words({"\r\nFrom:", "@victim.test", "@forger.test", "sub.", "=?utf-8?q?", "?=", "\r\n ", "\"", "\\", "(", ")", "<", ">", ":", ";", ","})
    @MethodSource
    @FuzzTest
    void fromFields(byte[] bytes) {
        byte[] block = ("From:" + new String(bytes, StandardCharsets.ISO_8859_1) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        HeaderBlock header = HeaderBlock.parse(block, block.length, MessageLimits.DEFAULT);
        AuthorDomain author = AuthorDomain.of(header);
        DmarcResult forged = check(author, header, SIGNED_BY_FORGER);
        if (header.all("From").stream().map(HeaderField::body).anyMatch(body -> CarelessReaders.libraries(body).contains(VICTIM))) {
            Expect.that(forged.disposition() == Disposition.REJECT, () -> author + ": " + forged);
        }
        DmarcResult honest = check(author, header, SIGNED_BY_VICTIM);
        if (honest.status() == DmarcResult.Status.PASS) {
            assertThat(author).isInstanceOfSatisfying(AuthorDomain.One.class, one -> assertThat(one.domain().isAtOrBelow(VICTIM)).isTrue());
        }
        for (DmarcResult result : List.of(forged, honest)) {
            AuthenticationResults written = AuthenticationResults.of("mx.example.net", List.of(result.methodResult()));
            Expect.that(AuthenticationResults.parse(written.toField().body()) instanceof AuthenticationResults.Parse.Sound, () -> result);
        }
    }

    private static DmarcResult check(AuthorDomain author, HeaderBlock header, Identifiers identifiers) {
        FakeDns dns = new FakeDns().txt("_dmarc.victim.test", "v=DMARC1; p=reject").txt("_dmarc.forger.test", "v=DMARC1; p=none");
        Discovered discovered = CHECKER.discover(author, List.of(), dns).join();
        return CHECKER.evaluate(discovered, identifiers, MessageFacts.of(header, "x@forger.test", Optional.empty()), dns).join();
    }
}
