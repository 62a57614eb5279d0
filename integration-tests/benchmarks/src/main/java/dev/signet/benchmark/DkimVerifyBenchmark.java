// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.dkim.DkimCheck;
import dev.signet.dkim.DkimOptions;
import dev.signet.dkim.DkimState;
import dev.signet.dkim.DkimVerifier;
import dev.signet.dns.Dns;
import dev.signet.message.BodyHashes;
import dev.signet.message.MessageLimits;
import dev.signet.message.MessageReader;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.exceptions.FailException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** One message verified, its key at hand, in three ways. */
@State(Scope.Thread)
public class DkimVerifyBenchmark {

    private static final int HEADER = 1200;

    @Param({"2000", "50000", "1000000", "20000000"})
    int size;

    private SignedMessage message;
    private Dns dns;
    private DkimVerifier verifier;
    private byte[] bareSignature;

    @Setup
    public void setUp() throws GeneralSecurityException, IOException {
        message = SignedMessage.of(size);
        dns = message.dns();
        verifier = new DkimVerifier(DkimOptions.DEFAULT, InstantSource.system());
        bareSignature = message.signingKey().sign(message.bytes(), 0, HEADER);
    }

    /** What nobody can do without: SHA-256 of the bytes and one RSA verification. */
    @Benchmark
    public byte[] bare() throws GeneralSecurityException {
        return message.verifyBare(message.bytes(), bareSignature, HEADER, 1);
    }

    @Benchmark
    public Object signet() throws IOException {
        MessageReader reader = MessageReader.open(new ByteArrayInputStream(message.bytes()), MessageLimits.DEFAULT);
        BodyHashes hashes = new BodyHashes();
        DkimCheck check = verifier.begin(reader.header(), Optional.empty(), dns, hashes);
        reader.readBody(hashes);
        var results = check.results();
        if (results.getFirst().state() != DkimState.PASS) {
            throw new IllegalStateException(results.toString());
        }
        return results;
    }

    @Benchmark
    public Object jdkim() throws IOException, FailException {
        DKIMVerifier jdkim = new DKIMVerifier((methods, selector, token) -> List.of(message.keyRecord()));
        var results = jdkim.verify(new ByteArrayInputStream(message.bytes()));
        if (results == null || results.size() != 1) {
            throw new IllegalStateException("jDKIM found " + results);
        }
        return results;
    }
}
