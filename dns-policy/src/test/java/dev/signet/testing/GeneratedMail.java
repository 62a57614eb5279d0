// SPDX-License-Identifier: Apache-2.0
package dev.signet.testing;

import dev.signet.dkim.DkimFailure;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.dmarc.DiscoveryMethod;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcRecord;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dmarc.Handling;
import dev.signet.dmarc.Organization;
import dev.signet.dmarc.OverrideReason;
import dev.signet.dmarc.PolicyDiscovery;
import dev.signet.dmarc.PolicyOrigin;
import dev.signet.dns.DomainName;
import dev.signet.report.Delivery;
import dev.signet.report.ReportedMessage;
import dev.signet.spf.SpfIdentity;
import dev.signet.spf.SpfResult;
import dev.signet.spf.SpfStep;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Judged messages by the thousand, odd ones among them. */
public final class GeneratedMail {

    /** The first second of a day in UTC. */
    public static final Instant DAY = Instant.parse("2026-11-22T00:00:00Z");

    private static final String ODD = "<a href=\"x\">&amp; ]]> 'q' \u0007\u0000 \uD800 \uFFFE é 漢";

    private final Random random;

    public GeneratedMail(long seed) {
        this.random = new Random(seed);
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    public ReportedMessage next() {
        DomainName policyDomain = any(List.of(name("example.com"), name("bücher.example"), name("a&b.example"), name("one.two.example")));
        String policy = any(List.of("p=none", "p=reject; sp=quarantine; np=reject", "p=quarantine; adkim=s; aspf=s; fo=1:d:s; ruf=mailto:f@x.example",
                "p=reject; t=y", "p=reject; pct=30"));
        DmarcRecord record = DmarcRecord.parse("v=DMARC1; " + policy + "; rua=mailto:r" + random.nextInt(2) + "@example.com").orElseThrow();
        DomainName author = random.nextBoolean() ? policyDomain : policyDomain.prefixedWith(any(List.of("news", "xn--bcher-kva", "a.b"))).orElseThrow();
        String mailFrom = any(List.of("", "a@" + author, "b@[192.0.2.1]", "c@" + ODD, "d@BÜCHER.example", "e@other.example"));
        List<DkimResult> dkim = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            dkim.add(dkim(author));
        }
        Optional<SpfResult> spf = random.nextInt(10) == 0 ? Optional.empty() : Optional.of(spf());
        Delivery delivery = new Delivery(
                DAY.plus(Duration.ofSeconds(random.nextInt(86_400))),
                address(),
                mailFrom,
                random.nextBoolean() ? Optional.of(name("rcpt.example")) : Optional.empty(),
                random.nextInt(50) == 0);
        return ReportedMessage.of(delivery, dmarc(policyDomain, author, record), dkim, spf).orElseThrow();
    }

    private DmarcResult dmarc(DomainName policyDomain, DomainName author, DmarcRecord record) {
        Disposition requested = author.equals(policyDomain) ? record.policy() : record.subdomainPolicy(random.nextBoolean());
        PolicyDiscovery.Found found = new PolicyDiscovery.Found(author, record, policyDomain, PolicyOrigin.AUTHOR,
                new Organization.Known(policyDomain), requested, any(List.of(DiscoveryMethod.values())), List.of());
        DmarcResult.Status status = any(List.of(DmarcResult.Status.PASS, DmarcResult.Status.FAIL, DmarcResult.Status.TEMPERROR));
        boolean pass = status == DmarcResult.Status.PASS;
        int aligned = 1 + random.nextInt(3);
        Disposition done = status == DmarcResult.Status.FAIL ? any(List.of(Disposition.values())) : Disposition.NONE;
        List<OverrideReason> overrides = status == DmarcResult.Status.FAIL && done != requested
                ? List.of(new OverrideReason(any(List.of(OverrideReason.Type.values())), any(List.of("", "why", ODD.repeat(20)))))
                : List.of();
        return new DmarcResult(status, Optional.of(author), Optional.of(found),
                pass && (aligned & 1) != 0 ? Optional.of(author) : Optional.empty(),
                pass && (aligned & 2) != 0 ? List.of(author) : List.of(),
                new Handling(requested, done, overrides, true), any(List.of("because", ODD)));
    }

    private DkimResult dkim(DomainName author) {
        DkimState state = any(List.of(DkimState.values()));
        DomainName domain = any(List.of(author, name("esp.example"), name("\"<'&.example")));
        String selector = any(List.of("s1", "2026<&>", ODD));
        return random.nextInt(8) == 0
                ? DkimResult.surprised("unreadable")
                : new DkimResult(state, any(List.of("body hash differs", ODD)), domain, selector, null, "rsa-sha256", 2048, "abc", false, null, DkimFailure.OTHER);
    }

    private SpfResult spf() {
        DomainName domain = random.nextInt(10) == 0 ? null : any(List.of(name("example.com"), name("<&>.example")));
        return new SpfResult(any(List.of(SpfResult.State.values())), SpfIdentity.MAIL_FROM, "x", domain, null, domain, 0, null,
                any(List.of("-all", ODD)), new SpfStep("x", "", 0, List.of()));
    }

    private InetAddress address() {
        byte[] octets = new byte[random.nextBoolean() ? 4 : 16];
        octets[0] = (byte) (octets.length == 4 ? 192 : 0x20);
        octets[octets.length - 1] = (byte) random.nextInt(20);
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static DomainName name(String text) {
        return DomainName.of(text);
    }
}
