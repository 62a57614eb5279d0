// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

class BodyCanonicalizerTest {

    private static final long SEED = 6376;

    // RFC 6376 §3.4.5, the body of all three examples.
    private static final String EXAMPLE = " C \r\nD \t E\r\n\r\n\r\n";

    @Test
    void givesTheBodiesOfTheExamplesInTheRfc() {
        assertThat(canonical(Canonicalization.RELAXED, EXAMPLE)).isEqualTo(" C\r\nD E\r\n");
        assertThat(canonical(Canonicalization.SIMPLE, EXAMPLE)).isEqualTo(" C \r\nD \t E\r\n");
    }

    // RFC 6376 §3.4.3 and §3.4.4 print these two hashes.
    @Test
    void hashesAnEmptyBodyAsTheRfcSays() {
        assertThat(sha256(Canonicalization.SIMPLE, "")).isEqualTo("frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=");
        assertThat(sha256(Canonicalization.RELAXED, "")).isEqualTo("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        "``|N|``", "N|N|``", "NNN|N|``", "x|xN|xN", "xN|xN|xN", "xNNN|xN|xN", "NxN|NxN|NxN", "` `|` N`|``", " N|` N`|``", "N N|`N N`|``",
        "x  N|`x  N`|xN", " x|` xN`|` xN`", "R|RN|RN", "L|LN|LN", "RRN|RRN|RRN", "xR|xRN|xRN", "RNR|RNRN|RNRN", "NL|NLN|NLN",
        "x R|`x RN`|`x RN`", "x L|`x LN`|`x LN`", "x N L|`x N LN`|`xN LN`", "R N|`R N`|RN"})
    void endsLinesWithCrlfOnly(String body, String simple, String relaxed) {
        assertThat(canonical(Canonicalization.SIMPLE, crlf(body))).isEqualTo(crlf(simple));
        assertThat(canonical(Canonicalization.RELAXED, crlf(body))).isEqualTo(crlf(relaxed));
    }

    @ParameterizedTest
    @EnumSource
    void doesNotDependOnHowASmallBodyIsCut(Canonicalization form) {
        char[] alphabet = {'a', ' ', '\t', '\r', '\n'};
        int bodies = 0;
        for (int length = 0; length <= 6; length++) {
            for (int number = 0; number < Math.pow(alphabet.length, length); number++) {
                StringBuilder body = new StringBuilder();
                for (int i = 0, rest = number; i < length; i++, rest /= alphabet.length) {
                    body.append(alphabet[rest % alphabet.length]);
                }
                String expected = reference(form, body.toString());
                for (int cuts = 0; cuts < 1 << Math.max(0, length - 1); cuts++) {
                    assertThat(canonical(form, pieces(body.toString(), cuts))).isEqualTo(expected);
                }
                bodies++;
            }
        }
        assertThat(bodies).isEqualTo(19_531);
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithTheDefinitionForRandomBodies(Canonicalization form) {
        Random random = new Random(SEED);
        for (int i = 0; i < 100_000; i++) {
            String alphabet = random.nextBoolean() ? "a \t\r\n" : "aaaaaaaaa  \t\r\nN\u00E9!\0\u000B\u007F\u0080\u00A0\u0089";
            String body = body(random, alphabet, random.nextInt(60));
            String expected = reference(form, body);

            assertThat(canonical(form, body)).as("seed %d, body %d", SEED, i).isEqualTo(expected);
            assertThat(canonical(form, randomPieces(random, body))).as("seed %d, body %d, in pieces", SEED, i).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void hashesNoMoreThanTheLimitAndCountsAll(Canonicalization form) throws Exception {
        Random random = new Random(SEED);
        for (int i = 0; i < 5_000; i++) {
            String body = body(random, "ab \t\r\n", random.nextInt(40));
            byte[] expected = reference(form, body).getBytes(StandardCharsets.ISO_8859_1);
            int limit = random.nextInt(45);
            BodyHashes hashes = new BodyHashes();
            BodyHash limited = hashes.request(form, limit);
            BodyHash whole = hashes.request(form, Long.MAX_VALUE);
            randomPieces(random, body).forEach(piece -> hashes.update(piece, 0, piece.length));
            hashes.finish();

            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            assertThat(whole.value()).as("seed %d, body %d", SEED, i).isEqualTo(sha256.digest(expected));
            sha256.update(expected, 0, Math.min(limit, expected.length));
            assertThat(limited.value()).as("seed %d, body %d, limit %d", SEED, i, limit).isEqualTo(sha256.digest());
            assertThat(limited.canonicalLength()).isEqualTo(expected.length);
            assertThat(whole.canonicalLength()).isEqualTo(expected.length);
        }
    }

    @Test
    void computesEqualRequestsOnce() {
        BodyHashes hashes = new BodyHashes();
        BodyHash first = hashes.request(Canonicalization.RELAXED, 10);

        assertThat(hashes.request(Canonicalization.RELAXED, 10)).isSameAs(first);
        assertThat(hashes.request(Canonicalization.RELAXED, 11)).isNotSameAs(first);
        assertThat(hashes.request(Canonicalization.SIMPLE, 10)).isNotSameAs(first);
    }

    @ParameterizedTest
    @EnumSource
    void emitsMoreLineEndsThanItHasAtHand(Canonicalization form) {
        for (int lines : new int[] {511, 512, 513, 1024, 5_000}) {
            String body = "\r\n".repeat(lines) + "x";
            assertThat(canonical(form, body)).isEqualTo(body + "\r\n");
        }
    }

    /** The definition, word for word: RFC 6376 §3.4.3 and §3.4.4. */
    static String reference(Canonicalization form, String body) {
        List<String> lines = new ArrayList<>(List.of(body.split("\r\n", -1)));
        if (form == Canonicalization.RELAXED) {
            lines.replaceAll(line -> line.replaceAll("[ \t]+", " ").replaceAll(" \\z", ""));
        }
        while (!lines.isEmpty() && lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        if (lines.isEmpty()) {
            return form == Canonicalization.SIMPLE ? "\r\n" : "";
        }
        return String.join("\r\n", lines) + "\r\n";
    }

    private static String crlf(String text) {
        return text.replace("N", "\r\n").replace('R', '\r').replace('L', '\n');
    }

    private static String body(Random random, String alphabet, int length) {
        StringBuilder body = new StringBuilder();
        while (body.length() < length) {
            char c = alphabet.charAt(random.nextInt(alphabet.length()));
            body.append(c == 'N' ? "\r\n" : String.valueOf(c));
        }
        return body.toString();
    }

    private static List<byte[]> pieces(String body, int cuts) {
        List<byte[]> pieces = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= body.length(); i++) {
            if (i == body.length() || (cuts >> (i - 1) & 1) == 1) {
                pieces.add(bytes(body.substring(start, i)));
                start = i;
            }
        }
        return pieces;
    }

    private static List<byte[]> randomPieces(Random random, String body) {
        List<byte[]> pieces = new ArrayList<>();
        for (int start = 0; start < body.length(); ) {
            int end = Math.min(body.length(), start + random.nextInt(1 + random.nextInt(30)));
            pieces.add(bytes(body.substring(start, end)));
            start = end;
        }
        return pieces;
    }

    private static String canonical(Canonicalization form, String body) {
        return canonical(form, List.of(bytes(body)));
    }

    private static String canonical(Canonicalization form, List<byte[]> pieces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BodyCanonicalizer canonicalizer = switch (form) {
            case SIMPLE -> new SimpleBody(out::write);
            case RELAXED -> new RelaxedBody(out::write);
        };
        for (byte[] piece : pieces) {
            // Inside a larger buffer: nothing before or behind the piece may matter.
            byte[] buffer = bytes("\r\n \t" + new String(piece, StandardCharsets.ISO_8859_1) + "\n\r \t");
            canonicalizer.update(buffer, 4, piece.length);
        }
        canonicalizer.finish();
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static String sha256(Canonicalization form, String body) {
        BodyHashes hashes = new BodyHashes();
        BodyHash hash = hashes.request(form, Long.MAX_VALUE);
        hashes.update(bytes(body), 0, body.length());
        hashes.finish();
        return Base64.getEncoder().encodeToString(hash.value());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
