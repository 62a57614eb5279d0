// SPDX-License-Identifier: Apache-2.0
package dev.signet.authres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.message.HeaderField;
import dev.signet.message.Utf8;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class ResultsWriterTest {

    private static final long SEED = 8601;

    @Test
    void writesOneResultALine() {
        AuthenticationResults field = AuthenticationResults.of("mx.example.net", List.of(
                MethodResult.of("spf", "pass").withComment("192.0.2.1 is permitted").withProperty(PropertyType.SMTP, "mailfrom", "a@b.example"),
                MethodResult.of("dkim", "pass").withComment("2048-bit key").withProperty(PropertyType.HEADER, "d", "example.com")
                        .withProperty(PropertyType.HEADER, "b", "ab/cdefg")));

        assertThat(field.toField()).hasToString("""
                Authentication-Results: mx.example.net;
                \tspf=pass (192.0.2.1 is permitted) smtp.mailfrom=a@b.example;
                \tdkim=pass (2048-bit key) header.d=example.com header.b="ab/cdefg\"""".replace("\n", "\r\n"));
    }

    @Test
    void writesNone() {
        assertThat(AuthenticationResults.of("mx.example.net", List.of()).toField())
                .hasToString("Authentication-Results: mx.example.net; none");
        assertThat(new AuthenticationResults("mx.example.net", 2, List.of()).toField())
                .hasToString("Authentication-Results: mx.example.net 2; none");
    }

    @Test
    void writesTheInstanceOfAnArcFieldFirst() {
        assertThat(new ArcAuthenticationResults(1, AuthenticationResults.of("mx.example.net", List.of(MethodResult.of("spf", "none")))).toField())
                .hasToString("ARC-Authentication-Results: i=1; mx.example.net;\r\n\tspf=none");
    }

    @Test
    void letsNoControlCharacterThrough() {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c <= 0xFF; c++) {
            all.append(c);
        }
        String evil = all + "\r\nAuthentication-Results: mx.example.net; dkim=pass\r\n\r\n" + Utf8.encode("\u0085\u2028\u2029");
        String text = AuthenticationResults.of(evil, List.of(MethodResult.of("dkim", "fail")
                        .withReason(evil).withComment(evil).withProperty(PropertyType.HEADER, "d", evil)))
                .toField().toString();

        String unfolded = text.replaceAll("\r\n(?=[ \t]\\S)", "").replace("\t", "");
        assertThat(Utf8.decode(unfolded)).hasValueSatisfying(unicode ->
                assertThat(unicode.codePoints()).noneMatch(Character::isISOControl));
        assertThat(parse(text)).isInstanceOf(AuthenticationResults.Parse.Sound.class);
    }

    @Test
    void keepsACommentFromEndingEarly() {
        String text = AuthenticationResults.of("x", List.of(MethodResult.of("spf", "fail").withComment("a) smtp.mailfrom=b (\\"))).toField().toString();

        assertThat(text).endsWith("spf=fail (a\\) smtp.mailfrom=b \\(\\\\)");
    }

    @Test
    void marksAValueThatItCuts() {
        String longLocalPart = "x".repeat(240) + "@good.example.evil.example";
        MethodResult written = MethodResult.of("spf", "pass").withProperty(PropertyType.SMTP, "mailfrom", longLocalPart);

        assertThat(reread(written).property(PropertyType.SMTP, "mailfrom")).hasValueSatisfying(value ->
                assertThat(value).hasSize(256).endsWith("@good.example..."));
    }

    @Test
    void cutsNoCharacterInTwo() {
        for (int offset = 0; offset < 4; offset++) {
            String value = "x".repeat(offset) + Utf8.encode("\uD83D\uDE00".repeat(100));
            MethodResult read = reread(MethodResult.of("spf", "pass").withComment(value.repeat(10)).withProperty(PropertyType.SMTP, "helo", value));

            assertThat(read.property(PropertyType.SMTP, "helo").flatMap(Utf8::decode)).hasValueSatisfying(text -> assertThat(text).endsWith("..."));
            assertThat(Utf8.decode(read.comments().getFirst())).isPresent();
        }
    }

    @Test
    void replacesEightBitBytesThatAreNotUtf8() {
        assertThat(reread(MethodResult.of("spf", "pass").withComment("a\u00FFb\u20ACc")).comments()).containsExactly("a?b?c");
    }

    @Test
    void foldsLinesAtSeventyEightCharacters() {
        MethodResult result = MethodResult.of("arc", "pass").withComment("as.9.list.example=pass, ".repeat(20) + "end");
        String text = AuthenticationResults.of("mx.example.net", List.of(result)).toField().toString();

        assertThat(text.split("\r\n", -1)).hasSizeGreaterThan(6).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(78));
        assertThat(reread(result)).isEqualTo(result);
    }

    @Test
    void writesWhatItReadsBackEqual() {
        Random random = new Random(SEED);
        for (int i = 0; i < 10_000; i++) {
            AuthenticationResults value = value(random);
            HeaderField field = value.toField();

            assertThat(AuthenticationResults.parse(field.body()))
                    .as("seed %d, value %d: %s", SEED, i, field)
                    .isEqualTo(new AuthenticationResults.Parse.Sound(value));
            if (value.authservId().contains(".example")) {
                assertThat(AuthenticationResults.claims(field, "mx.example.net"))
                        .as("seed %d, value %d: %s", SEED, i, field)
                        .isEqualTo(value.authservId().equals("mx.example.net"));
            }
            assertThat(field.toString().split("\r\n", -1)).allSatisfy(line -> assertThat(line).isNotBlank());
            ArcAuthenticationResults arc = new ArcAuthenticationResults(1 + random.nextInt(50), value);
            assertThat(ArcAuthenticationResults.parse(arc.toField().body()))
                    .as("seed %d, value %d: %s", SEED, i, arc.toField())
                    .isEqualTo(new ArcAuthenticationResults.Parse.Sound(arc));
        }
    }

    private static AuthenticationResults value(Random random) {
        List<MethodResult> results = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            List<String> comments = new ArrayList<>();
            for (int c = random.nextInt(3); c > 0; c--) {
                comments.add(text(random, 120));
            }
            List<Property> properties = new ArrayList<>();
            for (int p = random.nextInt(4); p > 0; p--) {
                PropertyType type = List.of(PropertyType.values()).get(random.nextInt(4));
                properties.add(new Property(type, keyword(random), text(random, 60)));
            }
            Optional<String> reason = random.nextBoolean() ? Optional.of(text(random, 100)) : Optional.empty();
            results.add(new MethodResult(keyword(random), random.nextInt(4), keyword(random), reason, comments, properties));
        }
        String id = switch (random.nextInt(3)) {
            case 0 -> "mx.example.net";
            case 1 -> keyword(random) + ".example";
            default -> "x" + text(random, 20);
        };
        return new AuthenticationResults(id, random.nextInt(3), results);
    }

    private static String keyword(Random random) {
        return List.of("spf", "dkim", "d", "mailfrom", "remote-ip", "pass", "x-y", "none", "reason", "3").get(random.nextInt(10));
    }

    private static String text(Random random, int max) {
        String alphabet = "ab  ()\\\"';,@.=/<>-:?[]!\u00E4\u20AC";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(max); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return Utf8.encode(text.toString());
    }

    private static MethodResult reread(MethodResult result) {
        return switch (parse(AuthenticationResults.of("x", List.of(result)).toField().toString())) {
            case AuthenticationResults.Parse.Sound(AuthenticationResults field) -> field.results().getFirst();
            case AuthenticationResults.Parse.Malformed(String reason) -> throw new AssertionError(reason);
        };
    }

    private static AuthenticationResults.Parse parse(String field) {
        return AuthenticationResults.parse(field.substring(field.indexOf(':') + 1));
    }
}
