// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Drip;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Any bytes as a message: header block, canonical forms and body hashes, against their definitions, in pieces of any size. */
class HeaderBlockFuzzTest {

    private static final MessageLimits LIMITS = new MessageLimits(2048, 40);

    /** All that reading comes to. */
    private record Read(List<String> fields, String overLimit, List<String> hashes) {}

    static Stream<byte[]> messages() {
        return Corpus.of(HeaderBlockFuzzTest.class, "messages", "A: b\r\n\r\nbody\r\n", "\r\nbody", "A : b\r\n c\r\nA:d\r\nx\r\n\r\n x \t y \r\n\r\n\r\n");
    }

    @MethodSource
    @FuzzTest
    void messages(byte[] message) {
        List<Read> reads = Drip.both(message).map(HeaderBlockFuzzTest::read).toList();
        assertThat(reads).containsOnly(reads.getFirst());
        if (reads.getFirst().overLimit().isEmpty()) {
            assertThat(reads.getFirst()).isEqualTo(byDefinition(new String(message, StandardCharsets.ISO_8859_1)));
        }
    }

    private static Read read(InputStream in) {
        try {
            MessageReader reader = MessageReader.open(in, LIMITS);
            HeaderBlock header = reader.header();
            BodyHashes hashes = new BodyHashes();
            List<BodyHash> requested = List.of(
                    hashes.request(Canonicalization.SIMPLE, Long.MAX_VALUE),
                    hashes.request(Canonicalization.RELAXED, Long.MAX_VALUE),
                    hashes.request(Canonicalization.RELAXED, 7));
            if (header.overLimit().isPresent()) {
                return new Read(List.of(), header.overLimit().get(), List.of());
            }
            reader.readBody(hashes);
            assertThat(selected(header)).isEqualTo(selectedByDefinition(header));
            List<String> values = requested.stream().map(hash -> HexFormat.of().formatHex(hash.value()) + " " + hash.canonicalLength()).toList();
            return new Read(header.fields().stream().map(field -> field + "|" + relaxed(field)).toList(), "", values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String relaxed(HeaderField field) {
        return new String(new HeaderCanonicalizer(Canonicalization.RELAXED, 0).add(field).toByteArray(), StandardCharsets.ISO_8859_1);
    }

    /** Every name three times, in turns: each mention takes the next one further up (RFC 6376 §5.4.2). */
    private static List<String> mentions(HeaderBlock header) {
        List<String> names = header.fields().stream().map(field -> upper(field.name())).toList();
        return Stream.of(names, List.of("absent"), names.reversed(), names).flatMap(List::stream).toList();
    }

    private static List<String> selected(HeaderBlock header) {
        return header.select(mentions(header)).stream().map(HeaderField::toString).toList();
    }

    private static List<String> selectedByDefinition(HeaderBlock header) {
        Map<String, List<HeaderField>> left = new HashMap<>();
        header.fields().forEach(field -> left.computeIfAbsent(upper(field.name()), name -> new ArrayList<>()).add(field));
        List<String> selected = new ArrayList<>();
        for (String name : mentions(header)) {
            List<HeaderField> fields = left.getOrDefault(name, new ArrayList<>());
            if (!fields.isEmpty()) {
                selected.add(fields.removeLast().toString());
            }
        }
        return selected;
    }

    /** ASCII letters only. */
    private static String upper(String name) {
        char[] chars = name.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            chars[i] = chars[i] >= 'a' && chars[i] <= 'z' ? (char) (chars[i] - 32) : chars[i];
        }
        return new String(chars);
    }

    private static Read byDefinition(String message) {
        int end = message.startsWith("\r\n") ? 0 : message.indexOf("\r\n\r\n");
        String header = end < 0 ? message : message.substring(0, end);
        String body = end < 0 ? "" : message.substring(end == 0 ? 2 : end + 4);
        List<String> fields = new ArrayList<>();
        for (String field : header.isEmpty() ? new String[0] : header.split("\r\n(?![ \t])", 0)) {
            fields.add(field + "|" + relaxedByDefinition(field));
        }
        String relaxed = BodyCanonicalizerTest.reference(Canonicalization.RELAXED, body);
        return new Read(fields, "", List.of(
                hash(BodyCanonicalizerTest.reference(Canonicalization.SIMPLE, body), Integer.MAX_VALUE),
                hash(relaxed, Integer.MAX_VALUE),
                hash(relaxed, 7)));
    }

    // RFC 6376 §3.4.2, word for word; a line without a colon is all body.
    private static String relaxedByDefinition(String field) {
        int colon = field.indexOf(':');
        String name = colon < 0 ? "" : field.substring(0, colon).replaceAll("[ \t]+\\z", "");
        StringBuilder lower = new StringBuilder();
        name.chars().forEach(c -> lower.append((char) (c >= 'A' && c <= 'Z' ? c + 32 : c)));
        String body = field.substring(colon + 1).replace("\r\n", "").replaceAll("[ \t]+", " ").replaceAll("\\A | \\z", "");
        return lower + (colon < 0 ? "" : ":") + body + "\r\n";
    }

    private static String hash(String canonical, int limit) {
        try {
            byte[] bytes = canonical.getBytes(StandardCharsets.ISO_8859_1);
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(bytes, 0, Math.min(limit, bytes.length));
            return HexFormat.of().formatHex(sha256.digest()) + " " + bytes.length;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
