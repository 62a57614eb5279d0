// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import dev.signet.arc.Testimony;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.dmarc.Discovered;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcChecker;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dmarc.Identifiers;
import dev.signet.dmarc.MessageFacts;
import dev.signet.dns.Dns;
import dev.signet.dns.DomainName;
import dev.signet.message.AuthorDomain;
import dev.signet.message.HeaderBlock;
import dev.signet.message.Surprises;
import dev.signet.spf.SpfResult;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** DMARC of one message on its way: the policy is asked for while SPF, keys and body are being checked. */
record DmarcCheck(
        DmarcChecker checker, Connection connection, CompletableFuture<Discovered> discovered, MessageFacts facts, Dns dns, Surprises surprises) {

    /**
     * Starts every query that the header block calls for.
     *
     * @param client the stranger, as far as he is known
     * @param signingDomains d= of each signature
     */
    static DmarcCheck start(
            DmarcChecker checker,
            AuthorDomain author,
            Connection connection,
            Optional<InetAddress> client,
            HeaderBlock header,
            List<DomainName> signingDomains,
            Dns dns,
            Surprises surprises) {
        String mailFrom = Optional.ofNullable(connection.mailFrom()).orElse("");
        Optional<DomainName> sender = DomainName.parse(mailFrom.substring(mailFrom.lastIndexOf('@') + 1));
        List<DomainName> candidates = new ArrayList<>(signingDomains);
        sender.ifPresent(candidates::addFirst);
        return new DmarcCheck(
                checker,
                connection,
                checker.discover(author, candidates, dns),
                MessageFacts.of(header, mailFrom, client),
                dns,
                surprises);
    }

    /**
     * Waits for the policy and judges.
     *
     * @param mailFrom SPF of MAIL FROM; empty where it was not asked
     */
    DmarcResult result(Optional<SpfResult> mailFrom, List<DkimResult> dkim) {
        return evaluated(identifiers(mailFrom, dkim));
    }

    /**
     * Judges once more by what sealers whom we trust had found out. Where that passes the message is let through; it has not
     * passed by that (RFC 8617 §7.2.1).
     */
    DmarcResult reconsidered(DmarcResult result, Optional<Testimony> testimony) {
        if (testimony.isEmpty() || result.disposition() == Disposition.NONE) {
            return result;
        }
        DmarcResult before = evaluated(testimony.get().identifiers());
        return before.status() == DmarcResult.Status.PASS
                ? result.overridden(Disposition.NONE, testimony.get().reason())
                : result;
    }

    private DmarcResult evaluated(Identifiers identifiers) {
        return surprises.contain(() -> checker.evaluate(discovered.join(), identifiers, facts, dns), DmarcResult::surprised).join();
    }

    private Identifiers identifiers(Optional<SpfResult> mailFrom, List<DkimResult> dkim) {
        // RFC 9989 §4.4.2: MAIL FROM alone; the HELO name is in this result only where a null sender was given (CVE-2019-20790).
        Optional<SpfResult> spf = mailFrom.filter(result -> connection.mailFrom() != null);
        return new Identifiers(
                spf.filter(result -> result.state() == SpfResult.State.PASS).map(SpfResult::domain),
                domains(dkim, DkimState.PASS),
                spf.filter(result -> result.state() == SpfResult.State.TEMPERROR).map(SpfResult::domain),
                domains(dkim, DkimState.TEMPERROR));
    }

    private static List<DomainName> domains(List<DkimResult> dkim, DkimState state) {
        List<DomainName> domains = new ArrayList<>(dkim.size());
        for (DkimResult result : dkim) {
            DomainName domain = result.domain();
            if (result.state() == state && domain != null) {
                domains.add(domain);
            }
        }
        return domains;
    }
}
