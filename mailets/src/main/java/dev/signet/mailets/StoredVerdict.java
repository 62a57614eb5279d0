// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.authres.AuthenticationResults;
import dev.signet.inbound.Connection;
import dev.signet.inbound.InboundCheck;
import dev.signet.inbound.Verdict;
import dev.signet.message.MessageLimits;
import dev.signet.message.MessageReader;
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
 *
 * <p>A mail that James sends on as a new one has lost all attributes. What our border found out about it is in the field that {@link
 * VerifyMail} wrote, and is then kept as that: the results, without a verdict.
 */
final class StoredVerdict {

    private static final AttributeName VERDICT = AttributeName.of(Verdict.ATTRIBUTE);
    private static final AttributeName RESULTS = AttributeName.of("dev.signet.results");
    private static final AttributeName MESSAGE_ID = AttributeName.of(Verdict.ATTRIBUTE + ".message-id");

    private static final AttributeName UNTOUCHED = AttributeName.of(Verdict.ATTRIBUTE + ".untouched");
    private static final AttributeName RECORDED = AttributeName.of(Verdict.ATTRIBUTE + ".recorded");

    private StoredVerdict() {}

    /** Checks the message as it is now and keeps the verdict with the mail. */
    static Verdict check(InboundCheck check, Connection connection, Mail mail) throws MessagingException, IOException {
        Verdict verdict;
        // Before anything else touches the message: what is read from an untouched one is what came in, byte for byte.
        try (InputStream message = new MimeMessageInputStream(mail.getMessage())) {
            verdict = check.check(connection, message);
        }
        mail.setAttribute(Attribute.convertToAttribute(VERDICT.asString(), verdict.toShortJson()));
        mail.setAttribute(Attribute.convertToAttribute(MESSAGE_ID.asString(), messageId(mail)));
        mail.removeAttribute(RESULTS);
        return verdict;
    }

    /** The same, for mail that mailets will come to know in a moment. */
    static Verdict check(InboundCheck check, Connection connection, Mail mail, RecentVerdicts recent) throws MessagingException, IOException {
        Verdict verdict = check(check, connection, mail);
        text(mail, VERDICT).ifPresent(json -> recent.add(json, verdict));
        return verdict;
    }

    /**
     * Says that the message of this mail stays the one that was checked until a mailet comes: nothing but a queue lies between. Whatever
     * a mailet makes of the mail, a bounce above all, has another name.
     */
    static void markUntouched(Mail mail) {
        mail.setAttribute(Attribute.convertToAttribute(UNTOUCHED.asString(), mail.getName()));
    }

    /**
     * Keeps the results that we wrote into a message, which is known to have come through {@link VerifyMail} before.
     *
     * @return whether there are any
     */
    static boolean keepResults(String authservId, MessageLimits limits, Mail mail) throws MessagingException, IOException {
        Optional<AuthenticationResults> written;
        try (InputStream message = new MimeMessageInputStream(mail.getMessage())) {
            written = AuthenticationResults.writtenBy(authservId, MessageReader.open(message, limits).header());
        }
        if (written.isPresent()) {
            mail.setAttribute(Attribute.convertToAttribute(RESULTS.asString(), written.get().toField().body()));
            mail.setAttribute(Attribute.convertToAttribute(MESSAGE_ID.asString(), messageId(mail)));
            mail.removeAttribute(VERDICT);
        }
        return written.isPresent();
    }

    /**
     * The verdict that a mail came with from the hook, or from an earlier run; empty where it has none, or one of another message, or none
     * that can be read. From now on the mail is in the hands of mailets.
     */
    static Optional<Verdict> cameWith(Mail mail, RecentVerdicts recent) throws MessagingException {
        boolean untouched = text(mail, UNTOUCHED).filter(mail.getName()::equals).isPresent();
        mail.removeAttribute(UNTOUCHED);
        // To look at the message takes James longer than anything else here.
        boolean same = untouched || text(mail, MESSAGE_ID).filter(messageId(mail)::equals).isPresent();
        return same ? text(mail, VERDICT).flatMap(recent::read) : Optional.empty();
    }

    /**
     * The verdict of a mail that came through {@link VerifyMail}; empty as in {@link #cameWith}. A mailet that changes a message makes James
     * give it a Message-ID where it came without one (3.8.1): that is no other message.
     */
    static Optional<Verdict> of(Mail mail) throws MessagingException {
        return isItsOwn(mail) ? text(mail, VERDICT).flatMap(Verdict::fromJson) : Optional.empty();
    }

    /** The same, for all mail that comes. */
    static Optional<Verdict> of(Mail mail, RecentVerdicts recent) throws MessagingException {
        return isItsOwn(mail) ? text(mail, VERDICT).flatMap(recent::read) : Optional.empty();
    }

    /** What was found out about a message when it came in; empty where nobody knows. */
    static Optional<OnArrival> onArrival(String authservId, Mail mail) throws MessagingException {
        Optional<OnArrival> verdict = of(mail).map(found -> OnArrival.of(found, authservId));
        return verdict.isPresent() || !isItsOwn(mail) ? verdict : text(mail, RESULTS).flatMap(OnArrival::read);
    }

    private static boolean isItsOwn(Mail mail) throws MessagingException {
        String messageId = messageId(mail);
        return text(mail, MESSAGE_ID).filter(id -> id.isEmpty() || id.equals(messageId)).isPresent();
    }

    /** Whether it was not recorded before: true once for each message, though a mail may pass here again. */
    static boolean markRecorded(Mail mail) throws MessagingException {
        String messageId = messageId(mail);
        if (text(mail, RECORDED).filter(messageId::equals).isPresent()) {
            return false;
        }
        mail.setAttribute(Attribute.convertToAttribute(RECORDED.asString(), messageId));
        return true;
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
