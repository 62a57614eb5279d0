// SPDX-License-Identifier: Apache-2.0
package dev.signet.authres;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.signet.fuzz.Choices;
import dev.signet.fuzz.Corpus;
import dev.signet.fuzz.Expect;
import dev.signet.fuzz.Words;
import dev.signet.message.HeaderField;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What was read can be written, as one clean field, and says the same when it is read again. */
class AuthenticationResultsFuzzTest {

    private static final String US = "mx.example.net";

    static Stream<byte[]> fields() {
        return Corpus.of(
                AuthenticationResultsFuzzTest.class, "fields", "mx.example.net; none", "mx.example.net 1; dkim=pass (2048-bit key) header.d=x.test reason=\"a b\"; spf/1=fail smtp.mailfrom=\"a b\"@x.test",
                " i=2; mx.example.net; arc=pass (i=1 spf=pass (x)) smtp.remote-ip=2001:db8::1; dmarc=pass policy.x=\"\\\"\"", "example.net(.example.com; none", "\"mx.example.net; x\"; none");
    }

    @Words({"mx.example.net", "; ", "=pass", " header.d=", " smtp.mailfrom=", " reason=", " policy.", "(", ")", "\"", "\\", "\r\n ", "i=1;", "none", "dkim"})
    @MethodSource
    @FuzzTest
    void fields(byte[] bytes) {
        String body = new String(bytes, StandardCharsets.ISO_8859_1);
        if (AuthenticationResults.parse(body) instanceof AuthenticationResults.Parse.Sound(AuthenticationResults read)) {
            HeaderField written = read.toField();
            assertClean(written);
            AuthenticationResults again = sound(written.body());
            assertThat(sound(again.toField().body())).isEqualTo(again);
            if (isWithinBounds(read)) {
                assertThat(again).isEqualTo(read);
            }
            // Whoever reads our own spelling of it as ours must have read the first one as ours.
            if (again.authservId().equalsIgnoreCase(US)) {
                assertThat(AuthenticationResults.claims(HeaderField.of("Authentication-Results", body), US)).isTrue();
            }
        } else if (body.contains(US)) {
            boolean word = body.matches("(?s)(.*[\\s;(\"])?mx\\.example\\.net([\\s;)\"(].*)?");
            assertThat(AuthenticationResults.claims(HeaderField.of("authentication-results ", body), US)).isEqualTo(word || AuthenticationResults.claims(HeaderField.of("Authentication-Results", body), US));
        }
        if (ArcAuthenticationResults.parse(body) instanceof ArcAuthenticationResults.Parse.Sound(ArcAuthenticationResults read)) {
            assertThat(ArcAuthenticationResults.instanceOf(body)).hasValue(read.instance());
            HeaderField written = read.toField();
            assertClean(written);
            assertThat(ArcAuthenticationResults.parse(written.body())).isInstanceOfSatisfying(
                    ArcAuthenticationResults.Parse.Sound.class,
                    again -> assertThat(again.field().results()).isEqualTo(sound(read.results().toField().body())));
        }
    }

    static Stream<byte[]> results() {
        return Corpus.of(AuthenticationResultsFuzzTest.class, "results", "\1\3abc\2\0\4a\"b(", "\3\0\1\2)\\\3\1\2=;\0", "\0");
    }

    /** What we write of strangers' texts is read as we meant it, and as one field. */
    @Words({"\"", "\\", "(", ")", ";", "\r\n", "=?utf-8?q?", "@x.test", " ", "\0", "\u00c3\u00bc"})
    @MethodSource
    @FuzzTest
    void results(byte[] decisions) {
        Choices choices = new Choices(decisions);
        List<MethodResult> results = new ArrayList<>();
        for (int i = choices.below(4); i >= 0; i--) {
            MethodResult result = MethodResult.of(choices.of(List.of("spf", "dkim", "dmarc", "sender-id", "iprev")), choices.of(List.of("pass", "fail", "temperror")));
            result = choices.below(2) == 0 ? result : result.withReason(choices.text());
            result = choices.below(2) == 0 ? result : result.withComment(choices.text());
            result = choices.below(2) == 0 ? result : result.withProperty(PropertyType.SMTP, "mailfrom", choices.text());
            results.add(choices.below(2) == 0 ? result : result.withProperty(PropertyType.HEADER, "d", choices.text()));
        }
        AuthenticationResults meant = AuthenticationResults.of(US, results);
        HeaderField field = meant.toField();
        assertClean(field);
        AuthenticationResults read = sound(field.body());
        assertThat(read.results().stream().map(result -> result.method() + result.result()).toList())
                .isEqualTo(results.stream().map(result -> result.method() + result.result()).toList());
        if (isWithinBounds(meant)) {
            assertThat(read).isEqualTo(meant);
        }
        assertThat(sound(read.toField().body())).isEqualTo(read);
        assertThat(AuthenticationResults.claims(field, US)).isTrue();
    }

    private static AuthenticationResults sound(String body) {
        return switch (AuthenticationResults.parse(body)) {
            case AuthenticationResults.Parse.Sound(AuthenticationResults field) -> field;
            case AuthenticationResults.Parse.Malformed(String reason) -> throw new AssertionError(reason + " in what was written: " + body);
        };
    }

    /** One field whatever stands in it, in lines that every server takes (RFC 5322 §2.1.1). */
    private static void assertClean(HeaderField field) {
        String text = field.toString();
        int lineStart = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean lineEnd = text.startsWith("\r\n ", i) || text.startsWith("\r\n\t", i);
            Expect.that(c == '\t' || (c >= ' ' && c != 0x7F) || lineEnd || text.startsWith("\r\n", i - 1), () -> text);
            Expect.that(i - lineStart < 998 && !(lineEnd && text.substring(lineStart, i).isBlank()), () -> text);
            lineStart = lineEnd ? i + 2 : lineStart;
        }
    }

    private static boolean isWithinBounds(AuthenticationResults field) {
        return isClean(field.authservId(), 256) && field.results().stream().allMatch(AuthenticationResultsFuzzTest::isWithinBounds);
    }

    private static boolean isWithinBounds(MethodResult result) {
        return result.comments().stream().allMatch(comment -> isClean(comment, 1024))
                && result.reason().stream().allMatch(reason -> isClean(reason, 256))
                && result.properties().stream().allMatch(property -> isClean(property.value(), 256));
    }

    private static boolean isClean(String text, int max) {
        return text.length() <= max && text.chars().allMatch(c -> c >= ' ' && c < 0x7F);
    }
}
