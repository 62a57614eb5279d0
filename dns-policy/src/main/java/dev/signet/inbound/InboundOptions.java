// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import dev.signet.dkim.DkimOptions;
import dev.signet.message.MessageLimits;

import java.time.Duration;

/**
 * How a message is checked.
 *
 * @param deadline how long all DNS queries of one message may take together; more than zero
 * @param maxQueries DNS queries for one message, at least 1
 */
public record InboundOptions(
        MessageLimits limits, DkimOptions dkim, ConnectionOptions connection, Duration deadline, int maxQueries) {

    /** Ten seconds, which SMTP clients endure without noticing, and 100 queries. */
    public static final InboundOptions DEFAULT =
            new InboundOptions(MessageLimits.DEFAULT, DkimOptions.DEFAULT, ConnectionOptions.DEFAULT, Duration.ofSeconds(10), 100);

    public InboundOptions {
        if (!deadline.isPositive()) {
            throw new IllegalArgumentException("deadline: found " + deadline + ", expected more than zero");
        }
        if (maxQueries < 1) {
            throw new IllegalArgumentException("maxQueries: found " + maxQueries + ", expected 1 or more");
        }
    }

    public InboundOptions withLimits(MessageLimits value) {
        return new InboundOptions(value, dkim, connection, deadline, maxQueries);
    }

    public InboundOptions withDkim(DkimOptions value) {
        return new InboundOptions(limits, value, connection, deadline, maxQueries);
    }

    public InboundOptions withConnection(ConnectionOptions value) {
        return new InboundOptions(limits, dkim, value, deadline, maxQueries);
    }

    public InboundOptions withDeadline(Duration value) {
        return new InboundOptions(limits, dkim, connection, value, maxQueries);
    }

    public InboundOptions withMaxQueries(int value) {
        return new InboundOptions(limits, dkim, connection, deadline, value);
    }
}
