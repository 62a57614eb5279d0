// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.arc.ArcResult;
import dev.signet.arc.ArcState;
import dev.signet.keys.GeneratedKey;
import dev.signet.keys.KeyGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The chains that we seal hold for dkimpy and Mail::DKIM, theirs hold for us, and each continues what the others began. */
class ArcInteropIT {

    /** Who seals and validates. */
    enum Implementation { SIGNET, DKIMPY, MAIL_DKIM }

    private static final GeneratedKey KEY = new KeyGenerator(new SecureRandom()).rsa(2048);
    // Each begins once, and each comes after each other.
    private static final List<List<Implementation>> TURNS = List.of(
            List.of(Implementation.SIGNET, Implementation.DKIMPY, Implementation.MAIL_DKIM, Implementation.SIGNET),
            List.of(Implementation.DKIMPY, Implementation.SIGNET, Implementation.MAIL_DKIM, Implementation.DKIMPY),
            List.of(Implementation.MAIL_DKIM, Implementation.DKIMPY, Implementation.SIGNET, Implementation.SIGNET));
    private static final List<Integer> LENGTHS = List.of(1, 2, 5, 50);

    @TempDir
    private static Path directory;

    private static final Map<Implementation, ArcPeer> PEERS = new EnumMap<>(Implementation.class);
    private static Optional<String> missingDkimpy;
    private static Optional<String> missingMailDkim;

    @BeforeAll
    static void start() throws Exception {
        missingDkimpy = Dkimpy.missing();
        missingMailDkim = MailDkim.missing();
        PEERS.put(Implementation.SIGNET, new SignetArc());
        if (missingDkimpy.isEmpty()) {
            PEERS.put(Implementation.DKIMPY, Dkimpy.start(directory));
        }
        if (missingMailDkim.isEmpty()) {
            PEERS.put(Implementation.MAIL_DKIM, MailDkim.start(directory));
        }
        for (int instance = 1; instance <= 50; instance++) {
            for (ArcPeer peer : PEERS.values()) {
                peer.publish(key(instance).record());
            }
        }
    }

    @AfterAll
    static void stop() {
        PEERS.values().forEach(ArcPeer::close);
    }

    static Stream<Arguments> chainsOfEach() {
        return Stream.of(Implementation.values()).flatMap(sealer -> LENGTHS.stream().map(length -> Arguments.of(sealer, length)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("chainsOfEach")
    void aChainOfOneHoldsForAll(Implementation sealer, int length) throws Exception {
        assume();
        String message = InteropMessage.PLAIN.message();
        for (int instance = 1; instance <= length; instance++) {
            message = seal(sealer, instance, message);
        }
        assertHoldsForAll(message);
        assertThat(ours().result(message)).extracting(ArcResult::state, ArcResult::instances, ArcResult::oldestPass)
                .containsExactly(ArcState.PASS, length, 0);
    }

    static Stream<Arguments> oddMessagesInTurns() {
        return Stream.of(InteropMessage.values()).flatMap(message -> TURNS.stream().map(turn -> Arguments.of(message, turn)));
    }

    @ParameterizedTest
    @MethodSource("oddMessagesInTurns")
    void oddMessagesHoldForAllWhoeverSealsInTurn(InteropMessage odd, List<Implementation> turn) throws Exception {
        assume();
        String message = odd.message();
        for (int i = 0; i < turn.size(); i++) {
            message = seal(turn.get(i), i + 1, message);
            assertHoldsForAll(message);
        }
    }

    @Test
    void listsThatChangeTheMessageContinueTheChain() throws Exception {
        assume();
        String message = InteropMessage.EIGHT_BIT_BODY.message();
        for (int instance = 1; instance <= 6; instance++) {
            Implementation sealer = Implementation.values()[instance % 3];
            String state = validate(message);
            message = message.replace("\r\nSubject: ", "\r\nSubject: [" + instance + "] ") + "-- \r\nlist " + instance + " \t\r\n\r\n";
            message = PEERS.get(sealer).seal(key(instance), testified(instance, state, message));
            assertHoldsForAll(message);
            assertThat(ours().result(message).oldestPass()).isEqualTo(instance == 1 ? 0 : instance);
        }
    }

    @Test
    void aChangedMessageHoldsForNobody() throws Exception {
        assume();
        String message = seal(Implementation.SIGNET, 2, seal(Implementation.SIGNET, 1, InteropMessage.PLAIN.message()));
        for (String changed : List.of(
                message.replace("Hello.", "Hallo."),
                message.replace("Subject: hello", "Subject: hullo"),
                message.replace("i=1; s1.example;\r\n\tspf=pass", "i=1; s1.example;\r\n\tspf=fail"))) {
            assertThat(changed).isNotEqualTo(message);
            for (Implementation peer : Implementation.values()) {
                assertThat(PEERS.get(peer).validate(changed)).as(peer.name()).isNotEqualTo("pass");
            }
        }
    }

    private static String seal(Implementation sealer, int instance, String message) throws IOException {
        return PEERS.get(sealer).seal(key(instance), testified(instance, validate(message), message));
    }

    /** With the Authentication-Results that the sealer's border wrote. */
    private static String testified(int instance, String arc, String message) {
        return "Authentication-Results: " + key(instance).domain() + ";\r\n\tspf=pass smtp.mailfrom=a@sender.example;\r\n\tarc=" + arc
                + "\r\n" + message;
    }

    private static String validate(String message) throws IOException {
        return ours().result(message).state().toString();
    }

    private static void assertHoldsForAll(String message) throws IOException {
        for (Implementation peer : Implementation.values()) {
            assertThat(PEERS.get(peer).validate(message)).as(peer.name()).isEqualTo("pass");
        }
    }

    private static SignetArc ours() {
        return (SignetArc) PEERS.get(Implementation.SIGNET);
    }

    private static TestKey key(int instance) {
        return new TestKey(KEY, "s" + instance + ".example", "arc");
    }

    private static void assume() {
        Tools.assume("dkimpy", missingDkimpy);
        Tools.assume("Mail::DKIM", missingMailDkim);
    }
}
