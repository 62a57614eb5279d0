// SPDX-License-Identifier: Apache-2.0
package dev.signet.srs;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Expect;
import dev.signet.fuzz.Words;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

class SrsFuzzTest {

    // Whole hashes: the fuzzer watches comparisons, and would find four characters.
    private static final Srs SRS =
            new Srs(() -> new SrsSecrets(List.of("a secret of some length")), new SrsOptions(21, 27), InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z")));

    static Stream<byte[]> addresses() {
        return Corpus.of(
                SrsFuzzTest.class, "addresses", "a@x.test", "SRS0=AAAA=BB=x.test=a@y.test", "SRS1=AAAA=y.test==BB=CC=x.test=a@z.test", "\"a b\"@x.test", "SRS0+a-b=@x.test", "@x.test", "a=b=c@x.test");
    }

    @Words({"SRS0=", "SRS1=", "srs0+", "==", "@x.test", "=x.test=", "\""})
    @MethodSource
    @FuzzTest
    void addresses(byte[] bytes) {
        String address = new String(bytes, StandardCharsets.UTF_8);
        String local = address.substring(0, Math.max(0, address.lastIndexOf('@')));
        assertThat(SRS.reverse(local)).as("made up").isNotInstanceOf(SrsReverse.Original.class);
        switch (SRS.forward(address, "forwarder.test")) {
            case SrsForward.Unchanged unchanged -> Expect.presentable(unchanged.reason(), 200);
            case SrsForward.Rewritten(String rewritten) -> {
                assertThat(rewritten.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(254);
                assertThat(rewritten).endsWith("@forwarder.test");
                String ours = rewritten.substring(0, rewritten.length() - "@forwarder.test".length());
                SrsReverse back = SRS.reverse(ours);
                assertThat(back).as(rewritten).isInstanceOf(SrsReverse.Original.class);
                String original = ((SrsReverse.Original) back).address();
                // An address that was rewritten before goes back to the first forwarder, every other to its author.
                boolean first = ours.replace("\"", "").toUpperCase(Locale.ROOT).startsWith("SRS0");
                assertThat(!first || original.equals(address)).as("%s came back as %s", address, original).isTrue();
            }
        }
    }
}
