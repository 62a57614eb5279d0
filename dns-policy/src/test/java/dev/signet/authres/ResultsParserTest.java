// SPDX-License-Identifier: Apache-2.0
package dev.signet.authres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
import dev.signet.message.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

class ResultsParserTest {

    @Test
    void readsNoResults() {
        assertThat(sound("example.org 1; none")).isEqualTo(AuthenticationResults.of("example.org", List.of()));
        assertThat(sound(" example.org;none (nothing was tried)")).isEqualTo(AuthenticationResults.of("example.org", List.of()));
    }

    // RFC 8601 appendix B.6, which has comments wherever the grammar lets them be.
    @Test
    void readsCommentsAndFoldingEverywhere() {
        AuthenticationResults field = sound("""
                foo.example.net (foobar) 1 (baz);
                    dkim (Because I like it) / 1 (One yay) = (wait for it) fail
                      policy (A dot can go here) . (like that) expired
                      (this surprised me) = (as I wasn't expecting it) 1362471462""".replace("\n", "\r\n"));

        assertThat(field).isEqualTo(AuthenticationResults.of("foo.example.net", List.of(
                MethodResult.of("dkim", "fail")
                        .withComment("Because I like it").withComment("One yay").withComment("wait for it")
                        .withComment("A dot can go here").withComment("like that")
                        .withComment("this surprised me").withComment("as I wasn't expecting it")
                        .withProperty(PropertyType.POLICY, "expired", "1362471462"))));
    }

    @Test
    void readsSeveralResultsWithTheirPropertiesAndReasons() {
        AuthenticationResults field = sound("""
                example.com;
                 spf=pass (p1; p2) smtp.mailfrom=u@example.net;
                 dkim=FAIL reason="bad \\"sig\\"; sorry" Header.D=example.com header.b="ab/cd+==" header.i=@example.com;
                 iprev=pass policy.iprev=192.0.2.200""".replace("\n", "\r\n"));

        assertThat(field.results()).containsExactly(
                MethodResult.of("spf", "pass").withComment("p1; p2").withProperty(PropertyType.SMTP, "mailfrom", "u@example.net"),
                MethodResult.of("dkim", "fail").withReason("bad \"sig\"; sorry")
                        .withProperty(PropertyType.HEADER, "d", "example.com")
                        .withProperty(PropertyType.HEADER, "b", "ab/cd+==")
                        .withProperty(PropertyType.HEADER, "i", "@example.com"),
                MethodResult.of("iprev", "pass").withProperty(PropertyType.POLICY, "iprev", "192.0.2.200"));
        assertThat(field.results().get(1).property(PropertyType.HEADER, "d")).contains("example.com");
    }

    @Test
    void readsNestedCommentsWithQuotedPairs() {
        assertThat(sound("x; spf=pass (a (b \\) \\( c) d)").results().getFirst().comments()).containsExactly("a (b ) ( c) d");
    }

    @Test
    void readsQuotedAndInternationalLocalParts() {
        String utf8 = Utf8.encode("jürgen@bücher.example");
        MethodResult result = sound("x; spf=pass smtp.mailfrom=\"john (doe\"@example.com smtp.rcptto=" + utf8
                + " header.from=\"\\\"a b\\\"@c\"").results().getFirst();

        assertThat(result.property(PropertyType.SMTP, "mailfrom")).contains("\"john (doe\"@example.com");
        assertThat(result.property(PropertyType.SMTP, "rcptto")).contains(utf8);
        assertThat(result.property(PropertyType.HEADER, "from")).contains("\"a b\"@c");
    }

    @Test
    void readsAQuotedAuthservId() {
        assertThat(sound(" \"exa mple\\.net\" 1; none").authservId()).isEqualTo("exa mple.net");
    }

    @Test
    void readsVersions() {
        AuthenticationResults field = sound("example.net 2; dkim/3=pass");

        assertThat(field.version()).isEqualTo(2);
        assertThat(field.results().getFirst().version()).isEqualTo(3);
    }

    @Test
    void skipsPropertiesOfUnknownOrNoType() {
        // As Microsoft and Fastmail write them.
        assertThat(sound("mx.microsoft.com 1; dmarc=pass action=none header.from=a.example; dkim=pass x-bits=2048 x.y=z").results())
                .containsExactly(
                        MethodResult.of("dmarc", "pass").withProperty(PropertyType.HEADER, "from", "a.example"),
                        MethodResult.of("dkim", "pass"));
    }

    @Test
    void readsValuesThatShouldHaveBeenQuoted() {
        MethodResult result = sound("x; spf=pass smtp.remote-ip=2001:db8::1 smtp.mailfrom=b+a=c.example@list.example;").results().getFirst();

        assertThat(result.property(PropertyType.SMTP, "remote-ip")).contains("2001:db8::1");
        assertThat(result.property(PropertyType.SMTP, "mailfrom")).contains("b+a=c.example@list.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", ";", "; none", "example.net", "example.net;", "example.net; ;", "example.net; none; spf=pass", "example.net; spf",
        "example.net; spf=", "example.net; =pass", "example.net; spf=pass smtp.mailfrom", "example.net; spf=pass smtp.mailfrom=",
        "example.net; spf=pass smtp.=x", "example.net; spf=pass smtp.mailfrom=;", "example.net 1.0; none", "example.net x; none",
        "example.net 99999999999; none", "example.net; spf/x=pass", "example.net; spf=pass ,", "example.net; spf=pass)",
        // CVE-2020-12272 and relatives.
        "example.net(.example.com", "example.net(.example.com; spf=pass", "example.net(a(b); spf=pass", "\"example.net; spf=pass",
        "example.net/1; none", "exam ple.net; none", "example.net@example.com; none", "=?utf-8?q?example.net?=; none",
        "\"\"; none", "example.net; spf=pass reason=\"a", "example.net; spf=pass (a\\", "example.net; spf=pass \"x\\",
        // Bytes that no field has.
        "example.net\0; none", "example.net;\r\nspf=pass", "example.net;\rspf=pass", "example.net;\n spf=pass",
        "example.net; spf=pass (a\nb)", "example.net; none\r\n", "example.net; spf=pass\0", "example.net; spf=pass (\0)"})
    void refusesWhatIsOutsideTheGrammar(String body) {
        assertThat(AuthenticationResults.parse(body)).isInstanceOf(AuthenticationResults.Parse.Malformed.class);
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(AuthenticationResults.parse("example.net x; none"))
                .isEqualTo(new AuthenticationResults.Parse.Malformed("expected ';' before 'x'"));
        assertThat(AuthenticationResults.parse("example.net(.example.com"))
                .isEqualTo(new AuthenticationResults.Parse.Malformed("a comment that never ends"));
    }

    @Test
    void readsAMegabyteOfAnythingInLinearTime() {
        for (String piece : List.of("(", ")", "\"", "\\", ";", "x; spf=pass ", "((", "a=b ", " ", "\r\n ", "@", "=?", "=?x?q?")) {
            String body = "x; spf=pass " + piece.repeat((1 << 20) / piece.length());
            assertTimeout(Duration.ofSeconds(2), () -> {
                AuthenticationResults.parse(body);
                AuthenticationResults.claims(HeaderField.of("Authentication-Results", body), "example.net");
            }, piece);
        }
    }

    @Test
    void readsTheInstanceOfAnArcField() {
        ArcAuthenticationResults field = new ArcAuthenticationResults(
                12, AuthenticationResults.of("lists.example.org", List.of(MethodResult.of("spf", "pass"))));

        assertThat(ArcAuthenticationResults.parse(" i=12; lists.example.org; spf=pass"))
                .isEqualTo(new ArcAuthenticationResults.Parse.Sound(field));
        assertThat(ArcAuthenticationResults.parse(" (c) i (c) = (c) 12 (c) ; (c) lists.example.org (c) 1;\r\n spf=pass"))
                .isEqualTo(new ArcAuthenticationResults.Parse.Sound(field));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "i=0; x; none", "i=51; x; none", "i=99999999999; x; none", "i=-1; x; none", "i=; x; none", "I=1; x; none", "i=1x; none",
        "x; none", "i=1 2; x; none"})
    void refusesAnArcFieldWithoutASoundInstance(String body) {
        assertThat(ArcAuthenticationResults.parse(body))
                .isInstanceOfSatisfying(ArcAuthenticationResults.Parse.Malformed.class, malformed ->
                        assertThat(malformed.instance()).isEmpty());
    }

    @Test
    void keepsTheInstanceOfAnArcFieldWithMalformedResults() {
        assertThat(ArcAuthenticationResults.parse("i=3; x; spf"))
                .isEqualTo(new ArcAuthenticationResults.Parse.Malformed(OptionalInt.of(3), "expected '=' at the end"));
    }

    @Test
    void hasNoReasonWhereNoneIsGiven() {
        assertThat(sound("x; spf=pass").results().getFirst().reason()).isEqualTo(Optional.empty());
    }

    @Test
    void whatOneHostWroteIsOneWhateverFieldsItTook() {
        String text = """
                Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=a@example.com\r
                Authentication-Results: mx.other.example; dkim=pass header.d=other.example\r
                Authentication-Results: mx.example.org.evil.example; dkim=pass header.d=evil.example\r
                Authentication-Results: mx.example.org(.evil.example; dkim=pass header.d=evil.example\r
                authentication-results: MX.Example.ORG; dmarc=pass; arc=none\r
                Authentication-Results: "mx.example.org"; none""";
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        HeaderBlock header = HeaderBlock.parse(bytes, bytes.length, MessageLimits.DEFAULT);
        assertThat(AuthenticationResults.writtenBy("mx.example.org", header)).contains(AuthenticationResults.of("mx.example.org", List.of(
                MethodResult.of("spf", "pass").withProperty(PropertyType.SMTP, "mailfrom", "a@example.com"),
                MethodResult.of("dmarc", "pass"),
                MethodResult.of("arc", "none"))));
        assertThat(AuthenticationResults.writtenBy("example.org", header)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"i=7; mx.example; none", " (c) i (c) = (c) 07 (c) ; anything (", "i=7;"})
    void theInstanceDoesNotDependOnTheResults(String body) {
        assertThat(ArcAuthenticationResults.instanceOf(body)).isEqualTo(OptionalInt.of(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "i=7", "i=007;", "i=0;", "i=51;", "mx.example; i=7;", "I=7;", "i=7 mx.example; none", "i=99999999999;"})
    void anInstanceHasItsPlaceAndItsRange(String body) {
        assertThat(ArcAuthenticationResults.instanceOf(body)).isEmpty();
    }

    private static AuthenticationResults sound(String body) {
        return switch (AuthenticationResults.parse(body)) {
            case AuthenticationResults.Parse.Sound(AuthenticationResults field) -> field;
            case AuthenticationResults.Parse.Malformed(String reason) -> throw new AssertionError(reason + ": " + body);
        };
    }
}
