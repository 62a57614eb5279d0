// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import java.io.IOException;

/** The queue of a mail server, which signs what it takes and sends it. */
@FunctionalInterface
public interface ReportQueue {

    /**
     * Hands a mail over; from then on it is the server's.
     *
     * @throws IOException where the server does not take it; nobody knows then whether it has it
     */
    void put(OutgoingMail mail) throws IOException;
}
