// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.arc.ArcSealer;
import dev.signet.arc.SealedHeaders;
import dev.signet.dkim.DkimSigner;
import dev.signet.dkim.Signer;
import dev.signet.dkim.SigningOptions;
import org.apache.james.jdkim.DKIMSigner;
import org.apache.james.jdkim.exceptions.FailException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.time.InstantSource;
import java.util.List;

/** A message signed, or sealed for the first time, with an RSA key of 2048 bits. */
@State(Scope.Thread)
public class SignBenchmark {

    private static final int HEADER = 1200;
    private static final String JDKIM_TEMPLATE = "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=bench; "
            + "h=From:To:Cc:Subject:Date:Message-ID:MIME-Version:Content-Type:Content-Transfer-Encoding:Reply-To:In-Reply-To:References; "
            + "t=; bh=; b=;";

    @Param({"2000", "50000", "1000000"})
    int size;

    private SealedMessage message;
    private DkimSigner dkim;
    private ArcSealer arc;
    private List<Signer> signers;
    private PrivateKey privateKey;

    @Setup
    public void setUp() throws GeneralSecurityException, IOException {
        message = SealedMessage.of(size, 0);
        dkim = new DkimSigner(SigningOptions.DEFAULT, InstantSource.system());
        arc = new ArcSealer(SealedHeaders.DEFAULT, InstantSource.system());
        signers = List.of(SignedMessage.signer(message.signed().signingKey()));
        privateKey = message.signed().privateKey();
    }

    /** One RSA signature, by whom Signet has it from. */
    @Benchmark
    public Object bareSignature() {
        return message.signed().signingKey().sign(message.bytes(), 0, HEADER);
    }

    /** The two that a seal takes. */
    @Benchmark
    public Object bareSeal() {
        return List.of(bareSignature(), bareSignature());
    }

    @Benchmark
    public Object sign() throws IOException {
        return dkim.sign(new ByteArrayInputStream(message.bytes()), signers);
    }

    @Benchmark
    public Object seal() throws IOException {
        return message.seal(arc, 0);
    }

    @Benchmark
    public Object jdkim() throws IOException, FailException {
        return new DKIMSigner(JDKIM_TEMPLATE, privateKey).sign(new ByteArrayInputStream(message.bytes()));
    }
}
