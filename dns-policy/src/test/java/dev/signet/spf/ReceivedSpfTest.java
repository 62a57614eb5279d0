// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.message.HeaderField;
import dev.signet.testing.FakeDns;
import org.junit.jupiter.api.Test;

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
}
