// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dns.DomainName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NeverPostedTest {

    private static final NeverPosted RULE = new NeverPosted(ListAddress.parse("talk@example.org").orElseThrow(), DomainName.of("talk.example.org"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Auto-Submitted: auto-replied|an automatic message: Auto-Submitted",
        "auto-submitted:AUTO-GENERATED; type=x|an automatic message: Auto-Submitted",
        "Auto-Submitted:|an automatic message: Auto-Submitted",
        "Precedence: bulk|an automatic message: Precedence",
        "Precedence: Junk|an automatic message: Precedence",
        "Precedence: auto_reply|an automatic message: Precedence",
        "X-Autoreply: yes|an automatic message: X-Autoreply",
        "X-Failed-Recipients: bob@example.com|an automatic message: X-Failed-Recipients",
        "Return-Path: <>|a bounce: it has the null sender",
        "Content-Type: multipart/report; report-type=delivery-status|a report: multipart/report",
        "Content-Type: Multipart/Report|a report: multipart/report",
        "X-BeenThere: talk@example.org|a loop: the list has posted it before",
        "X-BeenThere: Talk@Example.ORG|a loop: the list has posted it before",
        "List-Id: <talk.example.org>|a loop: the list has posted it before",
        "List-Id: \"Talk <of> all\" <TALK.example.org>|a loop: the list has posted it before",
    })
    void neverPosted(String field, String reason) {
        String message = "From: ann@member.example\r\n" + field + "\r\nSubject: x\r\n\r\n";
        assertThat(RULE.reason("ann@member.example", Messages.header(message))).contains(reason);
    }

    @Test
    void oneMarkerAmongOthersIsEnough() {
        String message = "X-BeenThere: other@example.com\r\nX-BeenThere: talk@example.org\r\n\r\n";
        assertThat(RULE.reason("ann@member.example", Messages.header(message))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MAILER-DAEMON@example.com", "mailer-daemon@example.com"})
    void noBounceByItsSender(String sender) {
        assertThat(RULE.reason(sender, Messages.header("From: ann@member.example\r\n\r\n"))).get().asString().startsWith("a bounce");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Auto-Submitted: no",
        "Auto-Submitted: No (a human)",
        "Precedence: list",
        "Precedence: first-class",
        "X-BeenThere: other@example.org",
        "X-BeenThere: no address",
        "List-Id: <other.example.org>",
        "List-Id: talk.example.org",
        "List-Id: >talk.example.org<",
        "Return-Path: <ann@member.example>",
        "Content-Type: multipart/reporting",
    })
    void posted(String field) {
        assertThat(RULE.reason("ann@member.example", Messages.header("From: ann@member.example\r\n" + field + "\r\n\r\n"))).isEmpty();
    }
}
