// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.arc.ArcResult;
import dev.signet.arc.ArcState;
import dev.signet.authres.AuthenticationResults;
import dev.signet.inbound.Verdict;

import java.util.Optional;

/**
 * What was found out about a message when it came in: all that a seal testifies.
 *
 * @param chain what had become of its ARC chain
 * @param results under our authserv-id, in ASCII: James puts question marks where anything else is in a header field, which would
 *     break the seal
 */
record OnArrival(ArcState chain, AuthenticationResults results) {

    OnArrival {
        results = results.inAscii();
    }

    static OnArrival of(Verdict verdict, String authservId) {
        return new OnArrival(verdict.arc().state(), verdict.authenticationResults(authservId));
    }

    /** Reads the body of a field of ours; empty where it says nothing about a chain. */
    static Optional<OnArrival> read(String field) {
        return AuthenticationResults.parse(field) instanceof AuthenticationResults.Parse.Sound(AuthenticationResults results)
                ? ArcResult.stateIn(results).map(chain -> new OnArrival(chain, results))
                : Optional.empty();
    }
}
