// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.message.HeaderField;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceivedSpfTest {

    @Test
    void writesAFieldByTheGrammar() {
        HeaderField field = ReceivedSpf.of(
                SpfWorld.check("v=spf1 ip4:192.0.2.3 -all"), SpfWorld.mailFrom("user@example.com"), "mx.example.net");
        assertThat(field.name()).isEqualTo("Received-SPF");
        assertThat(field.body().lines()).containsExactly(
                " pass",
                " (mx.example.net: ip4:192.0.2.3 in the record of example.com)",
                " client-ip=192.0.2.3;",
                " envelope-from=\"user@example.com\";",
                " helo=mail.example.org;",
                " receiver=mx.example.net;",
                " identity=mailfrom;",
                " mechanism=\"ip4:192.0.2.3\"");
    }

    @Test
    void namesTheProblemOfAnError() {
        HeaderField field = ReceivedSpf.of(
                SpfWorld.check("v=spf1 moo"), SpfWorld.mailFrom("user@example.com"), "mx.example.net");
        assertThat(field.body()).startsWith(" permerror\r\n")
                .endsWith("\r\n problem=\"example.com: no such mechanism: moo\"");
    }

    @Test
    void keepsWhatTheClientSentBetweenQuotes() {
        SpfRequest request = new SpfRequest(
                SpfWorld.ip("2001:db8::1"), "a\"b\\\r\nX-Evil: 1; client-ip=192.0.2.99", "\"x\r\n y\"; helo=evil\u0000\u00e9@example.com");
        SpfResult result = SpfWorld.check(request, new FakeDns().txt("example.com", "v=spf1 mx/(:) -all"));
        String body = ReceivedSpf.of(result, request, "mx.example.net").body();
        assertThat(body.lines()).hasSize(8).allMatch(line -> line.matches(" [ -~]+"));
        assertThat(body).contains("client-ip=\"2001:db8::1\"")
                .contains("helo=\"a\\\"b\\\\??X-Evil: 1; client-ip=192.0.2.99\"")
                .contains("envelope-from=\"\\\"x?? y\\\"; helo=evil??@example.com\"")
                .contains("mx/\\(:\\)");
    }

    @Test
    void cutsLongValues() {
        SpfRequest request = new SpfRequest(SpfWorld.ip("192.0.2.3"), "h".repeat(50_000), "\"".repeat(50_000) + "@example.com");
        HeaderField field = ReceivedSpf.of(SpfWorld.check(request, new FakeDns()), request, "mx.example.net");
        assertThat(field.body().lines()).allMatch(line -> line.length() < 998);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "pass receiver=mx.example.net",
        "Pass (mx.example.net: really) client-ip=192.0.2.1; receiver=mx.example.net;",
        "pass\r\n client-ip=192.0.2.1;\r\n\tRECEIVER=\"MX.Example.Net.\"",
        // Nobody says that it is his.
        "pass",
        "",
        "pass (google.com: domain of a@example.com designates 192.0.2.1 as permitted sender) client-ip=192.0.2.1;",
        "pass receiver=",
        "pass receiver=\"\"",
        "pass identity=mailfrom; receiver=<UNKNOWN>",
        "pass receiver=unknown",
        // Two answers, and the one that suits is chosen.
        "pass receiver=other.example; receiver=mx.example.net",
        "pass (mx.example.net: really) receiver=other.example",
        "pass receiver=other.example; x=\"; receiver=mx.example.net\"",
        "pass receiver=other.example (; receiver = mx.example.net)",
        "pass receiver=other.example (; receiver = mx.example.net really)",
        "pass receiver=other.example; x=receiver=mx.example.net",
        "pass receiver=other.example; x=heloreceiver=mx.example.net",
        // For who knows no letters but those of ASCII and of hosts.
        "pass receiver=mx.example.net_9$0",
        "pass receiver=other.example; x=receiver=mx.example.net\u00aa.example",
        "pass receiver=other.example; comment=\"=?utf-8?q?receiver=3Dmx.example.net?=\"",
        // What follows no grammar is read by everybody in his own way.
        "pass receiver=other.example; oops",
        "pass receiver=other.example; x=\"",
        "pass (receiver=other.example",
        "=pass receiver=other.example",
        "pass receiver=other.example; x=\u0000",
        "pass receiver=\u00e9.example",
    })
    void isOursWhereSomebodyCouldTakeItForOurs(String body) {
        assertThat(ReceivedSpf.claims(HeaderField.of("received-SPF", " " + body), "mx.example.net")).isTrue();
        assertThat(ReceivedSpf.claims(HeaderField.of("Subject", " x\rReceived-SPF: " + body), "mx.example.net")).as("hidden").isTrue();
        assertThat(ReceivedSpf.claims(HeaderField.of("X-Received-SPF", " " + body), "mx.example.net")).as("another field").isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "pass receiver=other.example",
        "Pass (other.example: domain of a@mx.example.net designates 192.0.2.1) receiver=other.example; client-ip=2001:db8::1; helo=x;",
        "softfail (x) client-ip=192.0.2.1; envelope-from=a@mx.example.net; receiver=\"b\u00c3\u00bccher.example\"",
        "none receiver=sub.mx.example.net; helo=mx.example.net",
    })
    void isAnothersWhereItSaysSoAndNothingElse(String body) {
        assertThat(ReceivedSpf.claims(HeaderField.of("Received-SPF", " " + body), "mx.example.net")).isFalse();
    }

    @Test
    void knowsItsOwn() {
        SpfRequest user = SpfWorld.mailFrom("user@example.com");
        SpfResult result = SpfWorld.check("v=spf1 ip4:192.0.2.3 -all");
        assertThat(ReceivedSpf.claims(ReceivedSpf.of(result, user, "mx.example.net"), "mx.example.net")).isTrue();
        assertThat(ReceivedSpf.claims(ReceivedSpf.of(result, user, "other.example"), "mx.example.net")).isFalse();
    }
}
