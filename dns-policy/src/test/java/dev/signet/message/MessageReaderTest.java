// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

class MessageReaderTest {

    private static final long SEED = 5321;

    /** What came out of a message: its fields, and the simple hash of its body. */
    private record Read(List<String> fields, String bodyHash) {}

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        "``|0|``", "N|0|``", "NN|0|N", "NbodyN|0|bodyN", "a:1|1|``", "a:1N|1|``", "a:1NN|1|``", "a:1NNb|1|b", "a:1Nb:2NNcN|2|cN", "a:1NNNb|1|Nb",
        "body onlyN|1|``", "R|1|``", "L|1|``", "LLb|1|``", "a:1LLb|1|``", "a:1RNRb|2|``", "a:1N NNb|1|b", "Nb:2NNc|0|b:2NNc", "a:1NR|2|``",
        "0|1|``", "a:0NN0|1|0"})
    void findsTheEndOfTheHeader(String text, int fields, String body) throws Exception {
        byte[] message = bytes(text);
        String expected = sha256(body + (body.endsWith("N") ? "" : "N"));

        for (int piece : new int[] {1, 2, 3, 5, 8192}) {
            Read read = read(new Dribble(message, piece));
            assertThat(read.fields()).as("in pieces of %d", piece).hasSize(fields);
            assertThat(read.bodyHash()).as("in pieces of %d", piece).isEqualTo(expected);
        }
    }

    @Test
    void doesNotDependOnHowTheMessageArrives() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < 3_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(200); n > 0; n--) {
                text.append("a: \r\n\u00E9N".charAt(random.nextInt(7)));
            }
            byte[] message = bytes(text.toString());
            Read whole = read(new ByteArrayInputStream(message));
            Read pieces = read(new Dribble(message, 1 + random.nextInt(7)));

            assertThat(pieces.fields()).as("seed %d, message %d", SEED, i).isEqualTo(whole.fields());
            assertThat(pieces.bodyHash()).as("seed %d, message %d", SEED, i).isEqualTo(whole.bodyHash());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4090, 4091, 4092, 4093, 4094, 4095, 4096, 4097, 16_380, 16_384, 65_536, 1 << 20})
    void findsTheEndOfTheHeaderAcrossBuffers(int headerLength) throws Exception {
        String field = "a:" + "x".repeat(headerLength - 2);
        String body = sha256("bodyN");

        for (int piece : new int[] {7, 8192}) {
            Read read = read(new Dribble(bytes(field + "NNbody"), piece));
            assertThat(read.fields()).containsExactly(field);
            assertThat(read.bodyHash()).isEqualTo(body);
        }
    }

    @Test
    void judgesNothingOfAHeaderOverTheLimit() throws IOException {
        for (String text : List.of("a:" + "x".repeat(1 << 20), "a: bN".repeat(200_000) + "Nbody", "x".repeat(10 << 20))) {
            MessageReader reader = MessageReader.open(new Dribble(bytes(text), 8192), MessageLimits.DEFAULT);
            assertThat(reader.header().overLimit()).contains("a header block of more than 1048576 bytes");
            assertThat(reader.header().fields()).isEmpty();

            BodyHashes hashes = new BodyHashes();
            BodyHash hash = hashes.request(Canonicalization.SIMPLE, Long.MAX_VALUE);
            reader.readBody(hashes);
            assertThatIllegalStateException().isThrownBy(hash::value);
        }
        MessageReader reader = MessageReader.open(new Dribble(bytes("a: bN".repeat(100_000) + "Nbody"), 8192), MessageLimits.DEFAULT);
        assertThat(reader.header().overLimit()).contains("more than 10000 header fields");
    }

    @Test
    void stopsReadingSoonAfterTheLimit() throws IOException {
        Endless endless = new Endless(Long.MAX_VALUE, 'x');

        assertThat(MessageReader.open(endless, MessageLimits.DEFAULT).header().overLimit()).isPresent();
        assertThat(endless.given).isLessThan(8 << 20);
    }

    @ParameterizedTest
    @ValueSource(ints = {'x', ' ', '\t', '\r', '\n', 0, 0xFF})
    void hashesALineOfTenMegabytesInBoundedTime(int filling) {
        assertTimeout(Duration.ofSeconds(10), () -> {
            InputStream message = new SequenceInputStream(
                    new ByteArrayInputStream(bytes("a: bNN")), new Endless(10 << 20, filling));
            MessageReader reader = MessageReader.open(message, MessageLimits.DEFAULT);
            BodyHashes hashes = new BodyHashes();
            BodyHash relaxed = hashes.request(Canonicalization.RELAXED, Long.MAX_VALUE);
            BodyHash simple = hashes.request(Canonicalization.SIMPLE, Long.MAX_VALUE);
            reader.readBody(hashes);
            assertThat(simple.canonicalLength()).isEqualTo((10 << 20) + 2);
            assertThat(relaxed.canonicalLength()).isEqualTo(filling == ' ' || filling == '\t' ? 0 : (10 << 20) + 2);
        });
    }

    @Test
    void readsNothingOfTheBodyWhereNobodyAskedForAHash() throws IOException {
        Dribble in = new Dribble(bytes("a: bNN" + "x".repeat(100_000)), 4096);
        MessageReader reader = MessageReader.open(in, MessageLimits.DEFAULT);
        reader.readBody(new BodyHashes());

        // What came along with the header.
        assertThat(in.position).isLessThanOrEqualTo(4096);
    }

    @Test
    void handsOnWhatTheStreamThrows() throws IOException {
        InputStream failing = InputStream.nullInputStream();
        failing.close();
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> MessageReader.open(failing, MessageLimits.DEFAULT)).withMessage("Stream closed");
    }

    private static String sha256(String text) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(text)));
    }

    private static Read read(InputStream in) {
        try {
            MessageReader reader = MessageReader.open(in, MessageLimits.DEFAULT);
            BodyHashes hashes = new BodyHashes();
            BodyHash hash = hashes.request(Canonicalization.SIMPLE, Long.MAX_VALUE);
            reader.readBody(hashes);
            return new Read(reader.header().fields().stream().map(HeaderField::toString).toList(), HexFormat.of().formatHex(hash.value()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** N is a CRLF, R a CR, L an LF, 0 a NUL. */
    private static byte[] bytes(String text) {
        return text.replace("N", "\r\n").replace('R', '\r').replace('L', '\n').replace('0', '\0').getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A stream that gives no more than so many bytes at a time. */
    private static final class Dribble extends InputStream {
        private final byte[] bytes;
        private final int piece;
        private int position;

        Dribble(byte[] bytes, int piece) {
            this.bytes = bytes;
            this.piece = piece;
        }

        @Override
        public int read() {
            return position < bytes.length ? bytes[position++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int count = Math.min(Math.min(piece, length), bytes.length - position);
            System.arraycopy(bytes, position, buffer, offset, count);
            position += count;
            return count == 0 && length > 0 ? -1 : count;
        }
    }

    private static final class Endless extends InputStream {
        private final long length;
        private final int filling;
        private long given;

        Endless(long length, int filling) {
            this.length = length;
            this.filling = filling;
        }

        @Override
        public int read() {
            return given < length ? nextByte() : -1;
        }

        private int nextByte() {
            given++;
            return filling;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) {
            int some = (int) Math.min(count, length - given);
            Arrays.fill(buffer, offset, offset + some, (byte) filling);
            given += some;
            return some == 0 && count > 0 ? -1 : some;
        }
    }
}
