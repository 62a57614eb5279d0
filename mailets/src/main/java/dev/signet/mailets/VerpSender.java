// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.mailets.list.ListAddress;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.jspecify.annotations.Nullable;

import jakarta.mail.MessagingException;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Sends a mail to each of its recipients by itself, with an envelope sender that names the recipient, so that a bounce tells whose it
 * is (VERP): {@code talk-bounces+ann=member.example@example.org}. Header and body stay as they are, and with them seals and signatures:
 * it comes behind the mailets that make those, in the place of {@code RemoteDelivery}, which stands in a processor of its own.
 *
 * <pre>{@code
 * <mailet match="All" class="dev.signet.mailets.VerpSender">
 *   <processor>list-delivery</processor>
 * </mailet>
 * }</pre>
 *
 * <table>
 * <caption>Parameters</caption>
 * <tr><th>Parameter</th><th>Default</th><th>Meaning</th></tr>
 * <tr><td>{@code processor}</td><td>none, must be there</td><td>where the mails go</td></tr>
 * </table>
 *
 * <p>Mail with the null sender, and a recipient whose address is too long for it or has characters that not every server takes there
 * (the part before the {@code @} may have 64), keep the sender. The addresses have to be known to James, for instance by a mapping of
 * {@code RecipientRewriteTable}. Each mail has a copy of the message: for large messages and many recipients, that is a lot of disk.
 */
public final class VerpSender extends GenericMailet {

    private @Nullable String processor;

    @Override
    public void init() throws MessagingException {
        try {
            Parameters parameters = Parameters.of(getMailetConfig());
            processor = parameters.text("processor")
                    .orElseThrow(() -> parameters.wrong("processor", "", "the name of the processor that sends the mails"));
            parameters.refuseOthers();
        } catch (ParameterException e) {
            throw new MessagingException(e.getMessage(), e);
        }
    }

    /** @throws MessagingException where a mail cannot be put into the queue */
    @Override
    public void service(Mail mail) throws MessagingException {
        if (processor == null) {
            throw new IllegalStateException("not initialised");
        }
        Collection<MailAddress> recipients = List.copyOf(mail.getRecipients());
        if (recipients.size() == 1) {
            nameRecipient(mail);
            mail.setState(processor);
            return;
        }
        for (MailAddress recipient : recipients) {
            MailImpl copy = MailImpl.duplicate(mail);
            try {
                copy.setRecipients(List.of(recipient));
                nameRecipient(copy);
                getMailetContext().sendMail(copy, processor);
            } finally {
                LifecycleUtil.dispose(copy);
            }
        }
        mail.setState(Mail.GHOST);
    }

    @Override
    public String getMailetInfo() {
        return "Signet: variable envelope return path";
    }

    private static void nameRecipient(Mail mail) throws MessagingException {
        String recipient = mail.getRecipients().iterator().next().asString();
        Optional<String> sender = mail.getMaybeSender().asOptional().flatMap(address -> ListAddress.verp(address.asString(), recipient));
        if (sender.isPresent()) {
            Envelope.setSender(mail, new MailAddress(sender.get()));
        }
    }
}
