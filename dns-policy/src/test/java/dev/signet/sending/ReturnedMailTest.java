// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

class ReturnedMailTest {

    private static final String BOUNCE = """
            From: MAILER-DAEMON@one.example\r
            Content-Type: multipart/report; report-type=delivery-status;\r
            \tboundary="b"\r
            \r
            --b\r
            Content-Type: text/plain\r
            \r
            It did not work.\r
            --b\r
            Content-Type: message/delivery-status\r
            \r
            Reporting-MTA: dns; mx.one.example\r
            \r
            Final-Recipient: rfc822; r@one.example\r
            Action: failed\r
            Status: 5.1.1\r
            Diagnostic-Code: smtp; 550 5.1.1 no such \u0007user\r
            --b--\r
            """;

    private static Optional<String> failure(String message) throws IOException {
        return ReturnedMail.permanentFailure(new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void whatWasRefusedForGoodHasItsReasonOnOnePrintableLine() throws IOException {
        assertThat(failure(BOUNCE)).contains("smtp; 550 5.1.1 no such ?user");
        assertThat(failure(BOUNCE.replace("\r\n", "\n"))).isPresent();
        assertThat(failure(BOUNCE.replaceAll("Diagnostic-Code.*", "X: y"))).contains("no reason given");
        assertThat(failure(BOUNCE.replace("no such", "x".repeat(1000)))).hasValueSatisfying(reason -> assertThat(reason).hasSize(300));
    }

    @ParameterizedTest
    @CsvSource({
        "Action: failed, Action: delayed",
        "Action: failed, Action: delivered",
        "Status: 5.1.1, Status: 4.4.7",
        "report-type=delivery-status, report-type=feedback-report",
        "multipart/report; report-type=delivery-status;, text/plain;",
        "Action: failed, It: failed",
    })
    void delaysAndSuccessesAndVacationNoticesAreNone(String part, String instead) throws IOException {
        assertThat(failure(BOUNCE.replace(part, instead))).isEmpty();
    }

    @Test
    void ofAnEndlessMailTheBeginningIsRead() throws IOException {
        assertThat(failure(BOUNCE.replace("It did not work.", "x".repeat(1 << 20)))).isEmpty();
    }
}
