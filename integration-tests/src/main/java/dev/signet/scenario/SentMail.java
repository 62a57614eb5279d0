// SPDX-License-Identifier: Apache-2.0
package dev.signet.scenario;

import dev.signet.arc.TrustedSealers;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.dmarc.OverrideReason;
import dev.signet.dns.DnsjavaDns;
import dev.signet.dns.DomainName;
import dev.signet.inbound.Connection;
import dev.signet.inbound.InboundCheck;
import dev.signet.inbound.InboundOptions;
import dev.signet.inbound.Verdict;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
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
        List<DkimResult> results = check(InboundOptions.DEFAULT).dkim();
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

    Outcome judge(Scenario scenario, Expectation.Posted expected) {
        TrustedSealers trusted = TrustedSealers.of(expected.trusted().stream().map(DomainName::ascii).toList());
        Verdict verdict = check(InboundOptions.DEFAULT.withTrustedSealers(trusted));
        Findings findings = Findings.of(verdict.authenticationResults("member.example").results(), expected.results());
        List<String> problems = new ArrayList<>(findings.problems());
        String from = header().first("From").map(HeaderField::unfolded).orElse("nobody");
        if (!from.equals(expected.from())) {
            problems.add("expected From: " + expected.from() + ", found " + from);
        }
        List<OverrideReason> overrides = verdict.dmarc().map(result -> result.handling().overrides()).orElse(List.of());
        boolean letThroughBySeal = overrides.stream().anyMatch(
                reason -> reason.type() == OverrideReason.Type.LOCAL_POLICY && reason.comment().startsWith("arc=pass"));
        if (letThroughBySeal != expected.trusted().isPresent()) {
            problems.add("whose seals are trusted: " + expected.trusted() + "; what overrides DMARC: " + overrides);
        }
        return new Outcome(scenario, "From: " + from + "\n" + findings.seen(), problems);
    }

    /** As a server sees it that knows nothing else: DMARC by signatures alone, since SPF is about the list. */
    private Verdict check(InboundOptions options) {
        DnsjavaDns resolver = DnsjavaDns.onServers(List.of(dns.socketAddress()), Duration.ofSeconds(2), 2);
        return new InboundCheck(resolver, options, Thread::startVirtualThread, InstantSource.system())
                .check(Connection.UNKNOWN, new ByteArrayInputStream(bytes()));
    }

    private HeaderBlock header() {
        return HeaderBlock.parse(bytes(), message.indexOf("\r\n\r\n"), MessageLimits.DEFAULT);
    }

    private byte[] bytes() {
        return message.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean isSound(DkimResult result, String algorithm, Expectation.LeavesSigned expected) {
        return result.state() == DkimState.PASS
                && Objects.equals(result.domain(), expected.signer())
                && algorithm.equals(result.algorithm());
    }
}
