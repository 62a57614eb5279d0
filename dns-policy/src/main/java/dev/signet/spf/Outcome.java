// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.dns.DomainName;
import dev.signet.spf.SpfResult.State;
import org.jspecify.annotations.Nullable;

/**
 * What check_host() returns for one domain (RFC 7208 §4).
 *
 * @param mechanism the directive that matched, as written; null where none did
 * @param recordDomain where the record stands that decided; null without a record
 * @param exp where the explanation of a fail stands, if the deciding record names a place
 */
record Outcome(
        State state,
        @Nullable String mechanism,
        @Nullable DomainName recordDomain,
        @Nullable MacroString exp,
        String reason) {

    static Outcome of(State state, String reason) {
        return new Outcome(state, null, null, null, reason);
    }

    static Outcome of(State state, DomainName recordDomain, String reason) {
        return new Outcome(state, null, recordDomain, null, reason);
    }
}
