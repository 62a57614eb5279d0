// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.DomainName;
import dev.signet.message.HeaderBlock;
import dev.signet.message.MessageLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

class MessageFactsTest {

    private static final String AUTHORS_OWN =
            """
            From: a@example.com\r
            To: b@example.org\r
            Subject: hello\r
            Date: Mon, 2 Nov 2026 10:00:00 +0000\r
            Message-ID: <1@example.com>\r
            """;

    @Test
    void aRetryHasTheSameFingerprintWhateverTheTraceFieldsSay() {
        String first = "Received: from a by mx1 id 1; Mon, 2 Nov 2026 10:00:01 +0000\r\n" + AUTHORS_OWN;
        String retry = "Authentication-Results: mx2; spf=pass\r\nReceived: from a by mx2 id 2; Mon, 2 Nov 2026 10:15:01 +0000\r\n"
                + AUTHORS_OWN + "X-Spam: no\r\n";

        assertThat(fingerprint(retry, "a@example.com")).isEqualTo(fingerprint(first, "a@example.com"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"From: c@", "To: c@", "Subject: other ", "Date: Tue, ", "Message-ID: <2"})
    void anotherMessageHasAnother(String field) {
        String name = field.substring(0, field.indexOf(':'));
        String other = AUTHORS_OWN.replaceFirst("(?m)^" + name + ": .", field);

        assertThat(other).isNotEqualTo(AUTHORS_OWN);
        assertThat(fingerprint(other, "a@example.com")).isNotEqualTo(fingerprint(AUTHORS_OWN, "a@example.com"));
    }

    @Test
    void anotherSenderHasAnother() {
        assertThat(fingerprint(AUTHORS_OWN, "")).isNotEqualTo(fingerprint(AUTHORS_OWN, "a@example.com"));
    }

    @Test
    void fieldsDoNotRunTogether() {
        assertThat(fingerprint("From: a\r\nTo: bc\r\n", "")).isNotEqualTo(fingerprint("From: ab\r\nTo: c\r\n", ""));
        assertThat(fingerprint("To: a\r\nTo: b\r\n", "")).isNotEqualTo(fingerprint("To: a\r\nCc: b\r\n", ""));
    }

    @Test
    void readsTheListIdBetweenTheLastAngleBrackets() {
        assertThat(listId("List-Id: \"The <best> list\" <Dev.Lists.Example.ORG>\r\n")).contains(DomainName.of("dev.lists.example.org"));
        assertThat(listId("List-ID:\r\n <dev.lists.example.org>\r\n")).contains(DomainName.of("dev.lists.example.org"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Subject: x\r\n", "List-Id: dev.lists.example.org\r\n", "List-Id: <>\r\n", "List-Id: <dev.lists.example.org> x\r\n",
                "List-Id: <dev.lists.example.org>\r\nList-Id: <dev.lists.example.org>\r\n", "List-Id: >dev.lists.example.org<\r\n"
            })
    void takesNothingElseForAListId(String header) {
        assertThat(listId(header)).isEmpty();
    }

    private static Optional<DomainName> listId(String header) {
        return MessageFacts.of(header(header), "", Optional.empty()).listId();
    }

    private static MessageFingerprint fingerprint(String header, String mailFrom) {
        return MessageFingerprint.of(header(header), mailFrom);
    }

    private static HeaderBlock header(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return HeaderBlock.parse(bytes, bytes.length, MessageLimits.DEFAULT);
    }
}
