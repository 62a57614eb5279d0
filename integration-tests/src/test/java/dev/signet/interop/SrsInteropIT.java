// SPDX-License-Identifier: Apache-2.0
package dev.signet.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.srs.Srs;
import dev.signet.srs.SrsForward;
import dev.signet.srs.SrsOptions;
import dev.signet.srs.SrsReverse;
import dev.signet.srs.SrsSecrets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What we rewrite Mail::SRS rewrites likewise, and what one of us takes back or refuses the other does, too. */
class SrsInteropIT {

    private static final int ROUNDS = 2_000;
    private static final List<String> SECRETS = List.of("the-newest-of-the-secrets", "the-one-before-that-one");
    private static final String ATEXT = "abcxyzABCXYZ0189!#$%&'*+-/=?^_`{|}~";

    @TempDir
    private static Path directory;

    private static Optional<String> missing = Optional.empty();
    private static MailSrs theirs;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @BeforeAll
    static void start() throws Exception {
        missing = MailSrs.missing();
        if (missing.isEmpty()) {
            theirs = MailSrs.start(directory);
        }
    }

    @AfterAll
    static void stop() {
        if (theirs != null) {
            theirs.close();
        }
    }

    @Test
    void bothMakeTheSameAddresses() throws IOException {
        assume();
        for (int i = 0; i < ROUNDS; i++) {
            int length = 4 + random.nextInt(20);
            Instant now = now();
            String address = sender();
            for (int forwarder = 0; forwarder < 3; forwarder++) {
                String domain = "forward" + forwarder + ".example";
                String next = theirs.forward(SECRETS, length, now, address, domain);
                assertThat(ours(SECRETS, length, now).forward(address, domain)).as(address).isEqualTo(new SrsForward.Rewritten(next));
                address = next;
            }
        }
    }

    @Test
    void bothTakeBackAndRefuseTheSame() throws IOException {
        assume();
        int taken = 0;
        int refused = 0;
        for (int i = 0; i < ROUNDS; i++) {
            int length = 4 + random.nextInt(20);
            Instant now = now();
            // Made with any secret, one that nobody knows too, by one or two forwarders, days before or two days after, some with a change.
            // One of tomorrow is taken by us alone (SrsTest).
            int age = random.nextInt(25);
            List<String> secrets = List.of(List.of(SECRETS.get(0)), List.of(SECRETS.get(1)), List.of("that-nobody-knows")).get(random.nextInt(3));
            String address = theirs.forward(secrets, length, now.minus(Duration.ofDays(age == 24 ? -2 : age)), sender(), "forward1.example");
            if (random.nextBoolean()) {
                address = theirs.forward(secrets, length, now, address, "forward2.example");
            }
            if (random.nextInt(4) == 0) {
                int at = 5 + random.nextInt(address.lastIndexOf('@') - 5);
                address = address.substring(0, at) + ATEXT.charAt(random.nextInt(ATEXT.length())) + address.substring(at + 1);
            }
            Optional<String> expected = theirs.reverse(SECRETS, length, now, address);
            SrsReverse found = ours(SECRETS, length, now).reverse(address.substring(0, address.lastIndexOf('@')));
            assertThat(original(found)).as("%s at %s", address, now).isEqualTo(expected);
            taken += expected.isPresent() ? 1 : 0;
            refused += expected.isPresent() ? 0 : 1;
        }
        assertThat(taken).isGreaterThan(ROUNDS / 5);
        assertThat(refused).isGreaterThan(ROUNDS / 5);
    }

    private void assume() {
        Tools.assume("Mail::SRS", missing);
        System.out.println("SrsInteropIT seed " + seed);
    }

    private static Srs ours(List<String> secrets, int hashLength, Instant now) {
        return new Srs(() -> new SrsSecrets(secrets), new SrsOptions(21, hashLength), () -> now);
    }

    private static Optional<String> original(SrsReverse result) {
        return switch (result) {
            case SrsReverse.Original(String address) -> Optional.of(address);
            case SrsReverse.NotSrs() -> Optional.empty();
            case SrsReverse.Refused ignored -> Optional.empty();
        };
    }

    private Instant now() {
        return Instant.ofEpochSecond(1_700_000_000L + random.nextInt(200_000_000));
    }

    private String sender() {
        StringBuilder local = new StringBuilder("x");
        for (int i = random.nextInt(12); i > 0; i--) {
            local.append(ATEXT.charAt(random.nextInt(ATEXT.length())));
        }
        return local + "@" + (random.nextBoolean() ? "Sender.Example" : "a-b.c.example");
    }
}
