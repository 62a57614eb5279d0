// SPDX-License-Identifier: Apache-2.0
package dev.signet.srs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Any sender comes back through any number of forwarders; nothing else does. */
class SrsRandomTest {

    private static final String ATEXT = "abcdefgxyzABCXYZ0123456789!#$%&'*+-/=?^_`{|}~";
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final long SEED = System.nanoTime();

    private final Random random = new Random(SEED);
    // Long hashes: with four characters, one forgery in a million would be taken for an address of ours, as it is meant to be.
    private final Srs srs = new Srs(() -> new SrsSecrets(List.of("0123456789abcdef")), new SrsOptions(21, 20), () -> NOW);

    @BeforeEach
    void printTheSeed() {
        System.out.println("SrsRandomTest seed " + SEED);
    }

    @Test
    void everySenderComesBack() {
        for (int i = 0; i < 20_000; i++) {
            String sender = sender();
            String address = sender;
            int forwarders = 1 + random.nextInt(4);
            for (int j = 0; j < forwarders; j++) {
                address = SrsTest.rewritten(srs.forward(address, "forward" + j + ".example"));
            }
            String back = SrsTest.original(srs.reverse(SrsTest.localPart(address)));
            if (forwarders > 1) {
                assertThat(back).as(sender).endsWith("@forward0.example");
                back = SrsTest.original(srs.reverse(SrsTest.localPart(back)));
            }
            assertThat(back).isEqualTo(sender);
        }
    }

    @Test
    void nothingThatWasChangedComesBack() {
        for (int i = 0; i < 20_000; i++) {
            String address = SrsTest.rewritten(srs.forward(sender(), "forward.example"));
            if (random.nextBoolean()) {
                address = SrsTest.rewritten(srs.forward(address, "second.example"));
            }
            String changed = change(SrsTest.localPart(address));
            assertThat(srs.reverse(changed)).as(changed).isInstanceOf(SrsReverse.Refused.class);
        }
    }

    @Test
    void whateverComesThereIsAnAnswer() {
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "SRS0=" : "SRS1=");
            for (int j = random.nextInt(40); j > 0; j--) {
                text.append(random.nextInt(4) == 0 ? '=' : (char) random.nextInt(256));
            }
            assertThat(srs.reverse(text.toString())).isInstanceOf(SrsReverse.Refused.class);
            assertThat(srs.forward(text.toString(), "forward.example")).isNotNull();
        }
    }

    /** One character after the tag and its sign becomes another one, not just of other case. */
    private String change(String localPart) {
        int at = 5 + random.nextInt(localPart.length() - 5);
        char old = localPart.charAt(at);
        char other = old;
        while (Character.toLowerCase(other) == Character.toLowerCase(old)) {
            other = ATEXT.charAt(random.nextInt(ATEXT.length()));
        }
        return localPart.substring(0, at) + other + localPart.substring(at + 1);
    }

    private String sender() {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(20); i > 0; i--) {
            text.append(ATEXT.charAt(random.nextInt(ATEXT.length())));
        }
        // Not what another forwarder might have written: that is another way back.
        String local = text.toString().startsWith("SRS") ? "x" + text : text.toString();
        return local + "@" + (random.nextBoolean() ? "a-b.sender.example" : "x.example");
    }
}
