// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Words;
import dev.signet.message.Canonicalization;
import dev.signet.message.HeaderCanonicalizer;
import dev.signet.message.HeaderField;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;

class PublishedKeyFuzzTest {

    // RFC 8463 Appendix A.
    private static final String RSA = "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/"
            + "J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";
    private static final String ED25519 = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    static Stream<byte[]> records() {
        return Corpus.of(PublishedKeyFuzzTest.class, "records", RSA, ED25519, "p=", "v=DKIM1; h=sha1:sha256; s=*; t=y:s; p=MA==", RSA.replace("MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKB", "MIGJAoGB"));
    }

    @Words({"v=DKIM1", "k=rsa", "k=ed25519", "h=sha256", "s=email", "s=*", "t=y:s", "p=", "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ", "AQAB"})
    @MethodSource
    @FuzzTest
    void records(byte[] bytes) throws GeneralSecurityException {
        KeyAnswer answer = PublishedKey.parse(new String(bytes, StandardCharsets.ISO_8859_1));
        if (answer instanceof KeyAnswer.Usable(PublishedKey key)) {
            assertThat(PublishedKey.parse(printed(key))).as("printed and read again").satisfies(again -> assertThat(described(again)).isEqualTo(described(answer)));
            HeaderCanonicalizer signed = new HeaderCanonicalizer(Canonicalization.SIMPLE, 0).add(HeaderField.of("From", " a@x.test"));
            for (int length : new int[] {1, 64, 128, Math.min(1024, (key.bits() + 7) / 8)}) {
                byte[] signature = new byte[length];
                Arrays.fill(signature, (byte) 1);
                assertThat(key.publicKey().verifies(signed, signature)).as("%s", key).isFalse();
            }
        }
    }

    private static String printed(PublishedKey key) {
        byte[] bytes = switch (key.publicKey()) {
            case VerificationKey.Rsa(RSAPublicKey rsa) -> rsa.getEncoded();
            case VerificationKey.EdDsa(byte[] ed25519) -> ed25519;
        };
        String flags = (key.testing() ? "y" : "") + (key.strictIdentity() ? ":s" : "");
        return "v=DKIM1; k=" + key.algorithm().tag() + "; t=" + flags + "; p=" + Base64.getEncoder().encodeToString(bytes);
    }

    private static String described(KeyAnswer answer) {
        return switch (answer) {
            case KeyAnswer.Usable(PublishedKey key) -> printed(key);
            case KeyAnswer.Unusable(String reason) -> reason;
            case KeyAnswer.Revoked() -> KeyAnswer.Revoked.REASON;
            case KeyAnswer.NotChecked(String reason) -> reason;
            case KeyAnswer.Unknown(String reason) -> reason;
        };
    }
}
