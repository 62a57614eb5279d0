// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.arc.ArcCheck;
import dev.signet.arc.ArcResult;
import dev.signet.arc.ArcState;
import dev.signet.arc.ArcValidator;
import dev.signet.dkim.DkimOptions;
import dev.signet.dns.Dns;
import dev.signet.message.BodyHashes;
import dev.signet.message.MessageLimits;
import dev.signet.message.MessageReader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.InstantSource;

/** The chain of a message of 50 KB validated, oldest pass and all, its key at hand. */
@State(Scope.Thread)
public class ArcVerifyBenchmark {

    private static final int HEADER = 1200;

    @Param({"1", "5", "20"})
    int sets;

    private SealedMessage message;
    private Dns dns;
    private ArcValidator validator;
    private byte[] bareSignature;

    @Setup
    public void setUp() throws GeneralSecurityException, IOException {
        message = SealedMessage.of(ArcSealBenchmark.SIZE, sets);
        dns = message.signed().dns();
        validator = new ArcValidator(DkimOptions.DEFAULT, InstantSource.system());
        bareSignature = message.signed().signingKey().sign(message.bytes(), 0, HEADER);
    }

    /** What nobody can do without: SHA-256 of the bytes, and two RSA verifications a set. */
    @Benchmark
    public byte[] bare() throws GeneralSecurityException {
        return message.signed().verifyBare(message.bytes(), bareSignature, HEADER, 2 * sets);
    }

    @Benchmark
    public Object signet() throws IOException {
        MessageReader reader = MessageReader.open(new ByteArrayInputStream(message.bytes()), MessageLimits.DEFAULT);
        BodyHashes hashes = new BodyHashes();
        ArcCheck check = validator.begin(reader.header(), dns, hashes);
        reader.readBody(hashes);
        ArcResult result = check.result();
        if (result.state() != ArcState.PASS || result.oldestPass() != 0) {
            throw new IllegalStateException(result.toString());
        }
        return result;
    }
}
