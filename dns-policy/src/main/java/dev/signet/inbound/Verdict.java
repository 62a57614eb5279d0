// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.dkim.DkimResult;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that was found out about one message.
 *
 * @param dkim one result for each signature, top to bottom; empty for a message without any
 */
public record Verdict(List<DkimResult> dkim) {

    /** The mail attribute under which a verdict travels with its mail, as {@link #toJson} writes it. */
    public static final String ATTRIBUTE = "dev.signet.verdict";

    public Verdict {
        dkim = List.copyOf(dkim);
    }

    /** What to answer where the check itself failed: a temporary error of every method. */
    static Verdict surprised(String reason) {
        return new Verdict(List.of(DkimResult.surprised(reason)));
    }

    /** As the field that tells everybody behind us. */
    public AuthenticationResults authenticationResults(String authservId) {
        List<MethodResult> results = new ArrayList<>();
        if (dkim.isEmpty()) {
            // RFC 8601 §2.7.1: none, "the message was not signed".
            results.add(MethodResult.of("dkim", "none"));
        }
        dkim.forEach(result -> results.add(result.methodResult()));
        return AuthenticationResults.of(authservId, results);
    }

    /** One line of JSON, to be read by {@link #fromJson} and by people. */
    public String toJson() {
        return VerdictJson.write(this);
    }

    /** Reads what {@link #toJson} wrote; empty for anything else. */
    public static Optional<Verdict> fromJson(String json) {
        return VerdictJson.read(json);
    }
}
