// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.dns.Dns;
import dev.signet.dns.MessageDns;
import dev.signet.testing.FakeDns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Checks against a zone in memory, evaluated on the thread of the test. */
final class SpfWorld {

    static final String CLIENT = "192.0.2.3";

    private SpfWorld() {}

    static InetAddress ip(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    static SpfRequest mailFrom(String address) {
        return new SpfRequest(ip(CLIENT), "mail.example.org", address);
    }

    static SpfChecker checker(SpfOptions options) {
        return new SpfChecker(options, Runnable::run, InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000)));
    }

    static SpfOptions withExplanations() {
        return new SpfOptions(2, 24, true, "receiver.example.org");
    }

    static SpfResult check(SpfOptions options, SpfRequest request, SpfIdentity identity, Dns dns) {
        return checker(options).check(request, identity, new MessageDns(dns, 500, Duration.ofSeconds(20))).join();
    }

    static SpfResult check(SpfRequest request, Dns dns) {
        return check(SpfOptions.DEFAULT, request, SpfIdentity.MAIL_FROM, dns);
    }

    /** The result for {@code user@example.com} from {@link #CLIENT} where example.com publishes this record. */
    static SpfResult check(String record) {
        return check(mailFrom("user@example.com"), new FakeDns().txt("example.com", record));
    }

    /** The explanation that this text makes. */
    static String explain(SpfRequest request, String text) {
        FakeDns dns = new FakeDns().txt("example.com", "v=spf1 exp=why.example.com -all").txt("why.example.com", text);
        return check(withExplanations(), request, SpfIdentity.MAIL_FROM, dns).explanation();
    }
}
