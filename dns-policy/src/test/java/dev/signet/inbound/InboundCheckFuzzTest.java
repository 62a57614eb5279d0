// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.arc.ArcSealer;
import dev.signet.arc.ArcState;
import dev.signet.arc.SealedHeaders;
import dev.signet.arc.TrustedSealers;
import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.dkim.Signer;
import dev.signet.dmarc.Disposition;
import dev.signet.dns.DomainName;
import dev.signet.dns.Network;
import dev.signet.fuzz.CarelessReaders;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Drip;
import dev.signet.fuzz.MutatedMessage;
import dev.signet.keys.KeyRecord;
import dev.signet.keys.SigningKey;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
import dev.signet.message.MessageReader;
import dev.signet.senderid.SenderIdOptions;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The whole check of whole messages that were changed on their way. The forger who brings them passes SPF; the author's domain asks
 * for reject.
 */
class InboundCheckFuzzTest {

    // RFC 8463 Appendix A.
    private static final String SIGNED = """
            DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=brisbane; t=1528637909; h=from : to :
             subject : date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
             Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=test; t=1528637909; h=from : to : subject :
             date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
             DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
             dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
            From: Joe SixPack <joe@football.example.com>
            To: Suzie Q <suzie@shopping.example.net>
            Subject: Is dinner ready?
            Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
            Message-ID: <20030712040037.46341.5F8J@football.example.com>

            Hi.

            We lost the game.  Are you hungry yet?

            Joe.
            """.replace("\n", "\r\n");

    private static final DomainName VICTIM = DomainName.of("football.example.com");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
    private static final FakeDns DNS = new FakeDns()
            .txt("brisbane._domainkey.football.example.com", "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
            .txt("test._domainkey.football.example.com",
                    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/"
                            + "J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip"
                            + "3G+2kryOTIKT+l/K4w3QIDAQAB")
            .txt("_dmarc.football.example.com", "v=DMARC1; p=reject")
            .txt("_dmarc.forger.test", "v=DMARC1; p=none")
            .txt("forger.test", "v=spf1 +all");
    private static final List<String> MESSAGES = List.of(SIGNED, sealed(SIGNED), sealed(sealed(SIGNED)), SIGNED.substring(SIGNED.indexOf("From:")));
    private static final InboundCheck CHECK = new InboundCheck(
            DNS,
            InboundOptions.DEFAULT
                    .withConnection(ConnectionOptions.DEFAULT.withSenderId(SenderIdOptions.DEFAULT))
                    .withTrustedSealers(TrustedSealers.of(List.of("other.test"))),
            Runnable::run,
            CLOCK);
    private static final Connection CONNECTION =
            new Connection(Network.parse("203.0.113.9").orElseThrow().address(), "forger.test", "x@forger.test", null, null);

    /** The key is the same in every run: what was found in one has to mean the same in the next. */
    private static String sealed(String message) {
        try {
            byte[] pkcs8 = HexFormat.of().parseHex("302e020100300506032b657004220420" + "07".repeat(32));
            SigningKey key = SigningKey.of(KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
            Signer signer = new Signer(DomainName.of("list.test"), "arc", key);
            KeyRecord record = KeyRecord.of(key, "arc", signer.domain());
            boolean first = !message.startsWith("ARC-");
            if (first) {
                DNS.txt(record.name().ascii(), record.value());
            }
            AuthenticationResults results = AuthenticationResults.of("mx.list.test", List.of(MethodResult.of("dkim", "pass")));
            ArcSealer.Result result = new ArcSealer(SealedHeaders.DEFAULT, CLOCK).seal(
                    new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)), first ? ArcState.NONE : ArcState.PASS, results, signer);
            return switch (result) {
                case ArcSealer.Result.Sealed(List<HeaderField> fields) ->
                        String.join("\r\n", fields.stream().map(HeaderField::toString).toList()) + "\r\n" + message;
                case ArcSealer.Result.NotSealed(String reason) -> throw new IllegalStateException(reason);
            };
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<byte[]> messages() {
        return Corpus.of(InboundCheckFuzzTest.class, "messages", "\0", "\1", "\2", "\3", "\0\2\0\3", "\1\5\4\7\2\6\4\1\3");
    }

    @MethodSource
    @FuzzTest
    void messages(byte[] decisions) {
        String message = MutatedMessage.of(MESSAGES, decisions);
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        List<Verdict> verdicts = Drip.both(bytes).map(in -> CHECK.check(CONNECTION, in)).toList();
        DNS.forget();
        assertThat(verdicts).containsOnly(verdicts.getFirst());
        Verdict verdict = verdicts.getFirst();
        assertThat(verdict.dkim()).noneMatch(result -> result.reason().contains("the check failed"));
        assertThat(Verdict.fromJson(verdict.toJson()).map(Verdict::toJson)).contains(verdict.toJson());
        assertThat(AuthenticationResults.parse(verdict.authenticationResults("mx.example.net").toField().body()))
                .isInstanceOf(AuthenticationResults.Parse.Sound.class);
        HeaderBlock header = header(bytes);
        boolean passed = verdict.dkim().stream().anyMatch(result -> result.state() == DkimState.PASS && VICTIM.equals(result.domain()));
        if (passed) {
            assertIntact(message, header);
        } else if (sees(header, VICTIM)) {
            assertThat(verdict.dmarc().orElseThrow().disposition()).as("%s", verdict.dmarc()).isEqualTo(Disposition.REJECT);
        }
        assertThat(verdict.dkim()).allMatch(result -> isPrintable(result));
    }

    /** What RFC 8463's example signs stands there as it was, and the author only once. */
    private static void assertIntact(String message, HeaderBlock header) {
        assertThat(header.all("From").stream().map(field -> relaxed(field.body()))).containsExactly("Joe SixPack <joe@football.example.com>");
        assertThat(header.all("Subject").stream().map(field -> relaxed(field.body()))).containsExactly("Is dinner ready?");
        assertThat(relaxed(header.all("To").getLast().body())).isEqualTo("Suzie Q <suzie@shopping.example.net>");
        String body = message.substring(message.indexOf("\r\n\r\n") + 4);
        assertThat(relaxed(body)).isEqualTo(relaxed(SIGNED.substring(SIGNED.indexOf("\r\n\r\n") + 4)));
    }

    private static String relaxed(String text) {
        return text.replaceAll("\r\n[ \t]", " ").replaceAll("[ \t]+", " ").replaceAll(" \r\n", "\r\n").replaceAll("(\r\n)+\\z", "").strip();
    }

    private static boolean sees(HeaderBlock header, DomainName domain) {
        return header.all("From").stream().anyMatch(field -> CarelessReaders.libraries(field.body()).contains(domain));
    }

    private static boolean isPrintable(DkimResult result) {
        return result.reason().chars().noneMatch(Character::isISOControl);
    }

    private static HeaderBlock header(byte[] message) {
        try {
            return MessageReader.open(new ByteArrayInputStream(message), MessageLimits.DEFAULT).header();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
