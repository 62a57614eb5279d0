// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.arc.ArcState;
import dev.signet.dkim.DkimState;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.inbound.Connection;
import dev.signet.inbound.InboundCheck;
import dev.signet.inbound.InboundOptions;
import dev.signet.inbound.Verdict;
import dev.signet.spf.SpfResult;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.exceptions.FailException;
import org.apache.james.jspf.executor.SPFResult;
import org.apache.james.jspf.impl.SPF;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The whole check of a message of 10 KB with two ARC sets, all answers of the DNS at hand: SPF, DKIM, ARC and DMARC. The peers' side
 * is what James has, SPF by jSPF, then DKIM by jDKIM: half of the work.
 */
@State(Scope.Thread)
public class InboundBenchmark {

    static final int SIZE = 10_000;
    static final int SETS = 2;

    private static final int HEADER = 1200;

    private SealedMessage message;
    private byte[] bareSignature;
    private InboundCheck check;
    private Connection connection;
    private SPF jspf;

    @Setup
    public void setUp() throws GeneralSecurityException, IOException {
        message = SealedMessage.of(SIZE, SETS);
        bareSignature = message.signed().signingKey().sign(message.bytes(), 0, HEADER);
        check = new InboundCheck(
                dns(message.signed().dns(), SpfZone.dns()), InboundOptions.DEFAULT, Thread::startVirtualThread, InstantSource.system());
        connection = new Connection(InetAddress.getByName(SpfZone.CLIENT), "mail.example.com", SpfZone.SENDER, null, null);
        jspf = new SPF(new JspfZone());
    }

    /** What nobody can do without: SHA-256 of the bytes, and an RSA verification for the signature and two for each set. */
    @Benchmark
    public byte[] bare() throws GeneralSecurityException {
        return message.signed().verifyBare(message.bytes(), bareSignature, HEADER, 1 + 2 * SETS);
    }

    @Benchmark
    public Object signet() {
        Verdict verdict = check.check(connection, new ByteArrayInputStream(message.bytes()));
        boolean passed = verdict.dkim().getFirst().state() == DkimState.PASS
                && verdict.arc().state() == ArcState.PASS
                && verdict.client().orElseThrow().mailFrom().state() == SpfResult.State.PASS
                && verdict.dmarc().orElseThrow().status() == DmarcResult.Status.PASS;
        if (!passed) {
            throw new IllegalStateException(verdict.toString());
        }
        return verdict;
    }

    @Benchmark
    public Object peers() throws IOException, FailException {
        SPFResult spf = jspf.checkSPF(SpfZone.CLIENT, SpfZone.SENDER, "mail.example.com");
        DKIMVerifier jdkim = new DKIMVerifier((methods, selector, token) -> List.of(message.signed().keyRecord()));
        var dkim = jdkim.verify(new ByteArrayInputStream(message.bytes()));
        if (!spf.getResult().equals("pass") || dkim.size() != 1) {
            throw new IllegalStateException(spf + ", " + dkim);
        }
        return dkim;
    }

    private static Dns dns(Dns keys, Dns zone) {
        return new Dns() {
            @Override
            public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
                return (name.ascii().contains("._domainkey.") ? keys : zone).lookup(name, type);
            }
        };
    }
}
