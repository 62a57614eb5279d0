// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.dkim.DkimState;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.Dns;
import dev.signet.dns.DnsjavaDns;
import dev.signet.inbound.Connection;
import dev.signet.inbound.InboundCheck;
import dev.signet.inbound.InboundOptions;
import dev.signet.inbound.Verdict;
import dev.signet.spf.SpfResult;
import dev.signet.testing.LoopbackDns;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.impl.DNSPublicKeyRecordRetriever;
import org.apache.james.jspf.impl.DNSServiceXBillImpl;
import org.apache.james.jspf.impl.SPF;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Lookup;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * SPF, DKIM and DMARC of one message where nothing is cached and each answer takes 20 ms, from a real name server on loopback:
 * what counts is how many answers are waited for one after the other. Three have to be. The DMARC record stands at the parent of
 * the author domain. James has no DMARC to compare with, so the peers' side asks the two names that RFC 7489 needs.
 */
final class ColdDns {

    private static final Duration ANSWER = Duration.ofMillis(20);
    private static final int TRIPS = 3;
    private static final String NO_POLICY = "_dmarc.news.example.com.";
    private static final String POLICY = "_dmarc.example.com.";
    private static final int WARM_UP = 20;
    private static final int RUNS = 31;

    private ColdDns() {}

    /** Prints the medians as a Markdown table. */
    static void run() throws Exception {
        try (LoopbackDns server = LoopbackDns.start()) {
            SignedMessage message = SignedMessage.of(10_000);
            server.zone(SpfZone.TEXT)
                    .txt("bench._domainkey.example.com", message.keyRecord())
                    .delay(ANSWER);
            double signet = median(() -> signet(server, message));
            double peers = median(() -> peers(server, message));
            double ideal = TRIPS * ANSWER.toMillis();
            System.out.println();
            System.out.println(
                    "SPF, DKIM and DMARC of one message, nothing cached, 20 ms an answer, three trips deep. Medians of " + RUNS + ".");
            System.out.println();
            System.out.println("| three trips, ms | Signet, ms | Signet, times the three trips "
                    + "| jSPF, jDKIM, two DMARC lookups, ms | those, times Signet |");
            System.out.println("|---:|---:|---:|---:|---:|");
            System.out.println(String.format(
                    Locale.ROOT, "| %.0f | %.1f | %.2f | %.1f | %.1f |", ideal, signet, signet / ideal, peers, peers / signet));
        }
    }

    private static double median(Callable<Boolean> check) throws Exception {
        double[] millis = new double[RUNS];
        for (int i = -WARM_UP; i < RUNS; i++) {
            long start = System.nanoTime();
            if (!check.call()) {
                throw new IllegalStateException("the message did not pass");
            }
            if (i >= 0) {
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(millis);
        return millis[RUNS / 2];
    }

    private static boolean signet(LoopbackDns server, SignedMessage message) throws Exception {
        Dns dns = DnsjavaDns.onServers(List.of(server.socketAddress()), Duration.ofSeconds(5), 1);
        InboundCheck check = new InboundCheck(dns, InboundOptions.DEFAULT, Thread::startVirtualThread, InstantSource.system());
        Connection connection =
                new Connection(InetAddress.getByName(SpfZone.CLIENT), "mail.example.com", SpfZone.SENDER, null, null);
        Verdict verdict = check.check(connection, new ByteArrayInputStream(message.bytes()));
        return verdict.dkim().getFirst().state() == DkimState.PASS
                && verdict.client().orElseThrow().mailFrom().state() == SpfResult.State.PASS
                && verdict.dmarc().orElseThrow().status() == DmarcResult.Status.PASS;
    }

    private static boolean peers(LoopbackDns server, SignedMessage message) throws Exception {
        SimpleResolver resolver = new SimpleResolver(server.socketAddress());
        Lookup.setDefaultResolver(resolver);
        Lookup.setDefaultCache(new Cache(DClass.IN), DClass.IN);
        boolean spf = new SPF(new DNSServiceXBillImpl(resolver))
                .checkSPF(SpfZone.CLIENT, SpfZone.SENDER, "mail.example.com")
                .getResult()
                .equals("pass");
        DKIMVerifier jdkim = new DKIMVerifier(new DNSPublicKeyRecordRetriever(resolver));
        boolean dkim = jdkim.verify(new ByteArrayInputStream(message.bytes())).size() == 1;
        boolean own = new Lookup(NO_POLICY, Type.TXT).run() != null;
        boolean inherited = new Lookup(POLICY, Type.TXT).run() != null;
        return spf && dkim && !own && inherited;
    }
}
