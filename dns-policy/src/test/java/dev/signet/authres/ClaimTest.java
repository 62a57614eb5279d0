// SPDX-License-Identifier: Apache-2.0
package dev.signet.authres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
import dev.signet.message.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

class ClaimTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "example.net; dkim=pass", " EXAMPLE.Net; none", "example.net 1; none", "example.net 7; none", "example.net.; none",
        "(c) example.net (c) 1 (c); none", "\r\n\texample.net\r\n\t; none", "\"example.net\"; none", "\"exam\\ple.net\"; none",
        "example.net(.example.com); none", "\" example.net \"; none", "\"example.net; x\"; dkim=pass"})
    void hasASoundFieldClaimWhatItSays(String body) {
        assertThat(claims(body, "example.net")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "example.net", "example.net;", "example.net(.example.com; dkim=pass", "example.net(.example.com", "example.net dkim=pass",
        "exam(c)ple.net; dkim=pass", "(a(b) example.net; dkim=pass", "((x) example.net; dkim=pass", "exam\r\n ple.net; dkim=pass",
        "\"example.net; dkim=pass", "example.net\0; dkim=pass", "\0example.net; dkim=pass", "example.net/1; dkim=pass",
        "example.net@example.com; dkim=pass", ";example.net; dkim=pass", "i=1; example.net; dkim=pass", "\rexample.net; dkim=pass",
        "=?utf-8?q?example.net?=; dkim=pass", "=?utf-8?Q?example=2Enet?=; dkim=pass", "=?us-ascii?B?ZXhhbXBsZS5uZXQ=?=; dkim=pass",
        "<example.net>; dkim=pass", "(a(b) exam\\ple .net really; dkim=pass", "other.example; spf=pass smtp.mailfrom=@example.net,; x"})
    void hasAMalformedFieldClaimWhateverSomeReaderMightSee(String body) {
        assertThat(claims(body, "example.net")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "other.example; dkim=pass header.d=example.net", "mx.example.net; none", "example.net.other.example; none",
        "xexample.net; none", "example.net-x; none", "other.example (example.net); dkim=pass", "other.example; dkim=pass (example.net)",
        // Without an authserv-id, as Exchange Online writes it: malformed, and not ours.
        "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=mx.example.net"})
    void leavesFieldsOfOthersAlone(String body) {
        assertThat(claims(body, "example.net")).isFalse();
    }

    @Test
    void comparesInternationalNamesInEitherForm() {
        assertThat(claims("xn--bcher-kva.example; none", "xn--bcher-kva.example")).isTrue();
        assertThat(claims(Utf8.encode("Bücher.example; none"), "xn--bcher-kva.example")).isTrue();
        assertThat(claims(Utf8.encode("\"bücher。example\"; none"), "xn--bcher-kva.example")).isTrue();
        assertThat(claims(Utf8.encode("XN--Bcher-KVA.example; none"), "bücher.example")).isTrue();
        assertThat(claims(Utf8.encode("ｅxample.net; none"), "example.net")).isTrue();
        assertThat(claims(Utf8.encode("exam\u00ADple.net; none"), "example.net")).isTrue();
        // ISO-8859-1, and a name that UTS #46 refuses: some reader may make our name of it.
        assertThat(claims("b\u00FCcher.example; none", "xn--bcher-kva.example")).isTrue();
        assertThat(claims(Utf8.encode("bücher.example(; none"), "xn--bcher-kva.example")).isTrue();
        assertThat(claims(Utf8.encode("andere-bücher.example; none"), "xn--bcher-kva.example")).isFalse();
    }

    @Test
    void knowsNoLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.of("tr", "TR"));
            assertThat(claims("MAIL.EXAMPLE.INFO; none", "mail.example.info")).isTrue();
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void looksAtFieldsOfThisNameOnly() {
        assertThat(AuthenticationResults.claims(HeaderField.of("AUTHENTICATION-results", " example.net; none"), "example.net")).isTrue();
        assertThat(AuthenticationResults.claims(HeaderField.of("ARC-Authentication-Results", " i=1; example.net; none"), "example.net")).isFalse();
        assertThat(AuthenticationResults.claims(HeaderField.of("Subject", " example.net; none"), "example.net")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\n", "\n\r", "\r\r"})
    void findsAFieldBehindABareLineEnd(String lineEnd) {
        String hidden = "Subject: hello" + lineEnd + "Authentication-Results : example.net; dkim=pass";

        assertThat(AuthenticationResults.claims(field(hidden), "example.net")).isTrue();
        assertThat(AuthenticationResults.claims(field(hidden), "other.example")).isFalse();
        assertThat(AuthenticationResults.claims(field("Subject: hello\r\n Authentication-Results: example.net; none"), "example.net")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authentication-Results\u000b:", "\u000bAuthentication-Results:", "\u0000authentication-results \u001f:"})
    void findsAFieldWhoseNameJakartaMailTrims(String name) {
        assertThat(AuthenticationResults.claims(field(name + " example.net; dkim=pass"), "example.net")).isTrue();
        assertThat(AuthenticationResults.claims(field(name + " example.net; dkim=pass"), "other.example")).isFalse();
    }

    private static HeaderField field(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return HeaderBlock.parse(bytes, bytes.length, MessageLimits.DEFAULT).fields().getFirst();
    }

    private static boolean claims(String body, String authservId) {
        return AuthenticationResults.claims(HeaderField.of("Authentication-Results", body), authservId);
    }
}
