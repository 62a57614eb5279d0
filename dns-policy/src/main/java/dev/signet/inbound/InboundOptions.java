// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import dev.signet.arc.TrustedSealers;
import dev.signet.dkim.DkimOptions;
import dev.signet.dmarc.AuthorHandling;
import dev.signet.dmarc.DmarcChecker;
import dev.signet.dmarc.DmarcDiscovery;
import dev.signet.dmarc.LocalPolicy;
import dev.signet.dmarc.Sampler;
import dev.signet.message.MessageLimits;

import java.time.Duration;
import java.util.Optional;

/**
 * How a message is checked.
 *
 * @param deadline how long all DNS queries of one message may take together; more than zero
 * @param dmarc how DMARC is evaluated; empty where it is not
 * @param trustedSealers whose ARC seals can let a message through that fails DMARC
 * @param maxQueries DNS queries for SPF of the envelope sender, and as many again for all else about the client; at least 1. Keys
 *     and policies have budgets of their own, which the signatures and authors that are looked at bound: nobody's SPF record can
 *     leave DMARC without an answer
 */
public record InboundOptions(
        MessageLimits limits,
        DkimOptions dkim,
        ConnectionOptions connection,
        Optional<DmarcChecker> dmarc,
        TrustedSealers trustedSealers,
        Duration deadline,
        int maxQueries) {

    /**
     * Ten seconds, which SMTP clients endure without noticing, and 100 queries. DMARC by RFC 9989 to the letter, with the
     * strictest handling of unclear authors: to honour pct takes a key, hence a {@link Sampler} of one's own.
     */
    public static final InboundOptions DEFAULT = new InboundOptions(
            MessageLimits.DEFAULT,
            DkimOptions.DEFAULT,
            ConnectionOptions.DEFAULT,
            Optional.of(new DmarcChecker(
                    DmarcDiscovery.treeWalk(), LocalPolicy.NONE, Sampler.withoutLots(), AuthorHandling.STRICTEST)),
            TrustedSealers.NONE,
            Duration.ofSeconds(10),
            100);

    public InboundOptions {
        if (!deadline.isPositive()) {
            throw new IllegalArgumentException("deadline: found " + deadline + ", expected more than zero");
        }
        if (maxQueries < 1) {
            throw new IllegalArgumentException("maxQueries: found " + maxQueries + ", expected 1 or more");
        }
    }

    public InboundOptions withLimits(MessageLimits value) {
        return new InboundOptions(value, dkim, connection, dmarc, trustedSealers, deadline, maxQueries);
    }

    public InboundOptions withDkim(DkimOptions value) {
        return new InboundOptions(limits, value, connection, dmarc, trustedSealers, deadline, maxQueries);
    }

    public InboundOptions withConnection(ConnectionOptions value) {
        return new InboundOptions(limits, dkim, value, dmarc, trustedSealers, deadline, maxQueries);
    }

    /** With this checker; empty for no DMARC. */
    public InboundOptions withDmarc(Optional<DmarcChecker> value) {
        return new InboundOptions(limits, dkim, connection, value, trustedSealers, deadline, maxQueries);
    }

    public InboundOptions withTrustedSealers(TrustedSealers value) {
        return new InboundOptions(limits, dkim, connection, dmarc, value, deadline, maxQueries);
    }

    public InboundOptions withDeadline(Duration value) {
        return new InboundOptions(limits, dkim, connection, dmarc, trustedSealers, value, maxQueries);
    }

    public InboundOptions withMaxQueries(int value) {
        return new InboundOptions(limits, dkim, connection, dmarc, trustedSealers, deadline, value);
    }
}
