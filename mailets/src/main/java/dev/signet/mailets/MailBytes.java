// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.mailets.list.MessageEdit;
import dev.signet.message.HeaderField;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStream;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import jakarta.mail.MessagingException;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Gives a mail new header fields without James's {@code addHeader}. That would mark the header as modified, and the next one to
 * write the message would add Date, Message-ID and MIME-Version where they are missing (3.8.1): a signature that covers an
 * absent field would break.
 */
final class MailBytes {

    private static final Logger LOGGER = LoggerFactory.getLogger(MailBytes.class);

    private static final int BUFFER = 8192;
    /** What James keeps in memory, too, and not in a file. */
    private static final int SMALL = 100 * 1024;

    private MailBytes() {}

    /**
     * Makes these fields, and behind them the bytes of a source, the message of a mail. The source goes the way of the mail, or is
     * disposed of where that fails.
     */
    static void replace(Mail mail, List<HeaderField> fields, MimeMessageSource source) throws MessagingException {
        try {
            replace(mail, PrefixedSource.of(lines(fields), source));
        } catch (IOException e) {
            LifecycleUtil.dispose(source);
            throw new MessagingException(mail.getName() + ": cannot read its copy", e);
        }
    }

    private static void replace(Mail mail, MimeMessageSource message) throws MessagingException {
        if (mail instanceof MailImpl james) {
            // Takes the bytes as they are; setMessage would copy the message through writeTo.
            james.setMessageContent(message);
        } else {
            mail.setMessage(new MimeMessageWrapper(message));
        }
    }

    /** Puts these fields on top of the message of a mail, every other byte as it is. */
    static void addInFront(Mail mail, List<HeaderField> fields) throws MessagingException {
        try {
            replace(mail, copy(mail, lines(fields), MailBytes::copyAll));
        } catch (IOException e) {
            throw new MessagingException(mail.getName() + ": cannot rewrite the message", e);
        }
    }

    /**
     * What James's queues and RemoteDelivery would write: what a signature has to be over. Not the bytes as they are: a mailet before
     * us may have changed the header, and then the next one to write the message adds fields (3.8.1), or bytes that are no ASCII become
     * question marks. And a CR or LF alone, as James's own bounces have them, is a line end by the time it has left. The caller disposes
     * of it, or hands it to {@link #replace}.
     */
    static MimeMessageInputStreamSource asItWillLeave(Mail mail) throws MessagingException {
        MimeMessageInputStreamSource copy = MimeMessageInputStreamSource.create(mail.getName());
        try (OutputStream out = new LineEnds(copy.getWritableOutputStream())) {
            mail.getMessage().writeTo(out);
        } catch (IOException | MessagingException | RuntimeException e) {
            copy.dispose();
            throw new MessagingException(mail.getName() + ": cannot copy the message", e);
        }
        return copy;
    }

    /**
     * Puts these fields on top of the message of a mail and takes others out, every other byte as it is.
     *
     * @param maxFieldBytes a longer field is taken out too: nobody can look at it
     * @throws IOException where the message cannot be read or written, on a full disk for instance
     */
    static void exchange(Mail mail, List<HeaderField> fields, Predicate<HeaderField> unwanted, int maxFieldBytes)
            throws MessagingException, IOException {
        replace(mail, copy(mail, lines(fields), (message, out) -> {
            int removed = new HeaderFilter(unwanted, maxFieldBytes).copy(message, out);
            if (removed > 0) {
                LOGGER.debug("{}: removed {} header fields that claim to be ours", mail.getName(), removed);
            }
        }));
    }

    /**
     * A copy of the message of a mail with this change, but for the fields that it puts in front.
     *
     * @param maxFieldBytes a longer field is left out: nobody can look at it
     * @throws IOException where the message cannot be read or written, on a full disk for instance
     */
    static MimeMessageSource edited(MessageEdit edit, int maxFieldBytes, Mail mail) throws MessagingException, IOException {
        return copy(mail, new byte[0], (message, out) -> {
            Optional<InputStream> body = new HeaderFilter(edit.removed(), maxFieldBytes).copyHeader(message, out).body();
            if (body.isPresent()) {
                edit.body().copy(new BufferedInputStream(body.get(), BUFFER), out);
            }
        });
    }

    /** The body of the message of a mail, byte for byte; empty where no empty line ends the header. */
    static Optional<InputStream> body(Mail mail) throws IOException {
        try {
            InputStream message = new MimeMessageInputStream(mail.getMessage());
            HeaderFilter nothing = new HeaderFilter(field -> true, 2);
            Optional<InputStream> body = nothing.copyHeader(message, OutputStream.nullOutputStream()).body();
            if (body.isEmpty()) {
                message.close();
            }
            return body.map(found -> new BufferedInputStream(found, BUFFER));
        } catch (MessagingException e) {
            throw new IOException("cannot read the message", e);
        }
    }

    /** Puts a small message, byte for byte as it is, where James reads it with less effort ({@link MessageInMemory}). */
    static void makeReadable(Mail mail) throws MessagingException, IOException {
        if (isSmall(mail)) {
            replace(mail, copyInMemory(mail, new byte[0], MailBytes::copyAll));
        }
    }

    /** These bytes, and behind them the message of a mail as it is written anew. */
    private static MimeMessageSource copy(Mail mail, byte[] inFront, MessageEdit.Copy writer) throws MessagingException, IOException {
        if (isSmall(mail)) {
            return copyInMemory(mail, inFront, writer);
        }
        MimeMessageInputStreamSource copy = MimeMessageInputStreamSource.create(mail.getName());
        try (InputStream message = new MimeMessageInputStream(mail.getMessage()); OutputStream out = copy.getWritableOutputStream()) {
            out.write(inFront);
            writer.copy(message, out);
            return copy;
        } catch (IOException | MessagingException | RuntimeException e) {
            copy.dispose();
            throw e;
        }
    }

    private static boolean isSmall(Mail mail) throws MessagingException {
        long size = mail.getMessageSize();
        return size >= 0 && size <= SMALL;
    }

    private static MimeMessageSource copyInMemory(Mail mail, byte[] inFront, MessageEdit.Copy writer) throws MessagingException, IOException {
        MessageDraft draft = new MessageDraft(inFront, (int) mail.getMessageSize());
        try (InputStream message = new MimeMessageInputStream(mail.getMessage())) {
            writer.copy(message, draft);
        }
        return draft.toMessage(mail.getName());
    }

    /** Everything as it is; into memory without a buffer in between. */
    private static void copyAll(InputStream message, OutputStream out) throws IOException {
        if (out instanceof MessageDraft draft) {
            draft.takeAll(message);
        } else {
            message.transferTo(out);
        }
    }

    private static byte[] lines(List<HeaderField> fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        for (HeaderField field : fields) {
            out.writeBytes(field.bytes());
            out.write('\r');
            out.write('\n');
        }
        return out.toByteArray();
    }
}
