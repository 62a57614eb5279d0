// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.dkim.DkimOptions;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Drip;
import dev.signet.fuzz.Expect;
import dev.signet.fuzz.Words;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
import dev.signet.message.MessageReader;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

class ArcChainFuzzTest {

    private static String set(int instance, String cv) {
        return ("ARC-Seal: i=N; a=rsa-sha256; t=1; cv=" + cv + "; d=x.test; s=s; b=AAAA\r\n"
                + "ARC-Message-Signature: i=N; a=rsa-sha256; c=relaxed/relaxed; d=x.test; s=s; h=from; bh=" + "A".repeat(43) + "=; b=AAAA\r\n"
                + "ARC-Authentication-Results: i=N; mx.x.test; spf=pass\r\n").replace("N", Integer.toString(instance));
    }

    static Stream<byte[]> headers() {
        return Corpus.of(ArcChainFuzzTest.class, "headers", set(1, "none"), set(2, "pass") + set(1, "none"), set(1, "fail"), set(3, "pass") + set(1, "none"));
    }

    @Words({"ARC-Seal: ", "ARC-Message-Signature: ", "ARC-Authentication-Results: ", "i=1;", "i=2;", "cv=none", "cv=pass", "cv=fail", "\r\n", "h=arc-seal", "d=x.test", "s=s"})
    @MethodSource
    @FuzzTest
    void headers(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        HeaderBlock header = header(text);
        ArcChain.Parse parse = ArcChain.of(header);
        switch (parse) {
            case ArcChain.Parse.None none -> assertThat(header.fields()).noneMatch(field -> field.nameIs("ARC-Seal"));
            case ArcChain.Parse.Broken broken -> {
                Expect.withoutControls(broken.reason());
                assertThat(broken.highest()).isBetween(0, 50);
            }
            case ArcChain.Parse.Sound(ArcChain chain) -> {
                assertThat(chain.size()).isBetween(1, 50).isEqualTo(chain.sealers().size());
                assertThat(chain.newest().instance()).isEqualTo(chain.size());
                assertThat(header.fields().stream().map(HeaderField::name).filter("arc-seal"::equalsIgnoreCase)).hasSize(chain.size());
            }
        }
        FakeDns dns = new FakeDns();
        ArcResult result = ArcWorld.validate(text + "\r\n\r\nbody\r\n", dns, DkimOptions.DEFAULT);
        boolean sound = parse instanceof ArcChain.Parse.Sound;
        assertThat(result.state()).isNotEqualTo(ArcState.PASS);
        // Without a sound structure nobody is asked for a key.
        assertThat(dns.asked().size()).isLessThanOrEqualTo(sound ? ArcValidator.MAX_QUERIES : 0);
    }

    private static HeaderBlock header(String text) {
        try {
            return MessageReader.open(new Drip((text + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1), 1000), MessageLimits.DEFAULT).header();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
