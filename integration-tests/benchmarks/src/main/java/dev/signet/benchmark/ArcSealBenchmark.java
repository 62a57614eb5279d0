// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.arc.ArcSealer;
import dev.signet.arc.SealedHeaders;
import dev.signet.keys.SigningKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;

/** One set more for a message of 50 KB whose chain has some already. */
@State(Scope.Thread)
public class ArcSealBenchmark {

    static final int SIZE = 50_000;
    private static final int HEADER = 1200;

    @Param({"0", "1", "5", "10", "20"})
    int sets;

    private SealedMessage message;
    private ArcSealer sealer;

    @Setup
    public void setUp() throws GeneralSecurityException, IOException {
        message = SealedMessage.of(SIZE, sets);
        sealer = new ArcSealer(SealedHeaders.DEFAULT, InstantSource.system());
    }

    /** What nobody can do without: SHA-256 of the bytes and two RSA signatures. */
    @Benchmark
    public Object bare() throws GeneralSecurityException {
        byte[] bytes = message.bytes();
        SigningKey key = message.signed().signingKey();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
        return new byte[][] {digest, key.sign(bytes, 0, HEADER), key.sign(bytes, 0, HEADER)};
    }

    @Benchmark
    public Object signet() throws IOException {
        return message.seal(sealer, sets);
    }
}
