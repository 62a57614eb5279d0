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
import dev.signet.authres.PropertyType;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimSigner;
import dev.signet.dkim.DkimState;
import dev.signet.dkim.Signer;
import dev.signet.dkim.SigningOptions;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.DomainName;
import dev.signet.dns.Network;
import dev.signet.fuzz.CarelessReaders;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Drip;
import dev.signet.fuzz.Expect;
import dev.signet.fuzz.MutatedMessage;
import dev.signet.keys.KeyRecord;
import dev.signet.keys.SigningKey;
import dev.signet.message.Canonicalization;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
import dev.signet.message.MessageReader;
import dev.signet.senderid.SenderIdOptions;
import dev.signet.testing.FakeDns;
import dev.signet.testing.Rfc8463Example;
import org.junit.jupiter.api.Test;
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
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The whole check of whole messages that were changed on their way. The forger who brings them passes SPF; the author's domain asks
 * for reject.
 */
class InboundCheckFuzzTest {

    private static final String SIGNED = Rfc8463Example.MESSAGE;

    // Signed as it stands, with 8-bit bytes and parts.
    private static final String PARTS = """
            From: Joe <joe@football.example.com>
            To: suzie@shopping.example.net
            Subject: d\u00c3\u00aener
            Date: Mon, 23 Nov 2026 11:00:00 +0000
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain; charset=utf-8

            \u00c3\u00bc  and a blank\s
            --b--
            """.replace("\n", "\r\n");

    private static final DomainName VICTIM = DomainName.of("football.example.com");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
    // The same in every run: what was found in one has to mean the same in the next. RSA, since its check costs the least.
    private static final SigningKey KEY = key(
            "MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAKVIwvzjk2cBIzyplHpCVV1vZ43j7pc4RUQWVpnmfEV78kymbChY326Wmt0kdswP4Ru1+LY2"
                    + "yRERFiQu8J3F619Iwh6yk6jPeOvD78FoKLJSZIBtce9nV6ZcOrp3psSdr7GxWquuwM98NV0ZbGsqpmi2LBckeEZwBJzwKzaGEdlfAgMBAAECgYBa4VYtfO"
                    + "h4s5xvZ4L3cm/Dr1TOJOz0gwE6/dliR+Q+xHcnBD7mNG+uO+ss+zbC31xUQ0tczWTjGHUHMjQlXEUdPcjvnqUbaJqwOmhenSngBf74ZoRsfPRSpV3tOdF3"
                    + "2l9UCp7A2zGfv1B+pj/wRoiRg1LM5Jj/GjCAXLNkz0ju4QJBANfTFN+m8pVUZOEwicEF40WY2pueKsBCJA8zwIgtq1iFRPaX/aPcOOuN8Fm3NDA+xtgGbc"
                    + "aqZiwLyotzb8ahmbECQQDEDTp2WDgocDWMjCGDK8eyszTaKza6szfSlt4lRn2eQh1DJC6CHL19Sxd6meGTPRleTDF5GW5u+88NkoSuVVgPAkAoXUj9Hzsl"
                    + "ZJhNaYeJ+zDrVlAkZKt4M6aM1U//6BKwxpQETp7YY5qdq3k1PkdbcpI72s/zJPFg8X+bHybbjmOxAkEAlNNN7ASwLNJxdA30arTTVa6AkpV3aGcgGzb3z+"
                    + "gg+ABMYmmW/KKAnhpg6mriOHmLRnAkpj9N++Yfmbf+DLEwtQJBAIzfkXjtMZzAOp2W1cW3EWUeU+nN2ZXrVasRUAAOY6FntrFOUA2KOZrdVZrpmWCwagA6"
                    + "Ch/KddMHNfvCh3jcCEw=");
    private static final Signer OWN = new Signer(VICTIM, "own", KEY);
    private static final Signer LIST = new Signer(DomainName.of("list.test"), "arc", KEY);
    private static final Signer TRUSTED = new Signer(DomainName.of("trusted.test"), "arc", KEY);
    private static final FakeDns DNS = Rfc8463Example.publish(new FakeDns())
            .txt("own._domainkey.football.example.com", KeyRecord.of(KEY, "own", VICTIM).value())
            .txt("arc._domainkey.list.test", KeyRecord.of(KEY, "arc", LIST.domain()).value())
            .txt("arc._domainkey.trusted.test", KeyRecord.of(KEY, "arc", TRUSTED.domain()).value())
            .txt("_dmarc.football.example.com", "v=DMARC1; p=reject")
            .txt("_dmarc.forger.test", "v=DMARC1; p=none")
            .txt("forger.test", "v=spf1 +all");

    // What a list whose seals we trust made of the first one.
    private static final String POST = SIGNED.replace("Subject: ", "Subject: [list] ") + "-- \r\nThe list\r\n";
    private static final List<MutatedMessage.Original> MESSAGES = Stream.of(
                    SIGNED,
                    sealed(SIGNED, ArcState.NONE, LIST),
                    sealed(sealed(SIGNED, ArcState.NONE, LIST), ArcState.PASS, LIST),
                    SIGNED.substring(SIGNED.indexOf("From:")),
                    signed(PARTS),
                    sealed(POST, ArcState.NONE, TRUSTED),
                    sealed(sealed(POST, ArcState.NONE, TRUSTED), ArcState.PASS, LIST),
                    sealed(sealed(POST, ArcState.NONE, LIST), ArcState.PASS, TRUSTED))
            .map(MutatedMessage.Original::of)
            .toList();
    private static final Set<Content> SIGNED_CONTENTS = Set.of(Content.of(SIGNED), Content.of(PARTS));
    private static final Content SEALED_CONTENT = Content.of(POST);

    private static final InboundCheck CHECK = new InboundCheck(
            DNS,
            InboundOptions.DEFAULT
                    .withConnection(ConnectionOptions.DEFAULT.withSenderId(SenderIdOptions.DEFAULT))
                    .withTrustedSealers(TrustedSealers.of(List.of("trusted.test"))),
            Runnable::run,
            CLOCK);
    private static final Connection CONNECTION =
            new Connection(Network.parse("203.0.113.9").orElseThrow().address(), "forger.test", "x@forger.test", null, null);

    /** What nobody may change under a signature or a seal, up to white space. */
    private record Content(List<String> from, List<String> subject, String to, String body) {

        private static final Pattern FOLD = Pattern.compile("\r\n(?=[ \t])");
        private static final Pattern BLANKS = Pattern.compile("[ \t]+");
        private static final Pattern END = Pattern.compile(" ?(\r\n ?)*\\z");

        static Content of(String message) {
            HeaderBlock header = header(message.getBytes(StandardCharsets.ISO_8859_1));
            return new Content(
                    header.all("From").stream().map(field -> relaxed(field.body())).toList(),
                    header.all("Subject").stream().map(field -> relaxed(field.body())).toList(),
                    header.all("To").isEmpty() ? "" : relaxed(header.all("To").getLast().body()),
                    relaxed(message.substring(message.indexOf("\r\n\r\n") + 4)));
        }

        private static String relaxed(String text) {
            String blanks = BLANKS.matcher(FOLD.matcher(text).replaceAll("")).replaceAll(" ");
            return END.matcher(blanks.replace(" \r\n", "\r\n")).replaceAll("").strip();
        }
    }

    private static SigningKey key(String pkcs8) {
        try {
            return SigningKey.of(KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pkcs8))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ByteArrayInputStream in(String message) {
        return new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String signed(String message) {
        try {
            DkimSigner signer = new DkimSigner(SigningOptions.DEFAULT.withForms(Canonicalization.SIMPLE, Canonicalization.SIMPLE), CLOCK);
            return switch (signer.sign(in(message), List.of(OWN))) {
                case DkimSigner.Result.Signed(List<HeaderField> fields) -> fields.getFirst() + "\r\n" + message;
                case DkimSigner.Result.NotSigned(String reason) -> throw new IllegalStateException(reason);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sealed(String message, ArcState found, Signer signer) {
        try {
            AuthenticationResults results = AuthenticationResults.of(
                    "mx." + signer.domain(), List.of(MethodResult.of("dkim", "pass").withProperty(PropertyType.HEADER, "d", VICTIM.ascii())));
            return switch (new ArcSealer(SealedHeaders.DEFAULT, CLOCK).seal(in(message), found, results, signer)) {
                case ArcSealer.Result.Sealed(List<HeaderField> fields) ->
                        String.join("\r\n", fields.stream().map(HeaderField::toString).toList()) + "\r\n" + message;
                case ArcSealer.Result.NotSealed(String reason) -> throw new IllegalStateException(reason);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the mutations begin with is what it should be: else they would find nothing. */
    @Test
    void theMessagesThatAreMutatedPassOrAreLetThroughOrAreRefused() {
        List<String> fates = MESSAGES.stream()
                .map(message -> CHECK.check(CONNECTION, in(message.text())))
                .map(verdict -> verdict.dkim().stream().map(DkimResult::state).distinct().toList() + " " + verdict.arc().state() + " "
                        + verdict.dmarc().orElseThrow().status() + " " + verdict.dmarc().orElseThrow().disposition())
                .toList();
        assertThat(fates).containsExactly(
                "[pass] none PASS NONE", "[pass] pass PASS NONE", "[pass] pass PASS NONE", "[] none FAIL REJECT", "[pass] none PASS NONE",
                "[fail] pass FAIL NONE", "[fail] pass FAIL REJECT", "[fail] pass FAIL NONE");
    }

    static Stream<byte[]> messages() {
        // The last one doubles spaces.
        return Corpus.of(InboundCheckFuzzTest.class, "messages",
                "\0", "\1", "\2", "\3", "\4", "\5", "\6", "\7", "\0\2\0\3", "\1\5\4\7\2\6\4\1\3", "\5\0\16\1", "8".repeat(78) + "n\u00e8");
    }

    @MethodSource
    @FuzzTest
    void messages(byte[] decisions) {
        String message = MutatedMessage.of(MESSAGES, decisions);
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        List<Verdict> verdicts = Drip.both(bytes).map(in -> CHECK.check(CONNECTION, in)).toList();
        DNS.forget();
        Verdict verdict = verdicts.getFirst();
        Expect.that(verdict.equals(verdicts.getLast()), () -> "it depends on the pieces: " + verdicts);
        String json = verdict.toJson();
        Expect.that(!json.contains("the check failed"), () -> json);
        for (String written : List.of(json, verdict.toShortJson())) {
            Expect.that(Verdict.fromJson(written).map(Verdict::toJson).filter(json::equals).isPresent(), () -> written + " of " + json);
        }
        HeaderField results = verdict.authenticationResults("mx.example.net").toField();
        Expect.that(AuthenticationResults.parse(results.body()) instanceof AuthenticationResults.Parse.Sound, results::toString);
        verdict.dkim().forEach(result -> Expect.withoutControls(result.reason()));
        DmarcResult dmarc = verdict.dmarc().orElseThrow();
        if (verdict.dkim().stream().anyMatch(result -> result.state() == DkimState.PASS && VICTIM.equals(result.domain()))) {
            assertThat(SIGNED_CONTENTS).contains(Content.of(message));
        } else if (sees(header(bytes), VICTIM) && dmarc.disposition() != Disposition.REJECT) {
            assertThat(dmarc.handling().overrides()).as("%s", dmarc).isNotEmpty();
            assertThat(verdict.arc().state()).isEqualTo(ArcState.PASS);
            assertThat(Content.of(message)).isEqualTo(SEALED_CONTENT);
        }
    }

    private static boolean sees(HeaderBlock header, DomainName domain) {
        return header.all("From").stream().anyMatch(field -> CarelessReaders.libraries(field.body()).contains(domain));
    }

    private static HeaderBlock header(byte[] message) {
        try {
            return MessageReader.open(new ByteArrayInputStream(message), MessageLimits.DEFAULT).header();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
