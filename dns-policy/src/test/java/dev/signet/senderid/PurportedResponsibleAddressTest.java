// SPDX-License-Identifier: Apache-2.0
package dev.signet.senderid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.message.HeaderBlock;
import dev.signet.message.MessageLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Stream;

/** Every branch of RFC 4407 §2. In the tables a header is written on one line, its fields apart by "|". */
class PurportedResponsibleAddressTest {

    static HeaderBlock header(String fields) {
        byte[] bytes = (fields.replace("|", "\r\n") + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        return HeaderBlock.parse(bytes, bytes.length, MessageLimits.DEFAULT);
    }

    static Stream<Arguments> found() {
        return Stream.of(
                // Step 1: the first Resent-Sender.
                Arguments.of("Resent-Sender: rs@a.example|Sender: s@b.example|From: f@c.example", "resent-sender", "rs@a.example"),
                Arguments.of("Resent-Sender: rs1@a.example|Resent-Sender: rs2@b.example", "resent-sender", "rs1@a.example"),
                Arguments.of("Resent-From: rf@a.example|Resent-Sender: rs@b.example", "resent-sender", "rs@b.example"),
                Arguments.of("Resent-Sender: rs@a.example|Resent-From: rf@b.example", "resent-sender", "rs@a.example"),
                Arguments.of("Resent-Sender: rs@a.example|Received: x|Resent-From: rf@b.example", "resent-sender", "rs@a.example"),
                Arguments.of("Received: x|Resent-From: rf@a.example|Resent-Sender: rs@b.example", "resent-sender", "rs@b.example"),
                Arguments.of("Resent-From: rf@a.example|Resent-Sender: rs@b.example|Received: x", "resent-sender", "rs@b.example"),
                Arguments.of("Resent-From: rf@a.example|X-Other: x|Resent-Sender: rs@b.example", "resent-sender", "rs@b.example"),
                Arguments.of("Resent-From:  |Received: x|Resent-Sender: rs@b.example", "resent-sender", "rs@b.example"),
                Arguments.of("Resent-Sender:|Resent-Sender: rs2@b.example", "resent-sender", "rs2@b.example"),
                // Step 1, going on to step 2: resent once more, a hop later, without a Resent-Sender.
                Arguments.of("Resent-From: rf@a.example|Received: x|Resent-Sender: rs@b.example", "resent-from", "rf@a.example"),
                Arguments.of("Resent-From: rf@a.example|Return-Path: <x>|Resent-Sender: rs@b.example", "resent-from", "rf@a.example"),
                Arguments.of("Resent-From: rf1@a.example|Received: x|Resent-From: rf2@b.example|Resent-Sender: rs@b.example",
                        "resent-from", "rf1@a.example"),
                // Step 2: the first Resent-From.
                Arguments.of("Resent-From: rf@a.example|Sender: s@b.example|From: f@c.example", "resent-from", "rf@a.example"),
                Arguments.of("Resent-Sender: |Resent-From: rf@a.example", "resent-from", "rf@a.example"),
                Arguments.of("Resent-From:|Resent-From: rf2@a.example|Resent-From: rf3@b.example", "resent-from", "rf2@a.example"),
                // Step 3: the one Sender.
                Arguments.of("Sender: s@b.example|From: f@c.example", "sender", "s@b.example"),
                Arguments.of("Sender:  |SENDER: s@b.example|From: f@c.example", "sender", "s@b.example"),
                // The messages of RFC 4405 §5, whose header has to name who SUBMITTER= names. RFC 4407 has no whole messages.
                // §5.2, forwarded by almamater.edu for Bob.
                Arguments.of("Resent-From: bob@almamater.edu.example|Received: By ...|From: alice@example.com",
                        "resent-from", "bob@almamater.edu.example"),
                // §5.3, Alice's telephone, and the same message forwarded as in §5.2.
                Arguments.of("Sender: alice@mobile.net.example|Received: By ...|From: alice@example.com",
                        "sender", "alice@mobile.net.example"),
                Arguments.of("Resent-From: bob@almamater.edu.example|Received: By ...|Sender: alice@mobile.net.example|Received: By ..."
                        + "|From: alice@example.com", "resent-from", "bob@almamater.edu.example"),
                // §5.4, a hotel that sends for its guest.
                Arguments.of("Resent-From: guest.services@email.hotel.com.example|Received: By ...|From: alice@example.com",
                        "resent-from", "guest.services@email.hotel.com.example"),
                // §5.5, a non-delivery report.
                Arguments.of("From: mailer-daemon@almamater.edu.example|To: alice@example.com",
                        "from", "mailer-daemon@almamater.edu.example"),
                // Step 4: the one From.
                Arguments.of("From: f@c.example", "from", "f@c.example"),
                Arguments.of("Sender:|Resent-From:\t|From: f@c.example|Reply-To: r@d.example", "from", "f@c.example"),
                Arguments.of("From: |From: Full Name <f@c.example>", "from", "f@c.example"));
    }

    @ParameterizedTest
    @MethodSource("found")
    void findsTheOneWhoBroughtTheMessageIn(String fields, String field, String address) {
        assertThat(PurportedResponsibleAddress.of(header(fields))).isInstanceOfSatisfying(
                PurportedResponsibleAddress.Found.class, found -> {
                    assertThat(found.field()).isEqualTo(field);
                    assertThat(found.mailbox().address()).isEqualTo(address);
                });
    }

    static Stream<Arguments> illFormed() {
        return Stream.of(
                // Step 3.
                Arguments.of("Sender: s1@b.example|Sender: s2@b.example|From: f@c.example", "several Sender fields"),
                // Step 4.
                Arguments.of("Subject: nobody", "no From field"),
                Arguments.of("From: |Sender: ", "no From field"),
                Arguments.of("From: f1@c.example|From: f2@c.example", "several From fields"),
                // Step 5: whatever field was chosen, no other one stands in for it.
                Arguments.of("From: f1@c.example, f2@c.example", "from: 2 mailboxes where one is expected"),
                Arguments.of("From: undisclosed:;", "from: 0 mailboxes where one is expected"),
                Arguments.of("Sender: s1@b.example, s2@b.example|From: f@c.example", "sender: 2 mailboxes where one is expected"),
                Arguments.of("Resent-Sender: a@a.example, b@a.example|Resent-From: rf@a.example|From: f@c.example",
                        "resent-sender: 2 mailboxes where one is expected"));
    }

    @ParameterizedTest
    @MethodSource("illFormed")
    void findsNobodyInAnIllFormedMessage(String fields, String reason) {
        assertThat(PurportedResponsibleAddress.of(header(fields))).isEqualTo(new PurportedResponsibleAddress.IllFormed(reason));
    }

    @Test
    void findsNobodyInAFieldThatIsMalformed() {
        for (String field : new String[] {"Resent-Sender", "Resent-From", "Sender", "From"}) {
            for (String body : new String[] {"nobody", "a@[192.0.2.1]", "a@b@c.example", "<a@b.example", "a@b..example", "\"a@b.example"}) {
                assertThat(PurportedResponsibleAddress.of(header(field + ": " + body)))
                        .as(field + ": " + body)
                        .isInstanceOfSatisfying(PurportedResponsibleAddress.IllFormed.class,
                                illFormed -> assertThat(illFormed.reason()).startsWith(field.toLowerCase(Locale.ROOT) + ": "));
            }
        }
    }

    @Test
    void findsNobodyInAHeaderThatWasNotReadToItsEnd() {
        byte[] bytes = "X: y\r\n".repeat(20_000).getBytes(StandardCharsets.ISO_8859_1);
        HeaderBlock tooLarge = HeaderBlock.parse(bytes, bytes.length, MessageLimits.DEFAULT);
        assertThat(PurportedResponsibleAddress.of(tooLarge))
                .isEqualTo(new PurportedResponsibleAddress.IllFormed("more than 10000 header fields"));
    }
}
