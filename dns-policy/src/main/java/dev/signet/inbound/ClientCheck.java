// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import dev.signet.dns.Dns;
import dev.signet.iprev.IpRev;
import dev.signet.iprev.IpRevResult;
import dev.signet.message.Surprises;
import dev.signet.spf.SpfChecker;
import dev.signet.spf.SpfIdentity;
import dev.signet.spf.SpfRequest;
import dev.signet.spf.SpfResult;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What is being asked about the client of one message: both SPF identities and the reverse name, all under way at once. */
record ClientCheck(
        SpfRequest request,
        CompletableFuture<SpfResult> mailFrom,
        CompletableFuture<SpfResult> helo,
        CompletableFuture<IpRevResult> reverseName) {

    /**
     * @param mailFromDns for SPF of the envelope sender
     * @param dns for everything else: the HELO name is a stranger's own, and must not use up what the envelope sender needs
     */
    static ClientCheck start(Origin origin, Connection connection, SpfChecker spf, Dns mailFromDns, Dns dns, Surprises surprises) {
        String sender = Optional.ofNullable(connection.mailFrom()).orElse("");
        SpfRequest request = new SpfRequest(origin.client(), origin.helo(), sender);
        return new ClientCheck(
                request,
                check(request, SpfIdentity.MAIL_FROM, spf, mailFromDns, surprises),
                check(request, SpfIdentity.HELO, spf, dns, surprises),
                surprises.contain(
                        () -> IpRev.check(request.ip(), dns), reason -> new IpRevResult(IpRevResult.State.TEMPERROR, request.ip(), null, reason)));
    }

    private static CompletableFuture<SpfResult> check(SpfRequest request, SpfIdentity identity, SpfChecker spf, Dns dns, Surprises surprises) {
        return surprises.contain(() -> spf.check(request, identity, dns), reason -> SpfResult.surprised(request, identity, reason));
    }

    /** Waits as long as the message's DNS does. */
    ClientVerdict verdict() {
        return new ClientVerdict(request, mailFrom.join(), helo.join(), reverseName.join());
    }
}
