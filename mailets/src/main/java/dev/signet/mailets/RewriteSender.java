// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dns.DomainName;
import dev.signet.srs.Srs;
import dev.signet.srs.SrsForward;
import dev.signet.srs.SrsReverse;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import jakarta.inject.Inject;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives mail that is forwarded an envelope sender of our own, by the Sender Rewriting Scheme, so that SPF holds at the next server;
 * and sends bounces back to where they belong. Header and body stay as they are.
 *
 * <p>Forwards: anywhere in front of {@code RemoteDelivery}. Senders of domains that James serves stay, and so does the null sender;
 * every other sender is somebody's whose mail is passed on. One whose address cannot be rewritten (longer than 254 octets then, or
 * without a domain name) stays, and that is logged.
 *
 * <pre>{@code
 * <mailet match="All" class="dev.signet.mailets.RewriteSender"/>
 * <mailet match="All" class="RemoteDelivery">
 * }</pre>
 *
 * <p>Bounces: in front of {@code RecipientRewriteTable} in the {@code transport} processor. A recipient that is an address of ours
 * becomes the one who it stands for, and gets the mail as a new mail of James. One that is forged or expired stays as it is: no such
 * user. {@link RewriteSenderHook} refuses it before that, while the sender is still there to be told.
 *
 * <pre>{@code
 * <mailet match="All" class="dev.signet.mailets.RewriteSender">
 *   <direction>reverse</direction>
 * </mailet>
 * }</pre>
 *
 * <table>
 * <caption>Parameters</caption>
 * <tr><th>Parameter</th><th>Default</th><th>Meaning</th></tr>
 * <tr><td>{@code direction}</td><td>forward</td>
 *     <td>forward, to rewrite senders, or reverse, to find those who rewritten senders stand for</td></tr>
 * </table>
 *
 * <p>{@code conf/signet.properties} has {@code srs.domain} and {@code srs.secrets}, which must be there, {@code srs.max-age} and {@code
 * srs.hash-length} ({@link Settings}).
 */
public final class RewriteSender extends GenericMailet {

    private static final Logger LOGGER = LoggerFactory.getLogger(RewriteSender.class);

    private enum Direction { FORWARD, REVERSE }

    private final Signet signet;
    private Direction direction = Direction.FORWARD;
    private @Nullable Srs srs;
    private @Nullable DomainName domain;

    @Inject
    public RewriteSender(Signet signet) {
        this.signet = signet;
    }

    @Override
    public void init() throws MessagingException {
        try {
            Parameters parameters = Parameters.of(getMailetConfig());
            direction = parameters.choice("direction", Direction.FORWARD);
            parameters.refuseOthers();
            domain = signet.settings().srs().forwarder();
            srs = signet.srs();
        } catch (ParameterException e) {
            throw new MessagingException(e.getMessage(), e);
        }
    }

    /** @throws MessagingException where a mail cannot be put into the queue */
    @Override
    public void service(Mail mail) throws MessagingException {
        if (srs == null || domain == null) {
            throw new IllegalStateException("not initialised");
        }
        switch (direction) {
            case FORWARD -> forward(mail, srs, domain);
            case REVERSE -> reverse(mail, srs, domain);
        }
    }

    @Override
    public String getMailetInfo() {
        return "Signet: Sender Rewriting Scheme";
    }

    private void forward(Mail mail, Srs srs, DomainName forwarder) throws AddressException {
        Optional<MailAddress> sender = mail.getMaybeSender().asOptional();
        if (sender.isEmpty() || getMailetContext().isLocalServer(sender.get().getDomain())) {
            return;
        }
        switch (srs.forward(sender.get().asString(), forwarder.ascii())) {
            case SrsForward.Rewritten(String address) -> Envelope.setSender(mail, new MailAddress(address));
            case SrsForward.Unchanged(String reason) -> LOGGER.warn("{}: sender not rewritten, {}", mail.getName(), reason);
        }
    }

    private void reverse(Mail mail, Srs srs, DomainName forwarder) throws MessagingException {
        List<MailAddress> originals = new ArrayList<>();
        List<MailAddress> others = new ArrayList<>();
        for (MailAddress recipient : mail.getRecipients()) {
            boolean ours = DomainName.parse(recipient.getDomain().asString()).filter(forwarder::equals).isPresent();
            switch (ours ? srs.reverse(recipient.getLocalPart()) : new SrsReverse.NotSrs()) {
                case SrsReverse.Original(String address) -> originals.add(new MailAddress(address));
                case SrsReverse.NotSrs() -> others.add(recipient);
                case SrsReverse.Refused(SrsReverse.Cause ignored, String reason) -> {
                    LOGGER.info("{}: not sent back, {}", mail.getName(), reason);
                    others.add(recipient);
                }
            }
        }
        if (originals.isEmpty()) {
            return;
        }
        sendBack(mail, originals);
        mail.setRecipients(others);
        if (others.isEmpty()) {
            mail.setState(Mail.GHOST);
        }
    }

    /** As a mail that James itself sends: it may leave for domains that we do not serve. */
    private void sendBack(Mail mail, List<MailAddress> originals) throws MessagingException {
        MailImpl back = MailImpl.duplicate(mail);
        try {
            back.setRecipients(originals);
            getMailetContext().sendMail(back);
        } finally {
            LifecycleUtil.dispose(back);
        }
    }
}
