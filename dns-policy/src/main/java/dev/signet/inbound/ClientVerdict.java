// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import dev.signet.authres.MethodResult;
import dev.signet.iprev.IpRevResult;
import dev.signet.spf.SpfResult;

import java.util.ArrayList;
import java.util.List;

/**
 * What was found out about the client that brought a message.
 *
 * @param mailFrom SPF of the envelope sender; of postmaster at the HELO name for a null sender
 * @param helo SPF of the HELO name
 */
public record ClientVerdict(SpfResult mailFrom, SpfResult helo, IpRevResult reverseName) {

    List<MethodResult> methodResults() {
        List<MethodResult> results = new ArrayList<>(3);
        results.add(reverseName.methodResult());
        results.add(mailFrom.methodResult());
        // RFC 8601 §2.7.2 has one result for each identity; nothing to check is nothing to say.
        if (helo.domain() != null) {
            results.add(helo.methodResult());
        }
        return results;
    }
}
