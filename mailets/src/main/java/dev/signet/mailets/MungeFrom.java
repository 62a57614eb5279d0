// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import com.google.common.base.CharMatcher;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dmarc.PolicyDiscovery;
import dev.signet.dns.DomainName;
import dev.signet.dns.DomainPattern;
import dev.signet.inbound.Connection;
import dev.signet.inbound.Verdict;
import dev.signet.mailets.list.FromMunging;
import dev.signet.mailets.list.ListAddress;
import dev.signet.mailets.list.MessageEdit;
import dev.signet.message.AuthorDomain;
import dev.signet.message.HeaderBlock;
import dev.signet.message.MessageReader;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import jakarta.inject.Inject;
import jakarta.mail.MessagingException;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Sends a list's post in the name of the list where members would not get it otherwise: the author's domain has a strict DMARC policy,
 * and what the list changed has broken the signature by which the author could be believed.
 *
 * <p>{@code From: Ann <ann@strict.example>} becomes {@code From: Ann via Talk <talk@list.example>}, the author is added to Reply-To or
 * Cc, and X-Original-From has what stood there. Fields that change move to the top, all others and the body stay byte for byte, the
 * author's DKIM signatures among them: they no longer hold, which is the same as if they were not there (RFC 6376 §6.1), and whoever
 * looks into what happened to a message, or undoes it, needs them. An address that the author has put into the name is taken out of
 * it.
 *
 * <p>It comes behind everything that changes the message, before {@link SealArc} and {@link SignDkim}, whose signature for the domain
 * of the list is what the new From is believed by:
 *
 * <pre>{@code
 * <mailet match="dev.signet.matchers.AuthorPolicyIs=quarantine,reject" class="dev.signet.mailets.MungeFrom">
 *   <list>talk@list.example</list>
 *   <name>Talk</name>
 * </mailet>
 * }</pre>
 *
 * <table>
 * <caption>Parameters</caption>
 * <tr><th>Parameter</th><th>Default</th><th>Meaning</th></tr>
 * <tr><td>{@code list}</td><td>must be there</td><td>the address of the list</td></tr>
 * <tr><td>{@code name}</td><td>the local part of {@code list}</td><td>what it is called behind "via", at most 64 characters</td></tr>
 * <tr><td>{@code authorTo}</td><td>reply-to</td>
 *     <td>where the author is added: reply-to, so that answers go to the author, beside whom the author named there; or cc, for a list
 *     that has itself in Reply-To. Where that field cannot be read it is left alone, and the other one is taken</td></tr>
 * <tr><td>{@code exempt}</td><td>none</td>
 *     <td>author domains that are never munged, {@code example.org, *.example.net}: those that {@link SignDkim} behind it has keys for, as
 *     their mail is sound once it is signed. The domain of the list is always one</td></tr>
 * </table>
 *
 * <p>It decides by the message as it will leave, asking what a receiver would who knows nothing but it (DKIM and the author's policy;
 * SPF is the list's). So it does for mail of authenticated users, too, for whom DMARC is not evaluated when it comes in.
 *
 * <ul>
 * <li>An aligned signature holds, no policy is published, or it is {@code p=none}: the mail goes on as it is. {@code t=y} and {@code
 *     pct=0} count as strict: owners publish them to see who munges (RFC 9989 Appendix A.6), and not every receiver knows either.
 * <li>The DNS does not say: From is munged, unless the policy is known to be none. A name with "via" in it harms a reader less than a
 *     post that never came.
 * <li>The message was one to keep from inboxes already when it came in, by DMARC: it goes on as it is. It was not the list that broke
 *     it, and the list does not put its name to a forgery.
 * <li>There is no From field, or several, or one with several domains or that cannot be read for certain: it goes on as it is. Nobody
 *     could say in whose stead the list would speak.
 * </ul>
 */
public final class MungeFrom extends GenericMailet {

    private static final Logger LOGGER = LoggerFactory.getLogger(MungeFrom.class);

    private final Signet signet;
    private @Nullable FromMunging munging;
    private List<DomainPattern> exempt = List.of();

    @Inject
    public MungeFrom(Signet signet) {
        this.signet = signet;
    }

    @Override
    public void init() throws MessagingException {
        try {
            Parameters parameters = Parameters.of(getMailetConfig());
            ListAddress list = parameters.read("list", "an address, talk@list.example", MungeFrom::address)
                    .orElseThrow(() -> parameters.wrong("list", "", "the address of the list"));
            munging = munging(parameters, list);
            exempt = Stream.concat(
                            Stream.of(new DomainPattern(list.domain(), false)),
                            parameters.list("exempt").stream().map(text -> pattern(parameters, text)))
                    .toList();
            parameters.refuseOthers();
            if (signet.options().dmarc().isEmpty()) {
                throw new ParameterException(Settings.FILE, "dmarc: found false, expected true: MungeFrom has to ask for policies");
            }
        } catch (ParameterException e) {
            throw new MessagingException(e.getMessage(), e);
        }
    }

    /** @throws MessagingException where the message cannot be read or written, on a full disk for instance */
    @Override
    public void service(Mail mail) throws MessagingException {
        if (munging == null) {
            throw new IllegalStateException("not initialised");
        }
        MimeMessageInputStreamSource leaving = MailBytes.asItWillLeave(mail);
        try {
            HeaderBlock header;
            try (InputStream in = leaving.getInputStream()) {
                header = MessageReader.open(in, signet.settings().inbound().limits()).header();
            }
            if (AuthorDomain.of(header) instanceof AuthorDomain.One(DomainName author, String address) && isDue(author, mail, leaving)) {
                munge(mail, header, munging);
                LOGGER.info("{}: From of {} munged", mail.getName(), author);
            } else {
                LOGGER.debug("{}: From left as it is", mail.getName());
            }
        } catch (IOException e) {
            throw new MessagingException(mail.getName() + ": cannot rewrite the message", e);
        } finally {
            leaving.dispose();
        }
    }

    @Override
    public String getMailetInfo() {
        return "Signet: From of mailing lists";
    }

    private boolean isDue(DomainName author, Mail mail, MimeMessageInputStreamSource leaving) throws MessagingException, IOException {
        if (exempt.stream().anyMatch(pattern -> pattern.matches(author))) {
            return false;
        }
        Optional<DmarcResult> onArrival = StoredVerdict.of(mail).flatMap(Verdict::dmarc);
        if (onArrival.filter(result -> result.disposition() != Disposition.NONE).isPresent()) {
            LOGGER.info("{}: From of {} left as it is: it came in with {}", mail.getName(), author, DmarcAnswers.loggable(onArrival.get()));
            return false;
        }
        Optional<DmarcResult> outside;
        try (InputStream in = leaving.getInputStream()) {
            outside = signet.check().check(Connection.UNKNOWN, in).dmarc();
        }
        return outside.filter(MungeFrom::isAtRisk).isPresent();
    }

    private static boolean isAtRisk(DmarcResult outside) {
        boolean harmless = outside.policy().map(PolicyDiscovery.Found::requested).filter(Disposition.NONE::equals).isPresent();
        return switch (outside.status()) {
            case FAIL, TEMPERROR -> !harmless;
            case PASS, NONE, PERMERROR -> false;
        };
    }

    private void munge(Mail mail, HeaderBlock header, FromMunging munging) throws MessagingException, IOException {
        MessageEdit edit = munging.edit(header);
        MailBytes.replace(mail, edit.inFront(), MailBytes.edited(edit, signet.settings().inbound().limits().maxHeaderBytes(), mail));
        Authorship.becomes(mail, munging.list().domain());
    }

    private static FromMunging munging(Parameters parameters, ListAddress list) {
        String name = parameters.text("name").orElse(list.localPart());
        try {
            return new FromMunging(list, name, parameters.choice("authorTo", FromMunging.AuthorTo.REPLY_TO));
        } catch (IllegalArgumentException e) {
            throw parameters.wrong(e);
        }
    }

    /** In ASCII, as James puts question marks for anything else, and without quotes. */
    private static Optional<ListAddress> address(String text) {
        return ListAddress.parse(text)
                .filter(list -> CharMatcher.ascii().matchesAllOf(list.localPart()))
                .filter(list -> ListAddress.parse(list.toString()).filter(list::equals).isPresent());
    }

    private static DomainPattern pattern(Parameters parameters, String text) {
        try {
            return DomainPattern.of(text);
        } catch (IllegalArgumentException e) {
            throw parameters.wrong("exempt", e);
        }
    }
}
