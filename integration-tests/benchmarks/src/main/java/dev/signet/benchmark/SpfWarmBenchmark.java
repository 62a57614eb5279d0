// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.dns.Dns;
import dev.signet.dns.MessageDns;
import dev.signet.dns.ZoneFileDns;
import dev.signet.spf.SpfChecker;
import dev.signet.spf.SpfIdentity;
import dev.signet.spf.SpfOptions;
import dev.signet.spf.SpfRequest;
import dev.signet.spf.SpfResult;
import org.apache.james.jspf.core.DNSRequest;
import org.apache.james.jspf.core.DNSService;
import org.apache.james.jspf.executor.SPFResult;
import org.apache.james.jspf.impl.SPF;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One SPF check of {@link SpfZone}, all answers at hand. */
@State(Scope.Thread)
public class SpfWarmBenchmark {

    private Dns dns;
    private SpfChecker signet;
    private SpfRequest request;
    private SPF jspf;

    @Setup
    public void setUp() throws IOException {
        Path zone = Files.createTempFile("spf", ".zone");
        try {
            dns = ZoneFileDns.read(Files.writeString(zone, SpfZone.TEXT));
        } finally {
            Files.delete(zone);
        }
        signet = new SpfChecker(SpfOptions.DEFAULT, Runnable::run, InstantSource.system());
        request = new SpfRequest(InetAddress.getByName(SpfZone.CLIENT), "mail.example.com", SpfZone.SENDER);
        jspf = new SPF(new InMemory());
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

    /** The same zone in jSPF's own terms. */
    private static final class InMemory implements DNSService {

        private static final Map<String, List<String>> TXT = Map.of(
                "example.com", List.of("v=spf1 include:one.example.com include:two.example.com include:three.example.com mx a -all"),
                "one.example.com", List.of("v=spf1 include:four.example.com ~all"),
                "two.example.com", List.of("v=spf1 include:five.example.com ~all"),
                "three.example.com", List.of("v=spf1 include:six.example.com ~all"),
                "four.example.com", List.of("v=spf1 ip4:198.51.100.0/26 ~all"),
                "five.example.com", List.of("v=spf1 ip4:198.51.100.64/26 ~all"),
                "six.example.com", List.of("v=spf1 ip4:198.51.100.128/26 ~all"));
        private static final Map<String, List<String>> A = Map.of(
                "example.com", List.of("192.0.2.77"), "mx1.example.com", List.of("192.0.2.11"), "mx2.example.com", List.of("192.0.2.12"));

        @Override
        public @Nullable List<String> getRecords(DNSRequest asked) {
            List<String> known = known(asked);
            // jSPF sorts out what it is given, in place.
            return known == null ? null : new ArrayList<>(known);
        }

        private static @Nullable List<String> known(DNSRequest asked) {
            return switch (asked.getRecordType()) {
                case DNSRequest.TXT -> TXT.get(asked.getHostname());
                case DNSRequest.A -> A.get(asked.getHostname());
                case DNSRequest.MX -> asked.getHostname().equals("example.com") ? List.of("mx1.example.com", "mx2.example.com") : null;
                default -> null;
            };
        }

        @Override
        public CompletionStage<List<String>> getRecordsAsync(DNSRequest asked) {
            return CompletableFuture.completedFuture(getRecords(asked));
        }

        @Override
        public List<String> getLocalDomainNames() {
            return List.of();
        }

        @Override
        public void setTimeOut(int seconds) {}

        @Override
        public int getRecordLimit() {
            return 10;
        }

        @Override
        public void setRecordLimit(int limit) {}
    }
}
