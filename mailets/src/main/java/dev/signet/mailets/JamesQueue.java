// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.sending.OutgoingMail;
import dev.signet.sending.ReportQueue;
import org.apache.james.core.MaybeSender;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;

import jakarta.mail.MessagingException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;

/** James's own queue: reports go the way of everything that its mailets send. */
final class JamesQueue implements ReportQueue {

    private static final AttributeName TAG = AttributeName.of("dev.signet.report");

    private final MailetContext james;

    JamesQueue(MailetContext james) {
        this.james = james;
    }

    @Override
    public void put(OutgoingMail report) throws IOException {
        try {
            MailImpl.Builder mail = MailImpl.builder()
                    .name("signet-report-" + report.id() + "-" + report.copy())
                    .sender(MaybeSender.getMailSender(report.sender()))
                    .addRecipient(report.recipient());
            put(mail.build(), report.message(), Attribute.convertToAttribute(TAG.asString(), report.tag()));
        } catch (MessagingException e) {
            throw new IOException(e);
        }
    }

    /**
     * Puts a mail with this message into the queue.
     *
     * @param mark by which it is known later on
     */
    void put(MailImpl mail, byte[] message, Attribute mark) throws MessagingException {
        try {
            mail.setMessageContent(MimeMessageInputStreamSource.create(mail.getName(), new ByteArrayInputStream(message)));
            mail.setAttribute(mark);
            james.sendMail(mail);
        } finally {
            // James has a copy.
            LifecycleUtil.dispose(mail);
        }
    }

    /** Which report a mail of ours brings. */
    static Optional<String> tag(Mail mail) {
        return AttributeUtils.getValueAndCastFromMail(mail, TAG, String.class);
    }
}
