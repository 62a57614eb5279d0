// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.dns.DomainName;
import dev.signet.fuzz.CarelessReaders;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Drip;
import dev.signet.fuzz.Expect;
import dev.signet.fuzz.Words;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Nobody sees an author in a From field whom we do not know of. */
class AuthorDomainFuzzTest {

    static Stream<byte[]> fromFields() {
        return Corpus.of(
                AuthorDomainFuzzTest.class, "fromFields", "a@x.test", "\"a@b.test\" <c@d.test>", "g: a@x.test, <b@y.test>;", "a@x.test\r\nFrom: b@y.test",
                "(c)a@(c)x.test", "<@r.test:a@x.test>", "=?utf-8?q?a=40b.test?= <c@d.test>", "a b <c@d.test", "\"a\\\"b\"@x.test (c)", "a@\u00c3\u00bc.test");
    }

    @Words({"\r\nFrom:", "@x.test", "@y.test", "=?utf-8?q?", "?=", "\r\n ", "\"", "\\", "(", ")", "<", ">", ":", ";", ","})
    @MethodSource
    @FuzzTest
    void fromFields(byte[] bytes) {
        String body = new String(bytes, StandardCharsets.ISO_8859_1);
        HeaderBlock header = header("From:" + body + "\r\n\r\n");
        AuthorDomain author = AuthorDomain.of(header);
        List<String> bodies = header.all("From").stream().map(HeaderField::body).toList();
        switch (author) {
            case AuthorDomain.One(DomainName domain, String address) -> {
                assertThat(bodies).hasSize(1);
                assertThat(CarelessReaders.libraries(bodies.getFirst())).as("%s", author).isSubsetOf(domain);
                // The address itself is one that reads the same.
                assertThat(AuthorDomain.of(header("From: " + address + "\r\n\r\n"))).isEqualTo(author);
            }
            case AuthorDomain.None none -> bodies.forEach(from -> assertThat(CarelessReaders.libraries(from)).as("%s", none).isEmpty());
            case AuthorDomain.Several(List<DomainName> domains, boolean complete, String reason) -> assertComplete(domains, complete, reason, bodies);
            case AuthorDomain.Unparsable(String reason, List<DomainName> candidates, boolean complete) ->
                assertComplete(candidates, complete, reason, bodies);
            case AuthorDomain.Unread unread -> assertThat(header.overLimit()).contains(unread.reason());
        }
    }

    private static void assertComplete(List<DomainName> domains, boolean complete, String reason, List<String> bodies) {
        assertThat(domains).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(CandidateDomains.MAX);
        Expect.presentable(reason, 200);
        if (complete && domains.size() < CandidateDomains.MAX) {
            for (String body : bodies) {
                assertThat(domains).as(reason).containsAll(CarelessReaders.libraries(body));
                // Who does not even parse sees whatever is written; where we could parse, it is one of several authors, or a name.
                if (MailboxList.parse(body) instanceof MailboxList.Parse.Malformed) {
                    assertThat(domains).as(reason).containsAll(CarelessReaders.scripts(body));
                }
            }
        }
    }

    private static HeaderBlock header(String text) {
        try {
            return MessageReader.open(new Drip(text.getBytes(StandardCharsets.ISO_8859_1), 7), MessageLimits.DEFAULT).header();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
