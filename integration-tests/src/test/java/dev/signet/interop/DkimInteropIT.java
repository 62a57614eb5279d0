// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimSigner;
import dev.signet.dkim.DkimState;
import dev.signet.dkim.SigningOptions;
import dev.signet.inbound.Connection;
import dev.signet.inbound.InboundCheck;
import dev.signet.inbound.InboundOptions;
import dev.signet.keys.KeyGenerator;
import dev.signet.keys.KeyType;
import dev.signet.message.Canonicalization;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What we sign holds for dkimpy and OpenDKIM, and what they sign holds for us. */
class DkimInteropIT {

    private static final KeyGenerator GENERATOR = new KeyGenerator(new SecureRandom());
    private static final TestKey RSA = new TestKey(GENERATOR.rsa(2048), "sender.example", "rsa");
    private static final TestKey ED25519 = new TestKey(GENERATOR.ed25519(), "sender.example", "ed");

    @TempDir
    private static Path directory;

    private static FakeDns dns;
    private static Optional<String> missingDkimpy;
    private static Optional<String> missingOpenDkim;
    private static Dkimpy dkimpy;
    private static OpenDkim openDkim;

    @BeforeAll
    static void start() throws Exception {
        dns = new FakeDns();
        missingDkimpy = Dkimpy.missing();
        missingOpenDkim = OpenDkim.missing();
        if (missingDkimpy.isEmpty()) {
            dkimpy = Dkimpy.start(directory);
        }
        if (missingOpenDkim.isEmpty()) {
            openDkim = new OpenDkim(directory);
        }
        for (TestKey key : List.of(RSA, ED25519)) {
            dns.txt(key.record().name().ascii(), key.record().value());
            if (dkimpy != null) {
                dkimpy.publish(key.record());
            }
        }
        if (openDkim != null) {
            openDkim.publish(RSA.record());
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (dkimpy != null) {
            dkimpy.close();
        }
    }

    static Stream<Arguments> casesOfBothKeys() {
        return Stream.of(RSA, ED25519).flatMap(DkimInteropIT::cases);
    }

    static Stream<Arguments> casesForOpenDkim() {
        return cases(RSA).filter(arguments -> OpenDkim.knows(
                (InteropMessage) arguments.get()[0], (Canonicalization) arguments.get()[1], (Canonicalization) arguments.get()[2]));
    }

    private static Stream<Arguments> cases(TestKey key) {
        return Stream.of(InteropMessage.values()).flatMap(message ->
                Stream.of(Canonicalization.values()).flatMap(header ->
                        Stream.of(Canonicalization.values()).map(body -> Arguments.of(message, header, body, key))));
    }

    @ParameterizedTest(name = "{0} {1}/{2} {3}")
    @MethodSource("casesOfBothKeys")
    void oursHoldsForDkimpy(InteropMessage message, Canonicalization header, Canonicalization body, TestKey key) throws Exception {
        assumeDkimpy();
        assertThat(dkimpy.verify(sign(message, header, body, key))).isEqualTo("pass");
    }

    @ParameterizedTest(name = "{0} {1}/{2} {3}")
    @MethodSource("casesOfBothKeys")
    void dkimpysHoldsForUs(InteropMessage message, Canonicalization header, Canonicalization body, TestKey key) throws Exception {
        assumeDkimpy();
        String signed = dkimpy.sign(key, header + "/" + body, message.message());
        assertThat(verify(signed)).singleElement().satisfies(result -> assertHolds(result, key.type()));
    }

    @ParameterizedTest(name = "{0} {1}/{2} {3}")
    @MethodSource("casesForOpenDkim")
    void oursHoldsForOpenDkim(InteropMessage message, Canonicalization header, Canonicalization body, TestKey key) throws Exception {
        assumeOpenDkim();
        assertThat(openDkim.verify(sign(message, header, body, key))).isEqualTo("pass");
    }

    @ParameterizedTest(name = "{0} {1}/{2} {3}")
    @MethodSource("casesForOpenDkim")
    void openDkimsHoldsForUs(InteropMessage message, Canonicalization header, Canonicalization body, TestKey key) throws Exception {
        assumeOpenDkim();
        String signed = openDkim.sign(key, header + "/" + body, message.message());
        assertThat(verify(signed)).singleElement().satisfies(result -> assertHolds(result, key.type()));
    }

    @ParameterizedTest(name = "{0}/{1} {2}")
    @MethodSource("commands")
    void whatTheCommandLineSignsHoldsForBoth(Canonicalization header, Canonicalization body, TestKey key) throws Exception {
        assumeDkimpy();
        assumeOpenDkim();
        String signed = new SignetJar(directory).sign(key, header + "/" + body, InteropMessage.TRAILING_BLANK_LINES.message());
        assertThat(dkimpy.verify(signed)).isEqualTo("pass");
        if (key.type() == KeyType.RSA) {
            assertThat(openDkim.verify(signed)).isEqualTo("pass");
        }
    }

    static Stream<Arguments> commands() {
        return Stream.of(RSA, ED25519).flatMap(key -> Stream.of(Canonicalization.values()).flatMap(
                header -> Stream.of(Canonicalization.values()).map(body -> Arguments.of(header, body, key))));
    }

    private static void assumeDkimpy() {
        Tools.assume("dkimpy", missingDkimpy);
    }

    private static void assumeOpenDkim() {
        Tools.assume("OpenDKIM", missingOpenDkim);
    }

    private static void assertHolds(DkimResult result, KeyType type) {
        assertThat(result.state()).as(result.reason()).isEqualTo(DkimState.PASS);
        assertThat(result.algorithm()).isEqualTo(type.algorithm());
    }

    private static String sign(InteropMessage message, Canonicalization header, Canonicalization body, TestKey key)
            throws IOException {
        DkimSigner signer = new DkimSigner(SigningOptions.DEFAULT.withForms(header, body), InstantSource.system());
        DkimSigner.Result result = signer.sign(in(message.message()), List.of(key.signer()));
        return ((DkimSigner.Result.Signed) result).fields().getFirst() + "\r\n" + message.message();
    }

    private static List<DkimResult> verify(String signed) {
        return new InboundCheck(dns, InboundOptions.DEFAULT, Thread::startVirtualThread, InstantSource.system()).check(Connection.UNKNOWN, in(signed)).dkim();
    }

    private static ByteArrayInputStream in(String message) {
        return new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1));
    }
}
