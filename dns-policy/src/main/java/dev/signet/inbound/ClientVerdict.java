// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import dev.signet.authres.MethodResult;
import dev.signet.iprev.IpRevResult;
import dev.signet.message.HeaderField;
import dev.signet.spf.ReceivedSpf;
import dev.signet.spf.SpfRequest;
import dev.signet.spf.SpfResult;

import java.util.ArrayList;
import java.util.List;

/**
 * What was found out about the client that brought a message.
 *
 * @param request what the session said about itself, behind a relay of ours the session with the relay
 * @param mailFrom SPF of the envelope sender; of postmaster at the HELO name for a null sender
 * @param helo SPF of the HELO name
 */
public record ClientVerdict(SpfRequest request, SpfResult mailFrom, SpfResult helo, IpRevResult reverseName) {

    List<MethodResult> methodResults() {
        List<MethodResult> results = new ArrayList<>(3);
        results.add(reverseName.methodResult());
        spfResults().forEach(result -> results.add(result.methodResult()));
        return results;
    }

    List<HeaderField> receivedSpf(String receiver) {
        return spfResults().stream().map(result -> ReceivedSpf.of(result, request, receiver)).toList();
    }

    /** RFC 8601 §2.7.2, RFC 7208 §9.1: one result for each identity; of a HELO that is no name there is nothing to say. */
    private List<SpfResult> spfResults() {
        return helo.domain() == null ? List.of(mailFrom) : List.of(mailFrom, helo);
    }
}
