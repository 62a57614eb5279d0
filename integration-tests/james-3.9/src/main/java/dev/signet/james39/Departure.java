// SPDX-License-Identifier: Apache-2.0
package dev.signet.james39;

import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;

import jakarta.inject.Inject;
import jakarta.mail.MessagingException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Stands where {@code RemoteDelivery} would: writes each message as that does, and keeps what it wrote. */
public final class Departure extends GenericMailet {

    /** What was written, by the names of the mails. */
    static final class Log {

        private final Map<String, byte[]> messages = new ConcurrentHashMap<>();

        byte[] take(String mail) {
            byte[] message = messages.remove(mail);
            if (message == null) {
                throw new IllegalStateException(mail + " did not get to its departure");
            }
            return message;
        }
    }

    private final Log log;

    @Inject
    Departure(Log log) {
        this.log = log;
    }

    @Override
    public void service(Mail mail) throws MessagingException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            mail.getMessage().writeTo(out);
        } catch (IOException e) {
            throw new MessagingException(mail.getName(), e);
        }
        log.messages.put(mail.getName(), out.toByteArray());
        mail.setState(Mail.GHOST);
    }
}
