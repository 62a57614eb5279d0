// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.inbound.Connection;
import dev.signet.inbound.InboundCheck;
import dev.signet.inbound.Verdict;
import org.apache.james.server.core.MimeMessageInputStream;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;

import jakarta.mail.MessagingException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The verdict that travels with a mail: as text, because mails go through queues and from node to node, in the attribute that
 * the matchers read.
 *
 * <p>Beside it stands the Message-ID of the message it is about. James's {@code DSNBounce} copies all attributes to the bounce
 * it makes: without that, a bounce would carry the verdict of the mail that it returns.
 */
final class StoredVerdict {

    private static final AttributeName VERDICT = AttributeName.of(Verdict.ATTRIBUTE);
    private static final AttributeName MESSAGE_ID = AttributeName.of(Verdict.ATTRIBUTE + ".message-id");

    private StoredVerdict() {}

    /** Checks the message as it is now and keeps the verdict with the mail. */
    static Verdict check(InboundCheck check, Connection connection, Mail mail) throws MessagingException, IOException {
        Verdict verdict;
        // Before anything else touches the message: what is read from an untouched one is what came in, byte for byte.
        try (InputStream message = new MimeMessageInputStream(mail.getMessage())) {
            verdict = check.check(connection, message);
        }
        mail.setAttribute(Attribute.convertToAttribute(VERDICT.asString(), verdict.toJson()));
        mail.setAttribute(Attribute.convertToAttribute(MESSAGE_ID.asString(), messageId(mail)));
        return verdict;
    }

    /** The verdict that a mail has; empty where it has none, or one of another message, or none that can be read. */
    static Optional<Verdict> of(Mail mail) throws MessagingException {
        String messageId = messageId(mail);
        return text(mail, MESSAGE_ID).filter(messageId::equals).flatMap(same -> text(mail, VERDICT)).flatMap(Verdict::fromJson);
    }

    private static Optional<String> text(Mail mail, AttributeName name) {
        return AttributeUtils.getValueAndCastFromMail(mail, name, String.class);
    }

    private static String messageId(Mail mail) throws MessagingException {
        String[] fields = mail.getMessage().getHeader("Message-ID");
        // What James makes of 8-bit bytes when it queues a mail, here made before and after alike.
        return fields == null ? "" : new String(Arrays.toString(fields).getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII);
    }
}
