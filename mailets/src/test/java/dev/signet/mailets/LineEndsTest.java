// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.angus.mail.util.CRLFOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

class LineEndsTest {

    @ParameterizedTest
    @CsvSource({
        "a~b, a~b",
        "a^b, a~b",
        "a!b, a~b",
        "a!!b, a~~b",
        "a^^b, a~~b",
        "a~!b, a~~b",
        "a~^b, a~~b",
        "!, ~",
    })
    void aCrOrLfAloneIsALineEnd(String written, String expected) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (LineEnds ends = new LineEnds(out)) {
            ends.write(bytes(written));
        }
        assertThat(out.toString(StandardCharsets.ISO_8859_1)).isEqualTo(new String(bytes(expected), StandardCharsets.ISO_8859_1));
    }

    @Test
    void isWhatTheMailLibraryMakesOfItHoweverItIsCutIntoPieces() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            byte[] message = new byte[random.nextInt(40)];
            for (int i = 0; i < message.length; i++) {
                message[i] = (byte) "a\r\n".charAt(random.nextInt(3));
            }
            ByteArrayOutputStream ours = new ByteArrayOutputStream();
            ByteArrayOutputStream theirs = new ByteArrayOutputStream();
            try (LineEnds out = new LineEnds(ours); OutputStream library = new CRLFOutputStream(theirs)) {
                for (int at = 0; at < message.length;) {
                    int length = Math.min(1 + random.nextInt(5), message.length - at);
                    if (length == 1) {
                        out.write(message[at]);
                    } else {
                        out.write(message, at, length);
                    }
                    at += length;
                }
                library.write(message);
            }
            assertThat(ours.toByteArray()).as("seed %d, round %d", seed, round).isEqualTo(theirs.toByteArray());
        }
    }

    /** ^ for CR, ! for LF, ~ for both. */
    private static byte[] bytes(String text) {
        return text.replace("~", "\r\n").replace('^', '\r').replace('!', '\n').getBytes(StandardCharsets.ISO_8859_1);
    }
}
