// SPDX-License-Identifier: Apache-2.0
package dev.signet.scenario;

import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A message as it lies in the mailbox.
 *
 * @param stored its bytes, one char each
 */
record DeliveredMail(String stored) {

    // What James adds on the way, and we.
    private static final Set<String> ON_TOP = Set.of("return-path", "received", "delivered-to", "authentication-results");

    Outcome judge(Scenario scenario, Expectation.Delivered expected) {
        List<String> problems = new ArrayList<>();
        List<HeaderField> ours = header(stored).all("Authentication-Results").stream()
                .filter(field -> AuthenticationResults.claims(field, World.AUTHSERV_ID))
                .toList();
        if (ours.size() != 1) {
            problems.add(ours.size() + " Authentication-Results fields in our name");
        }
        List<MethodResult> results = ours.isEmpty() ? List.of() : resultsOf(ours.getFirst(), problems);
        Findings findings = Findings.of(results, expected.results());
        problems.addAll(findings.problems());
        if (!stored.endsWith(expected.message())) {
            problems.add("the message itself changed:\n" + stored);
        } else {
            findStrangers(stored.substring(0, stored.length() - expected.message().length()), problems);
        }
        return new Outcome(scenario, expected.place() + findings.seen(), problems);
    }

    private static List<MethodResult> resultsOf(HeaderField field, List<String> problems) {
        return switch (AuthenticationResults.parse(field.body())) {
            case AuthenticationResults.Parse.Sound(AuthenticationResults sound) -> sound.results();
            case AuthenticationResults.Parse.Malformed(String reason) -> {
                problems.add("malformed: " + reason);
                yield List.of();
            }
        };
    }

    private static void findStrangers(String added, List<String> problems) {
        Set<String> seen = new HashSet<>();
        for (HeaderField field : header(added + "\r\n").fields()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            if (!ON_TOP.contains(name) || !seen.add(name)) {
                problems.add("unexpected field on top: " + field);
            }
        }
    }

    private static HeaderBlock header(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        return HeaderBlock.parse(bytes, Math.max(0, message.indexOf("\r\n\r\n")), MessageLimits.DEFAULT);
    }
}
