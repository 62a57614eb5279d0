// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.message.HeaderBlock;
import dev.signet.message.MessageLimits;
import dev.signet.scenario.World;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.SmtpClient;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Mail from anybody to the user of a world, and what became of it. */
record Post(World world) {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A message by which it can be found again, with fields in front. */
    static String message(String id, String fields) {
        return fields + "From: a@sender.example\r\nMessage-ID: <" + id + "@sender.example>\r\nSubject: " + id + "\r\n\r\nText.\r\n";
    }

    /** Sends as a client of this address, and expects to be served. */
    void send(String address, String helo, String sender, String message) throws IOException {
        try (SmtpClient smtp = SmtpClient.connectAs(world.ports().proxiedMx(), address)) {
            send(smtp, helo, sender, message);
        }
    }

    /** Sends as what we are: a client on loopback. */
    void sendFromLoopback(String helo, String sender, String message) throws IOException {
        try (SmtpClient smtp = SmtpClient.connect(world.ports().mx())) {
            send(smtp, helo, sender, message);
        }
    }

    private void send(SmtpClient smtp, String helo, String sender, String message) throws IOException {
        smtp.ehlo(helo);
        assertThat(smtp.send(new Envelope(sender, world.user().address()), message).code()).isEqualTo(250);
    }

    /** The message from the mailbox, where it is expected to come. */
    String delivered(String id) throws IOException, TimeoutException {
        try (ImapMailbox inbox = world.openInbox()) {
            return inbox.await(message -> message.contains("<" + id + "@sender.example>"), PATIENCE);
        }
    }

    /** What stands about one method in our Authentication-Results field, the only one. */
    static List<MethodResult> results(String stored, String method) {
        byte[] bytes = stored.getBytes(StandardCharsets.ISO_8859_1);
        HeaderBlock header = HeaderBlock.parse(bytes, stored.indexOf("\r\n\r\n"), MessageLimits.DEFAULT);
        assertThat(header.all("Authentication-Results")).hasSize(1);
        return switch (AuthenticationResults.parse(header.all("Authentication-Results").getFirst().body())) {
            case AuthenticationResults.Parse.Sound(AuthenticationResults field) -> {
                assertThat(field.authservId()).isEqualTo(World.AUTHSERV_ID);
                yield field.results().stream().filter(result -> result.method().equals(method)).toList();
            }
            case AuthenticationResults.Parse.Malformed(String reason) -> throw new AssertionError(reason);
        };
    }

    /** The value of the first property of a result, such as the address behind {@code policy.iprev=}. */
    static String value(MethodResult result) {
        return result.properties().getFirst().value();
    }
}
