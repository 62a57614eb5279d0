// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.authres.AuthenticationResults;
import dev.signet.dkim.DkimSigner;
import dev.signet.dkim.DkimState;
import dev.signet.dkim.Signer;
import dev.signet.dkim.SigningOptions;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.Dns;
import dev.signet.dns.DnsjavaDns;
import dev.signet.dns.DomainName;
import dev.signet.dns.RecordType;
import dev.signet.keys.GeneratedKey;
import dev.signet.keys.KeyGenerator;
import dev.signet.keys.KeyRecord;
import dev.signet.message.Utf8;
import dev.signet.testing.Behaviour;
import dev.signet.testing.FakeDns;
import dev.signet.testing.LoopbackDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Messages that want to look like the victim's and to be judged as somebody else's. The forger owns a domain, passes SPF and signs
 * with it; the victim asks for reject.
 */
class HostileAuthorTest {

    private static final String VICTIM = OddFrom.VICTIM;
    private static final String FORGER = OddFrom.FORGER;

    private final FakeDns dns = new FakeDns()
            .txt("_dmarc." + VICTIM, "v=DMARC1; p=reject")
            .txt("_dmarc." + FORGER, "v=DMARC1; p=none")
            .txt(FORGER, "v=spf1 +all");

    private Verdict check(String header) {
        return check(dns, InboundOptions.DEFAULT, "x@" + FORGER, header);
    }

    private static Verdict check(Dns dns, InboundOptions options, String mailFrom, String header) {
        InputStream message = new ByteArrayInputStream((header + "\r\nbody\r\n").getBytes(StandardCharsets.ISO_8859_1));
        return new InboundCheck(dns, options, Thread::startVirtualThread, InstantSource.system())
                .check(new Connection(client(), FORGER, mailFrom, null, null), message);
    }

    private static InetAddress client() {
        try {
            return InetAddress.getByName("203.0.113.9");
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private DmarcResult dmarc(String header) {
        return check(header).dmarc().orElseThrow();
    }

    @Test
    void aThousandOddFromFieldsNeverEndAsNoPolicyWhereAVisibleDomainHasOne() {
        long seed = System.nanoTime();
        System.out.println("aThousandOddFromFieldsNeverEndAsNoPolicyWhereAVisibleDomainHasOne: seed " + seed);
        OddFrom odd = new OddFrom(seed);
        for (int i = 0; i < 1000; i++) {
            String header = odd.next();
            DmarcResult result = dmarc(header);
            assertThat(result.disposition()).as("seed %d, message %d, %s: %s", seed, i, header, result).isEqualTo(Disposition.REJECT);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {
        "From: x@FORGER\r\nFrom: ceo@VICTIM\r\n", // CVE-2019-16378: OpenDMARC looked at the first
        "From: x@FORGER, ceo@VICTIM\r\n", // CVE-2021-34555: OpenDMARC stopped at several authors
        "From: ceo@VICTIM, x@FORGER\r\nSender: x@FORGER\r\n",
        "From: ceo@VICTIM\r\nFrom: ceo@VICTIM\r\n",
        "FROM: x@FORGER\r\nfrom : ceo@VICTIM\r\n",
        "From:\r\n\tx@FORGER,\r\n\tceo@VICTIM\r\n",
        "From: a: x@FORGER;, b: ceo@VICTIM;\r\n"})
    void severalAuthorsGetTheStrictestPolicyOfAnyOfThem(String header) {
        // Hostile case 1.
        assertThat(dmarc(named(header)).disposition()).isEqualTo(Disposition.REJECT);
    }

    @Test
    void withoutAnAuthorNoOtherFieldStandsIn() {
        // Hostile case 1. OpenDMARC and Sender ID readers fall back to Sender, which is the forger's to choose.
        DmarcResult result = dmarc(named("Sender: x@FORGER\r\nReply-To: x@FORGER\r\n"));

        assertThat(result.status()).isEqualTo(DmarcResult.Status.PERMERROR);
        assertThat(result.authorDomain()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {
        "\"ceo@VICTIM\"@FORGER", "ceo@VICTIM(@FORGER", "<@FORGER:ceo@VICTIM>", "=?utf-8?q?ceo=40VICTIM?=@FORGER", "ceo@VICTIM\0",
        "ceo@VICTIM <x@FORGER", "x@FORGER <ceo@VICTIM", "(x@FORGER)ceo@VICTIM", "ceo@(c)VICTIM", "x@FORGER\\, ceo@VICTIM"})
    void whereReadersDifferTheVictimsPolicyApplies(String body) {
        // Hostile case 2.
        DmarcResult result = dmarc(named("From: " + body + "\r\n"));

        // The first one is, by every grammar, an address at the forger's, with odd letters in front of the last @.
        Disposition expected = body.startsWith("\"") ? Disposition.NONE : Disposition.REJECT;
        assertThat(result.disposition()).as(result.toString()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "ceo@VICTIM\u200E", "x@FORGER, CEO <ceo@VICTIM\u200E>", "ceo@VICTIM\u00A0", "ceo@VICTIM..", "ceo@[VICTIM]", "ceo\uFF20VICTIM",
        "=?utf-7?q?ceo+AEA-VICTIM?=", "\"ceo@VICTIM\":;"})
    void whatShowsTheVictimsNameDoesNotGetAroundHisPolicyByACharacterMore(String body) {
        // Hostile case 2.
        assertThat(dmarc(Utf8.encode(named("From: " + body + "\r\n"))).disposition()).isEqualTo(Disposition.REJECT);
        assertThat(dmarc(Utf8.encode(named("From: x@FORGER\r\nFrom\u000b: " + body + "\r\n"))).disposition()).isEqualTo(Disposition.REJECT);
    }

    @Test
    void namesInOtherLettersOfTheSameMeaningAreTheSameName() {
        // Hostile case 3.
        dns.txt("_dmarc.xn--bcher-kva.example", "v=DMARC1; p=reject").txt("_dmarc.info.example", "v=DMARC1; p=reject");
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.of("tr", "TR"));
            for (String domain : List.of(
                    "b\u00c3\u00bccher.example", "B\u00c3\u009cCHER.EXAMPLE", "xn--bcher-kva.example.", "XN--BCHER-KVA.example", "INFO.EXAMPLE",
                    "info.example.", "b\u00c3\u00bccher\u00e3\u0080\u0082example")) {
                assertThat(dmarc("From: ceo@" + domain + "\r\n").disposition()).as(domain).isEqualTo(Disposition.REJECT);
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aSignatureOfTheVictimsTopLevelDomainOrOfAPublicSuffixAboveItDoesNotAlign() throws IOException {
        // Hostile case 5.
        dns.txt("_dmarc.bank.suffix.test", "v=DMARC1; p=reject").txt("_dmarc.suffix.test", "v=DMARC1; p=none; psd=y");
        for (String signer : List.of("test", "suffix.test", "other.suffix.test")) {
            Verdict verdict = check(signed(signer, "From: ceo@bank.suffix.test\r\n"));
            assertThat(verdict.dkim()).extracting(result -> result.state()).containsExactly(DkimState.PASS);
            assertThat(verdict.dmarc().orElseThrow().status()).as(signer).isEqualTo(DmarcResult.Status.FAIL);
        }
        assertThat(check(signed("mail.bank.suffix.test", "From: ceo@bank.suffix.test\r\n")).dmarc().orElseThrow().status())
                .isEqualTo(DmarcResult.Status.PASS);
    }

    @Test
    void aPassOfADomainThatIsNotTheAuthorsIsNone() throws IOException {
        Verdict verdict = check(signed(FORGER, named("From: \"ceo@VICTIM\" <ceo@VICTIM>\r\n")));

        assertThat(verdict.dkim()).extracting(result -> result.state()).containsExactly(DkimState.PASS);
        assertThat(verdict.dmarc().orElseThrow().disposition()).isEqualTo(Disposition.REJECT);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "From: ceo@\"x\r\nX-Forged: y\"", "From: ceo@victim.example\r\n\tbcc: (\u0007\u001b[31m)", "From: ceo@vic\"tim.example",
        "From: ceo@victim.example;dmarc=pass", "From: \"\r\n\r\n\" <x@victim.example>"})
    void nothingOfAStrangersTextLeavesItsPlace(String header) {
        // Hostile case 8.
        String evil = "x\r\nX-Forged: yes; dmarc=pass\u0000\"@" + FORGER;
        dns.txt("_dmarc.odd.test", "v=DMARC1; p=\r\nX-Forged: y; rua=mailto:a@odd.test; x=\u0000\u001b");
        for (String line : List.of(header, "From: ceo@odd.test", header + ", ceo@odd.test")) {
            Verdict verdict = check(dns, InboundOptions.DEFAULT, evil, line + "\r\n");
            AuthenticationResults results = verdict.authenticationResults("mx.example.net");
            String field = results.toField().toString();

            assertThat(field.replaceAll("\r\n[ \t]", " ")).doesNotContain("\r", "\n", "\u0000", "\u001b");
            assertThat(AuthenticationResults.parse(results.toField().body())).isInstanceOfSatisfying(
                    AuthenticationResults.Parse.Sound.class,
                    sound -> assertThat(sound.field().results().stream().filter(result -> result.method().equals("dmarc")))
                            .singleElement()
                            .satisfies(result -> assertThat(result.result()).isNotEqualTo("pass")));
            assertThat(Verdict.fromJson(verdict.toShortJson()).orElseThrow().toJson()).isEqualTo(verdict.toJson()).doesNotContain("\n", "\r");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"_dmarc.a.b.victim.example", "_dmarc.b.victim.example", "_dmarc.victim.example", "_dmarc.example"})
    void aFailureAnywhereOnTheWayIsATemporaryErrorAndNeverNoPolicy(String name) {
        // Hostile case 22. authheaders takes a SERVFAIL for "no record".
        dns.failing(name, RecordType.TXT, "SERVFAIL");

        DmarcResult result = dmarc(named("From: ceo@a.b.VICTIM\r\n"));

        assertThat(result.status()).isEqualTo(DmarcResult.Status.TEMPERROR);
        assertThat(result.disposition()).isEqualTo(Disposition.NONE);
        assertThat(result.authorDomain()).contains(DomainName.of("a.b." + VICTIM));
    }

    @Test
    void aNameServerThatIsDownIsATemporaryErrorWithinTheDeadline() {
        // Hostile case 22.
        try (LoopbackDns server = LoopbackDns.start()) {
            for (String name : List.of("_dmarc.victim.example", "_dmarc.example", "forger.test", "9.113.0.203.in-addr.arpa")) {
                server.behave(name, Behaviour.SILENT);
            }
            Dns silent = DnsjavaDns.onServers(List.of(server.socketAddress()), Duration.ofSeconds(30), 1);
            long start = System.nanoTime();

            Verdict verdict = check(
                    silent, InboundOptions.DEFAULT.withDeadline(Duration.ofMillis(300)), "x@" + FORGER, named("From: ceo@VICTIM\r\n"));

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(300), Duration.ofSeconds(10));
            assertThat(verdict.dmarc().map(DmarcResult::status)).contains(DmarcResult.Status.TEMPERROR);
            assertThat(verdict.authenticationResults("mx.example.net").toField().unfolded()).contains("dmarc=temperror");
        }
    }

    @Test
    void aSlowReverseNameCostsDmarcNothing() {
        // Hostile case 22: who is slow on purpose must not make us late for what comes after.
        dns.txt("bounces.victim.example", "v=spf1 ip4:203.0.113.9 -all");
        try (LoopbackDns server = LoopbackDns.start()) {
            server.txt("_dmarc.victim.example", "v=DMARC1; p=reject").txt("bounces.victim.example", "v=spf1 ip4:203.0.113.9 -all");
            server.behave("9.113.0.203.in-addr.arpa", Behaviour.SILENT).behave(FORGER, Behaviour.SILENT);
            Dns slow = DnsjavaDns.onServers(List.of(server.socketAddress()), Duration.ofSeconds(30), 1);

            Verdict verdict = check(
                    slow,
                    InboundOptions.DEFAULT.withDeadline(Duration.ofSeconds(4)),
                    "x@bounces." + VICTIM,
                    named("From: ceo@VICTIM\r\n"));

            assertThat(verdict.dmarc().map(DmarcResult::status)).contains(DmarcResult.Status.PASS);
        }
    }

    @Test
    void noMessageMakesUsAskMoreThanItsBudgets() {
        // Hostile case 23: 1,000 signatures of names as deep as can be, and as many authors.
        String deep = "a.b.c.d.e.f.g.h.i.j";
        String signatures = IntStream.range(0, 1000)
                .mapToObj(i -> "DKIM-Signature: v=1; a=rsa-sha256; d=" + deep + ".s" + i + "." + VICTIM + "; s=s; h=from; bh=" + "A".repeat(43)
                        + "=; b=AAAA\r\n")
                .collect(Collectors.joining());
        String authors = "From: " + IntStream.range(0, 8).mapToObj(i -> "x@" + deep + ".x" + i + ".test").collect(Collectors.joining(", "));

        assertThat(dmarc(signatures + named("From: ceo@VICTIM\r\n")).disposition()).isEqualTo(Disposition.REJECT);
        assertThat(dns.asked()).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(150);
        dns.forget();
        check(signatures + authors + "\r\n");
        assertThat(dns.asked()).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(100);
        dns.forget();
        assertThat(dmarc(authors + named(", x@x9.test, ceo@VICTIM\r\n")).disposition()).isEqualTo(Disposition.REJECT);
        assertThat(dns.asked()).hasSizeLessThanOrEqualTo(100);
    }

    private static String named(String template) {
        return template.replace("VICTIM", VICTIM).replace("FORGER", FORGER);
    }

    private String signed(String domain, String header) throws IOException {
        GeneratedKey key = new KeyGenerator(new SecureRandom()).ed25519();
        DomainName signer = DomainName.of(domain);
        KeyRecord record = KeyRecord.of(key.key(), "s", signer);
        dns.txt(record.name().ascii(), record.value());
        String message = header + "\r\nbody\r\n";
        DkimSigner.Result result = new DkimSigner(SigningOptions.DEFAULT, InstantSource.system()).sign(
                new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)), List.of(new Signer(signer, "s", key.key())));
        if (result instanceof DkimSigner.Result.Signed signed) {
            return signed.fields().getFirst() + "\r\n" + header;
        }
        throw new AssertionError(result);
    }
}
