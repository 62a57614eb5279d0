// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.dns.Dns;
import dev.signet.dns.MessageDns;
import dev.signet.spf.SpfChecker;
import dev.signet.spf.SpfIdentity;
import dev.signet.spf.SpfOptions;
import dev.signet.spf.SpfRequest;
import dev.signet.spf.SpfResult;
import org.apache.james.jspf.executor.SPFResult;
import org.apache.james.jspf.impl.SPF;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;

/** One SPF check of {@link SpfZone}, all answers at hand. */
@State(Scope.Thread)
public class SpfWarmBenchmark {

    private Dns dns;
    private SpfChecker signet;
    private SpfRequest request;
    private SPF jspf;

    @Setup
    public void setUp() throws IOException {
        dns = SpfZone.dns();
        signet = new SpfChecker(SpfOptions.DEFAULT, Runnable::run, InstantSource.system());
        request = new SpfRequest(InetAddress.getByName(SpfZone.CLIENT), "mail.example.com", SpfZone.SENDER);
        jspf = new SPF(new JspfZone());
    }

    @Benchmark
    public Object signet() {
        MessageDns messageDns = new MessageDns(dns, 100, Duration.ofSeconds(10));
        SpfResult result = signet.check(request, SpfIdentity.MAIL_FROM, messageDns).join();
        if (result.state() != SpfResult.State.PASS) {
            throw new IllegalStateException(result.toString());
        }
        return result;
    }

    @Benchmark
    public Object jspf() {
        SPFResult result = jspf.checkSPF(SpfZone.CLIENT, SpfZone.SENDER, "mail.example.com");
        if (!result.getResult().equals("pass")) {
            throw new IllegalStateException(result.getHeader());
        }
        return result;
    }
}
