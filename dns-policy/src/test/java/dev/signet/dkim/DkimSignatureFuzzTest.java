// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.authres.AuthenticationResults;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Expect;
import dev.signet.fuzz.Words;
import dev.signet.message.Canonicalization;
import dev.signet.message.HeaderCanonicalizer;
import dev.signet.message.HeaderField;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

class DkimSignatureFuzzTest {

    private static final String SOUND = " v=1; a=rsa-sha256; c=relaxed/simple; d=x.test; s=s1; i=a@sub.x.test; q=dns/txt; t=1; x=2;\r\n h=from : to:subject; l=10; bh="
            + "A".repeat(43) + "=; b=AAAA\r\n AAAA";

    static Stream<byte[]> fields() {
        return Corpus.of(DkimSignatureFuzzTest.class, "fields", SOUND, SOUND.replace("; l=10", "").replace("rsa", "ed25519"), SOUND.replace("b=AAAA", "b =bb=b="));
    }

    @Words({"v=1", "a=rsa-sha256", "a=ed25519-sha256", "c=simple", "relaxed", "d=x.test", "i=@", "q=dns/txt", "h=from", "l=", "bh=", "b=", "t=", "x=", "\r\n ", "; "})
    @MethodSource
    @FuzzTest
    void fields(byte[] bytes) {
        HeaderField field = HeaderField.of("DKIM-Signature", new String(bytes, StandardCharsets.ISO_8859_1));
        switch (DkimSignature.parse(field)) {
            case DkimSignature.Parse.Broken(DkimResult result) -> assertPresentable(result);
            case DkimSignature.Parse.Sound(DkimSignature signature) -> {
                assertThat(signature.identityDomain().isAtOrBelow(signature.domain())).isTrue();
                assertThat(signature.keyName().ascii()).endsWith("._domainkey." + signature.domain());
                assertThat(signature.signedHeaders()).anyMatch("from"::equalsIgnoreCase).hasSizeLessThanOrEqualTo(1000);
                assertThat(signature.value()).hasSizeBetween(1, 1024);
                assertThat(signature.bodyHash()).hasSize(32);
                assertThat(signature.bodyLength()).isNotNegative();
                assertPresentable(DkimResult.of(DkimState.FAIL, "reason", signature));
                assertThat(new HeaderCanonicalizer(Canonicalization.SIMPLE, 0).addSignature(field, signature.tags()).toByteArray())
                        .as("b= and nothing else is taken out")
                        .isEqualTo(withoutSignature(field));
            }
        }
    }

    /** RFC 6376 §3.7: the value of b=, found by a tokenizer of its own. */
    private static byte[] withoutSignature(HeaderField field) {
        StringBuilder out = new StringBuilder();
        String text = field.toString();
        int colon = text.indexOf(':') + 1;
        String separator = text.substring(0, colon);
        for (String tag : text.substring(colon).split(";", -1)) {
            int equals = tag.indexOf('=');
            boolean isB = equals >= 0 && tag.substring(0, equals).replaceAll("[ \t\r\n]", "").equals("b");
            out.append(separator).append(isB ? tag.substring(0, equals + 1) : tag);
            separator = ";";
        }
        return out.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void assertPresentable(DkimResult result) {
        Expect.withoutControls(result.reason());
        AuthenticationResults written = AuthenticationResults.of("mx.example.net", List.of(result.methodResult()));
        assertThat(AuthenticationResults.parse(written.toField().body())).isInstanceOf(AuthenticationResults.Parse.Sound.class);
    }
}
