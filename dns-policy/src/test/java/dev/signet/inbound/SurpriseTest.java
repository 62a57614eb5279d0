// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.arc.ArcSealer;
import dev.signet.arc.ArcState;
import dev.signet.arc.SealedHeaders;
import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimSigner;
import dev.signet.dkim.DkimState;
import dev.signet.dkim.Signer;
import dev.signet.dkim.SigningOptions;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.Dns;
import dev.signet.dns.DnsAnswer;
import dev.signet.dns.DomainName;
import dev.signet.dns.Network;
import dev.signet.dns.RecordType;
import dev.signet.iprev.IpRevResult;
import dev.signet.keys.KeyRecord;
import dev.signet.keys.SigningKey;
import dev.signet.message.HeaderField;
import dev.signet.senderid.SenderIdOptions;
import dev.signet.senderid.SenderIdResult;
import dev.signet.spf.SpfResult;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.Security;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A surprise costs the signature, or the protocol, in which it happens its result. The others are judged as ever, and nobody gets around a
 * policy by it.
 */
// Reads what is logged, which is to be from here.
@Isolated
class SurpriseTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
    private static final DomainName AUTHOR = DomainName.of("victim.test");
    private static final DomainName OTHER = DomainName.of("forger.test");
    private static final String MESSAGE = "From: a@victim.test\r\nTo: b@home.test\r\nSubject: x\r\nMessage-ID: <1@victim.test>\r\n\r\nbody\r\n";
    private static final KeyPair GOOD = pair();
    private static final KeyPair ODD = pair();
    private static final OddProvider PROVIDER = new OddProvider((RSAPublicKey) ODD.getPublic());

    private final Set<DomainName> published = new HashSet<>();
    private final FakeDns zone = new FakeDns()
            .txt("_dmarc.victim.test", "v=DMARC1; p=reject")
            .txt("_dmarc.forger.test", "v=DMARC1; p=none")
            .txt("victim.test", "v=spf1 ip4:192.0.2.1 -all")
            .txt("helo.test", "v=spf1 ip4:192.0.2.1 -all");

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(1024);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where a surprise comes from. */
    enum Cause {
        PROVIDER, DNS_THROWS, DNS_FUTURE_FAILS
    }

    private Signer signer(DomainName domain, KeyPair pair) {
        Signer signer = new Signer(domain, pair == ODD ? "odd" : "good", SigningKey.of(pair.getPrivate()));
        KeyRecord record = KeyRecord.of(signer.key(), signer.selector(), domain);
        if (published.add(record.name())) {
            zone.txt(record.name().ascii(), record.value());
        }
        return signer;
    }

    /** The first signer's signature on top. */
    private static String signed(Signer... signers) throws IOException {
        return signed(MESSAGE, signers);
    }

    private static String signed(String message, Signer... signers) throws IOException {
        DkimSigner.Result result = new DkimSigner(SigningOptions.DEFAULT, CLOCK).sign(in(message), List.of(signers));
        return lines(((DkimSigner.Result.Signed) result).fields()) + message;
    }

    private static String sealed(String message, ArcState found, Signer signer) throws IOException {
        AuthenticationResults results = AuthenticationResults.of("mx.list.test", List.of(MethodResult.of("dkim", "pass")));
        ArcSealer.Result result = new ArcSealer(SealedHeaders.DEFAULT, CLOCK).seal(in(message), found, results, signer);
        return lines(((ArcSealer.Result.Sealed) result).fields()) + message;
    }

    private static String lines(List<HeaderField> fields) {
        return String.join("", fields.stream().map(field -> field + "\r\n").toList());
    }

    private static ByteArrayInputStream in(String message) {
        return new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Of a client that SPF knows for both of its names. */
    private static Connection from(String mailFrom) {
        return new Connection(Network.parse("192.0.2.1").orElseThrow().address(), "helo.test", mailFrom, null, null);
    }

    private static Verdict check(Dns dns, Connection connection, String message) {
        InboundOptions options = InboundOptions.DEFAULT.withConnection(ConnectionOptions.DEFAULT.withSenderId(SenderIdOptions.DEFAULT));
        InboundCheck check = new InboundCheck(dns, options, Thread::startVirtualThread, CLOCK);
        Security.insertProviderAt(PROVIDER, 1);
        Verdict verdict;
        try {
            verdict = check.check(connection, in(message));
        } finally {
            Security.removeProvider(PROVIDER.getName());
        }
        assertThat(Verdict.fromJson(verdict.toShortJson()).map(Verdict::toJson)).contains(verdict.toJson());
        return verdict;
    }

    private Dns dns(Cause cause) {
        return switch (cause) {
            case PROVIDER -> zone;
            case DNS_THROWS -> stumbling("odd._domainkey", false);
            case DNS_FUTURE_FAILS -> stumbling("odd._domainkey", true);
        };
    }

    /** Breaks its contract for the names that begin so. */
    private Dns stumbling(String start, boolean late) {
        return new Dns() {
            @Override
            public <T> CompletableFuture<DnsAnswer<T>> lookup(DomainName name, RecordType<T> type) {
                if (!name.ascii().startsWith(start)) {
                    return zone.lookup(name, type);
                }
                if (late) {
                    return CompletableFuture.supplyAsync(() -> {
                        throw new ArithmeticException(name.ascii());
                    });
                }
                throw new ArithmeticException(name.ascii());
            }
        };
    }

    private static DmarcResult dmarc(Verdict verdict) {
        return verdict.dmarc().orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void aSignatureIsJudgedAsEverBesideOneThatIsASurprise(Cause cause) throws IOException {
        Signer good = signer(AUTHOR, GOOD);
        Signer odd = signer(AUTHOR, ODD);

        Verdict behind = check(dns(cause), from("x@forger.test"), signed(good, odd));
        assertThat(behind.dkim()).extracting(DkimResult::state).containsExactly(DkimState.PASS, DkimState.PERMERROR);
        assertThat(behind.dkim().getLast().reason()).isEqualTo("the check failed: ArithmeticException");
        assertThat(behind.dkim().getLast().selector()).isEqualTo("odd");
        assertThat(dmarc(behind).status()).isEqualTo(DmarcResult.Status.PASS);

        Verdict inFront = check(dns(cause), from("x@forger.test"), signed(odd, good));
        assertThat(inFront.dkim()).extracting(DkimResult::state).containsExactly(DkimState.PERMERROR, DkimState.PASS);
        assertThat(dmarc(inFront).status()).isEqualTo(DmarcResult.Status.PASS);
    }

    @ParameterizedTest
    @EnumSource
    void aSurpriseInASignatureOfTheAuthorIsNoWayAroundHisPolicy(Cause cause) throws IOException {
        String message = signed(signer(AUTHOR, ODD), signer(OTHER, GOOD));

        Verdict verdict = check(dns(cause), from("x@forger.test"), message);

        assertThat(verdict.dkim()).extracting(DkimResult::state).containsExactly(DkimState.PERMERROR, DkimState.PASS);
        assertThat(dmarc(verdict).status()).isEqualTo(DmarcResult.Status.FAIL);
        assertThat(dmarc(verdict).disposition()).isEqualTo(Disposition.REJECT);
    }

    @ParameterizedTest
    @EnumSource
    void aSurpriseInASignatureTakesNothingFromSpf(Cause cause) throws IOException {
        Verdict verdict = check(dns(cause), from("x@victim.test"), signed(signer(AUTHOR, ODD)));

        assertThat(dmarc(verdict).status()).isEqualTo(DmarcResult.Status.PASS);
        assertThat(dmarc(verdict).alignedSpf()).contains(AUTHOR);
    }

    @ParameterizedTest
    @EnumSource
    void aSurpriseInASealLeavesTheChainOpenAndTheSignaturesAlone(Cause cause) throws IOException {
        String message = signed(signer(AUTHOR, GOOD));
        Signer good = signer(DomainName.of("list.test"), GOOD);
        Signer odd = signer(DomainName.of("list.test"), ODD);

        for (String chain : List.of(
                sealed(sealed(message, ArcState.NONE, good), ArcState.PASS, odd), sealed(sealed(message, ArcState.NONE, odd), ArcState.PASS, good))) {
            Verdict verdict = check(dns(cause), from("x@forger.test"), chain);
            assertThat(verdict.arc().state()).isEqualTo(ArcState.TEMPERROR);
            assertThat(verdict.arc().reason()).contains("the check failed: ArithmeticException");
            assertThat(verdict.dkim()).extracting(DkimResult::state).containsExactly(DkimState.PASS);
            assertThat(dmarc(verdict).status()).isEqualTo(DmarcResult.Status.PASS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aChainThatIsBrokenFailsWhateverElseIsASurprise(Cause cause) throws IOException {
        Signer good = signer(DomainName.of("list.test"), GOOD);
        Signer odd = signer(DomainName.of("list.test"), ODD);
        String chain = sealed(sealed(MESSAGE, ArcState.NONE, odd), ArcState.PASS, good);

        Verdict verdict = check(dns(cause), from("x@forger.test"), chain.replace("Subject: x", "Subject: y"));

        assertThat(verdict.arc().state()).isEqualTo(ArcState.FAIL);
        assertThat(dmarc(verdict).disposition()).isEqualTo(Disposition.REJECT);
    }

    @Test
    void aSurpriseInSpfCostsThatIdentityItsResultAndIsNoWayAroundThePolicy() throws IOException {
        for (boolean late : List.of(false, true)) {
            Dns dns = stumbling("victim.test", late);
            Verdict forged = check(dns, from("x@victim.test"), MESSAGE);
            assertThat(forged.client().orElseThrow().mailFrom().state()).isEqualTo(SpfResult.State.PERMERROR);
            assertThat(forged.client().orElseThrow().mailFrom().reason()).isEqualTo("the check failed: ArithmeticException");
            assertThat(forged.client().orElseThrow().helo().state()).isEqualTo(SpfResult.State.PASS);
            assertThat(forged.senderId()).map(SenderIdResult::state).contains(SpfResult.State.PERMERROR);
            assertThat(dmarc(forged).disposition()).isEqualTo(Disposition.REJECT);
            assertThat(forged.receivedSpf("mx.home.test")).hasSize(2);

            assertThat(dmarc(check(dns, from("x@victim.test"), signed(signer(AUTHOR, GOOD)))).status()).isEqualTo(DmarcResult.Status.PASS);
        }
    }

    @Test
    void aSurpriseAboutTheClientsNameCostsThatAlone() {
        for (String start : List.of("1.2.0.192.in-addr.arpa", "helo.test")) {
            Verdict verdict = check(stumbling(start, false), from("x@victim.test"), MESSAGE);
            ClientVerdict client = verdict.client().orElseThrow();
            assertThat(client.reverseName().state()).isEqualTo(start.startsWith("1") ? IpRevResult.State.TEMPERROR : IpRevResult.State.PERMERROR);
            assertThat(client.helo().state()).isEqualTo(start.startsWith("1") ? SpfResult.State.PASS : SpfResult.State.PERMERROR);
            assertThat(client.mailFrom().state()).isEqualTo(SpfResult.State.PASS);
            assertThat(dmarc(verdict).status()).isEqualTo(DmarcResult.Status.PASS);
        }
    }

    @Test
    void aSurpriseAboutThePolicyIsATemporaryErrorOfDmarcAlone() throws IOException {
        for (boolean late : List.of(false, true)) {
            Verdict verdict = check(stumbling("_dmarc.victim.test", late), from("x@victim.test"), signed(signer(AUTHOR, GOOD)));
            assertThat(dmarc(verdict).status()).isEqualTo(DmarcResult.Status.TEMPERROR);
            assertThat(InboundOptions.DEFAULT.dmarc().orElseThrow().isWorthAnotherTry(dmarc(verdict), Optional.empty())).isFalse();
            assertThat(verdict.dkim()).extracting(DkimResult::state).containsExactly(DkimState.PASS);
            assertThat(verdict.client().orElseThrow().mailFrom().state()).isEqualTo(SpfResult.State.PASS);
        }
    }

    @Test
    void whatAForgersOwnDomainsDoToUsHidesNoPolicyOfAnother() throws IOException {
        // A second author, and a signer close enough to the author that his organization is asked for ahead.
        Dns author = stumbling("_dmarc.forger.test", false);
        assertThat(dmarc(check(author, from("x@forger.test"), "From: x@forger.test\r\n" + MESSAGE)).disposition()).isEqualTo(Disposition.REJECT);
        zone.txt("_dmarc.victim.co.test", "v=DMARC1; p=reject");
        Dns signer = stumbling("_dmarc.forger.co.test", false);
        String message = signed(MESSAGE.replace("a@victim.test", "a@victim.co.test"), signer(DomainName.of("forger.co.test"), GOOD));
        Verdict verdict = check(signer, from("x@forger.co.test"), message);
        assertThat(verdict.dkim()).extracting(DkimResult::state).containsExactly(DkimState.PASS);
        assertThat(dmarc(verdict).disposition()).isEqualTo(Disposition.REJECT);
    }

    @Test
    void allSurprisesOfAMessageAreLoggedOnceWithTheirStacks() throws IOException {
        String message = signed(signer(AUTHOR, ODD), signer(OTHER, ODD));
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        try {
            System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
            check(stumbling("helo.test", false), from("x@forger.test"), message);
        } finally {
            System.setErr(before);
        }
        String text = log.toString(StandardCharsets.UTF_8);
        assertThat(text.split("ERROR", -1)).as(text).hasSize(2);
        assertThat(text).contains("<1@victim.test>").contains("192.0.2.1");
        assertThat(text.split("ArithmeticException: helo.test", -1)).as("one, though SPF and the log of it met").hasSize(2);
        assertThat(text.split("Suppressed: java.lang.ArithmeticException: an odd signature", -1)).hasSize(3);
        assertThat(text).contains("at " + OddProvider.class.getName());
    }
}
