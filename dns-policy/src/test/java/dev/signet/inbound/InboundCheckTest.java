// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.authres.AuthenticationResults;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DnsjavaDns;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.testing.Behaviour;
import dev.signet.testing.FakeDns;
import dev.signet.testing.LoopbackDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

class InboundCheckTest {

    private static final String SIGNATURE = "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s; h=from; bh="
            + "A".repeat(43) + "=; b=AAAA\r\n";

    private static InboundCheck check(Dns dns) {
        return new InboundCheck(dns, InboundOptions.DEFAULT, Thread::startVirtualThread, InstantSource.system());
    }

    private static ByteArrayInputStream in(String message) {
        return new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1));
    }

    static Stream<Map.Entry<String, String>> oddMessages() {
        String line = "x".repeat(10_000_000);
        return Map.of(
                        "empty", "",
                        "no header", "\r\nbody\r\n",
                        "no body", SIGNATURE + "From: a@example.com\r\n",
                        "no line end at all", "From: a@example.com",
                        "a header of 1 MB", SIGNATURE + "From: a@example.com\r\nX: " + "x ".repeat(600_000) + "\r\n\r\n",
                        "100,000 fields", SIGNATURE + "A: b\r\n".repeat(100_000) + "\r\n",
                        "a line of 10 MB", SIGNATURE + "From: a@example.com\r\n\r\n" + line,
                        "a header line of 10 MB", SIGNATURE + "From: " + line + "\r\n\r\n",
                        "bare CR and LF", SIGNATURE + "From: a@example.com\nTo: b\rCc: c\r\n\r\na\rb\nc",
                        "NUL bytes", SIGNATURE + "From: a@exam\0ple.com\r\nSubject: \0\r\n\r\n\0\0\0")
                .entrySet()
                .stream();
    }

    @ParameterizedTest
    @MethodSource("oddMessages")
    void oddMessagesEndWithTypedResults(Map.Entry<String, String> odd) {
        Verdict verdict = check(new FakeDns()).check(Connection.UNKNOWN, in(odd.getValue()));
        assertThat(verdict.dkim()).extracting(DkimResult::state)
                .as(odd.getKey())
                .isSubsetOf(DkimState.PERMERROR, DkimState.FAIL);
        assertThat(verdict.dkim()).as(odd.getKey()).hasSize(odd.getValue().startsWith("DKIM") ? 1 : 0);
        assertThat(Verdict.fromJson(verdict.toJson())).contains(verdict);
        assertThat(Verdict.fromJson(verdict.toShortJson())).contains(verdict);
        assertThat(AuthenticationResults.parse(verdict.authenticationResults("mx.example.net").toField().body()))
                .isInstanceOf(AuthenticationResults.Parse.Sound.class);
    }

    @Test
    void aHeaderBlockBeyondTheLimitIsNotJudgedAndSaysSo() {
        String message = SIGNATURE + "A: b\r\n".repeat(100_000) + "\r\n";
        assertThat(check(new FakeDns()).check(Connection.UNKNOWN, in(message)).dkim())
                .extracting(DkimResult::reason)
                .containsExactly("not checked: more than 10000 header fields");
    }

    @Test
    void aNameServerThatNeverAnswersIsATemporaryErrorWithinTheDeadline() throws IOException {
        try (LoopbackDns server = LoopbackDns.start()) {
            server.behave("s._domainkey.example.com", Behaviour.SILENT);
            Dns dns = DnsjavaDns.onServers(List.of(server.socketAddress()), Duration.ofSeconds(30), 1);
            InboundOptions options = InboundOptions.DEFAULT.withDeadline(Duration.ofMillis(300));
            InboundCheck check = new InboundCheck(dns, options, Thread::startVirtualThread, InstantSource.system());
            long start = System.nanoTime();
            Verdict verdict = check.check(Connection.UNKNOWN, in(SIGNATURE + "From: a@example.com\r\n\r\n"));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            assertThat(verdict.dkim()).extracting(DkimResult::state).containsExactly(DkimState.TEMPERROR);
        }
    }

    @Test
    void aDnsThatThrowsCostsTheSignatureItsResultAndDmarcThePolicy() {
        Dns broken = new Dns() {
            @Override
            public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
                throw new IllegalStateException("broken");
            }
        };
        Verdict verdict = check(broken).check(Connection.UNKNOWN, in(SIGNATURE + "From: a@example.com\r\n\r\n"));
        assertThat(verdict.dkim()).extracting(DkimResult::state).containsExactly(DkimState.PERMERROR);
        assertThat(verdict.dmarc()).map(DmarcResult::status).contains(DmarcResult.Status.TEMPERROR);
    }

    @Test
    void aSurpriseIsLoggedUnderTheMessageIdWhateverThatHolds() {
        Dns broken = new Dns() {
            @Override
            public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
                throw new IllegalStateException("broken");
            }
        };
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        try {
            System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
            check(broken).check(Connection.UNKNOWN, in(SIGNATURE + "From: a@example.com\r\nMessage-ID: <1@\rERROR forged \u001b[2J\u00e9>\r\n\r\n"));
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("Message <1@?ERROR?forged??[2J?> from ").doesNotContain("\rERROR", "\u001b");
    }

    @Test
    void aStreamThatFailsBecomesATemporaryError() throws IOException {
        InputStream failing = InputStream.nullInputStream();
        failing.close();
        assertThat(check(new FakeDns()).check(Connection.UNKNOWN, failing).dkim())
                .extracting(DkimResult::state)
                .containsExactly(DkimState.TEMPERROR);
    }

    @Test
    void anUnsignedMessageSaysNone() {
        Verdict verdict = check(new FakeDns()).check(Connection.UNKNOWN, in("From: a@example.com\r\n\r\n"));
        assertThat(verdict.authenticationResults("mx.example.net").toField().unfolded()).contains("dkim=none");
    }

    @Test
    void whatIsNoVerdictIsNotReadAsOne() {
        for (String json : List.of("", "{}", "[]", "null", "{\"dkim\":[{}]}", "{\"dkim\":[{\"result\":\"superb\",\"reason\":\"\"}]}")) {
            assertThat(Verdict.fromJson(json)).as(json).isEmpty();
        }
    }
}
