// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.arc.ArcSealer;
import dev.signet.arc.ArcState;
import dev.signet.arc.SealedHeaders;
import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.authres.PropertyType;
import dev.signet.message.HeaderField;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.List;

/**
 * A signed message with a chain, all by one RSA key of 2048 bits.
 *
 * @param signed the message before its first set, with the key
 * @param bytes with its sets
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record SealedMessage(SignedMessage signed, byte[] bytes) {

    static final AuthenticationResults RESULTS = AuthenticationResults.of("mx.example.com", List.of(
            MethodResult.of("spf", "pass").withProperty(PropertyType.SMTP, "mailfrom", "alice@example.com"),
            MethodResult.of("dkim", "pass").withProperty(PropertyType.HEADER, "d", "example.com"),
            MethodResult.of("dmarc", "pass").withProperty(PropertyType.HEADER, "from", "example.com")));

    /**
     * @param size of the message without its sets, in bytes, about
     * @param sets 0 to 50
     */
    static SealedMessage of(int size, int sets) throws GeneralSecurityException, IOException {
        SignedMessage signed = SignedMessage.of(size);
        SealedMessage sealed = new SealedMessage(signed, signed.bytes());
        ArcSealer sealer = new ArcSealer(SealedHeaders.DEFAULT, InstantSource.system());
        for (int i = 0; i < sets; i++) {
            ByteArrayOutputStream next = new ByteArrayOutputStream();
            for (HeaderField field : sealed.seal(sealer, i)) {
                next.writeBytes(field.bytes());
                next.writeBytes(new byte[] {'\r', '\n'});
            }
            next.writeBytes(sealed.bytes());
            sealed = new SealedMessage(signed, next.toByteArray());
        }
        return sealed;
    }

    /** The fields of one set more, behind {@code sets} that are there. */
    List<HeaderField> seal(ArcSealer sealer, int sets) throws IOException {
        ArcState arrived = sets == 0 ? ArcState.NONE : ArcState.PASS;
        ArcSealer.Result result =
                sealer.seal(new ByteArrayInputStream(bytes), arrived, RESULTS, SignedMessage.signer(signed.signingKey()));
        return switch (result) {
            case ArcSealer.Result.Sealed(List<HeaderField> fields) -> fields;
            case ArcSealer.Result.NotSealed(String reason) -> throw new IllegalStateException(reason);
        };
    }
}
