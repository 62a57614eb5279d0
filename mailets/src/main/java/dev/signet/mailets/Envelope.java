// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import com.google.common.net.InetAddresses;
import dev.signet.inbound.Connection;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;

import jakarta.mail.MessagingException;

import java.net.InetAddress;

/** The envelope of a mail; above all how it came in, as its attributes tell it after James accepted it. */
final class Envelope {

    // James 3.9 sets these two; 3.8 does not.
    private static final AttributeName TLS_PROTOCOL = AttributeName.of("org.apache.james.ssl.protocol");
    private static final AttributeName TLS_CIPHER = AttributeName.of("org.apache.james.ssl.cipher");

    // James 3.8 and 3.9 set it for clients in authorizedAddresses.
    private static final AttributeName MAY_RELAY = AttributeName.of("org.apache.james.SMTPIsAuthNetwork");

    private Envelope() {}

    /** Whether a mailet of James sent it, new or on: then it came through {@code root} before, or James wrote it. */
    static boolean isSentByMailet(Mail mail) {
        return mail.getAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE.getName()).isPresent();
    }

    /** Whether somebody with a password brought it. */
    static boolean hasUser(Mail mail) {
        return text(mail, Mail.SMTP_AUTH_USER) != null;
    }

    /** Whether James lets its client send to anybody. */
    static boolean mayRelay(Mail mail) {
        return Boolean.parseBoolean(text(mail, MAY_RELAY));
    }

    /**
     * Whether James or a user of JMAP wrote it here: what comes in, and what a mailet sends on of it, has been through a server, which
     * puts a Received field on top.
     */
    static boolean isMadeHere(Mail mail) throws MessagingException {
        return of(mail).ours() && mail.getMessage().getHeader("Received") == null;
    }

    static Connection of(Mail mail) {
        InetAddress client = address(mail.getRemoteAddr());
        String helo = text(mail, Mail.SMTP_HELO);
        // A mail that James made itself, a bounce for instance, says so. One of a JMAP user has the address of this machine, or a name
        // in its place, and nobody who said HELO. Whatever came over SMTP has a HELO name; what was fetched has a stranger's address.
        if (isSentByMailet(mail) || (helo == null && (client == null || client.isLoopbackAddress()))) {
            return Connection.ours(mailFrom(mail));
        }
        return new Connection(
                client,
                helo,
                mailFrom(mail),
                text(mail, Mail.SMTP_AUTH_USER),
                tls(text(mail, TLS_PROTOCOL), text(mail, TLS_CIPHER)));
    }

    /** Without angle brackets; empty for the null sender. */
    static String mailFrom(Mail mail) {
        return mail.getMaybeSender().asOptional().map(MailAddress::asString).orElse("");
    }

    /** James's own mails can do it; the interface cannot. */
    static void setSender(Mail mail, MailAddress sender) {
        if (!(mail instanceof MailImpl james)) {
            throw new IllegalArgumentException("a mail that is none of James's own: " + mail.getClass());
        }
        james.setSender(sender);
    }

    static @Nullable String tls(@Nullable String protocol, @Nullable String cipher) {
        return protocol == null || cipher == null ? protocol : protocol + " " + cipher;
    }

    private static @Nullable String text(Mail mail, AttributeName name) {
        return AttributeUtils.getValueAndCastFromMail(mail, name, String.class).orElse(null);
    }

    /** A literal only: a mail that James made itself may have a name there, and a lookup is not ours to start. */
    private static @Nullable InetAddress address(@Nullable String literal) {
        if (literal == null) {
            return null;
        }
        int zone = literal.indexOf('%');
        String address = zone < 0 ? literal : literal.substring(0, zone);
        return InetAddresses.isInetAddress(address) ? InetAddresses.forString(address) : null;
    }
}
