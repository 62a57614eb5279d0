// SPDX-License-Identifier: Apache-2.0
package dev.signet.scenario;

import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.dns.DnsjavaDns;
import dev.signet.inbound.Connection;
import dev.signet.inbound.InboundCheck;
import dev.signet.inbound.InboundOptions;
import dev.signet.testing.LoopbackDns;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A message as a server outside received it.
 *
 * @param message its bytes, one char each
 */
record SentMail(String message, LoopbackDns dns) {

    Outcome judge(Scenario scenario, Expectation.LeavesSigned expected) {
        DnsjavaDns resolver = DnsjavaDns.onServers(List.of(dns.socketAddress()), Duration.ofSeconds(2), 2);
        InboundCheck check = new InboundCheck(resolver, InboundOptions.DEFAULT, Thread::startVirtualThread, InstantSource.system());
        List<DkimResult> results =
                check.check(Connection.UNKNOWN, new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1))).dkim();
        List<String> problems = new ArrayList<>();
        for (String algorithm : List.of("rsa-sha256", "ed25519-sha256")) {
            if (results.stream().noneMatch(result -> isSound(result, algorithm, expected))) {
                problems.add("no sound " + algorithm + " signature of " + expected.signer() + " in " + results);
            }
        }
        String body = scenario.message().substring(scenario.message().indexOf("\r\n\r\n"));
        if (!message.endsWith(body)) {
            problems.add("the body changed:\n" + message);
        }
        String seen = results.stream()
                .map(result -> "dkim=" + result.state() + " " + result.domain() + " " + result.algorithm())
                .collect(Collectors.joining("\n"));
        return new Outcome(scenario, seen.isEmpty() ? "no signature" : seen, problems);
    }

    private static boolean isSound(DkimResult result, String algorithm, Expectation.LeavesSigned expected) {
        return result.state() == DkimState.PASS
                && Objects.equals(result.domain(), expected.signer())
                && algorithm.equals(result.algorithm());
    }
}
