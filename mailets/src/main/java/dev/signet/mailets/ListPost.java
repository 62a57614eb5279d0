// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.file.ReloadingFile;
import dev.signet.mailets.list.Footer;
import dev.signet.mailets.list.MessageEdit;
import dev.signet.mailets.list.NeverPosted;
import dev.signet.mailets.list.OneClick;
import dev.signet.mailets.list.SubjectPrefix;
import dev.signet.message.AuthorDomain;
import dev.signet.message.HeaderBlock;
import dev.signet.message.MessageLimits;
import dev.signet.message.MessageReader;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.rrt.api.RecipientRewriteTable;
import org.apache.james.rrt.api.RecipientRewriteTableException;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStream;
import org.apache.james.server.core.MimeMessageSource;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import jakarta.inject.Inject;
import jakarta.mail.MessagingException;

import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A mailing list: what is sent to its address goes to its members, with the list's header fields, its envelope sender, and if wanted a
 * prefix in the subject and a footer.
 *
 * <p>It stands in the {@code transport} processor, in front of {@code RecipientRewriteTable}, which would take a group for a forward, and
 * hands posts over to a processor of their own, where they are sealed, signed and sent, once for all members:
 *
 * <pre>{@code
 * <mailet match="RecipientIs=talk@example.org" class="dev.signet.mailets.ListPost">
 *   <address>talk@example.org</address>
 *   <members>file://conf/lists/talk.txt</members>
 *   <subjectPrefix>[talk]</subjectPrefix>
 *   <footer>file://conf/lists/talk-footer.txt</footer>
 *   <moderation>list-moderation</moderation>
 * </mailet>
 *
 * <processor state="list">
 *   <mailet match="HostIsLocal" class="ToProcessor">
 *     <processor>transport</processor>
 *   </mailet>
 *   <mailet match="All" class="dev.signet.mailets.SealArc">...</mailet>
 *   <mailet match="All" class="dev.signet.mailets.SignDkim">...</mailet>
 *   <mailet match="All" class="RemoteDelivery">...</mailet>
 * </processor>
 * }</pre>
 *
 * <p>What goes to members on this James is neither sealed nor signed: a list among them changes it once more.
 *
 * <table>
 * <caption>Parameters</caption>
 * <tr><th>Parameter</th><th>Default</th><th>Meaning</th></tr>
 * <tr><td>{@code address}</td><td>none, must be there</td><td>where posts are sent to</td></tr>
 * <tr><td>{@code members}</td><td>group</td><td>{@code group} for James's group of the list's address, which its web administration keeps,
 *     or the URL of a file: UTF-8, one address a line, {@code #} before comments, 4 MiB at most</td></tr>
 * <tr><td>{@code sender}</td><td>talk-bounces@example.org</td><td>envelope sender of posts, to which bounces go. {@link VerpSender} makes
 *     it one for each member</td></tr>
 * <tr><td>{@code processor}</td><td>list</td><td>where posts go</td></tr>
 * <tr><td>{@code posting}</td><td>members</td><td>whose mail is posted without a moderator: members', everybody's or nobody's. Members
 *     are known by the From field, which anybody can forge</td></tr>
 * <tr><td>{@code authenticated}</td><td>true</td><td>whether a member's mail is posted without a moderator only where it cannot be forged:
 *     a user with a password or a machine of {@code own-networks} brought it, or DMARC passed when it came in, or without a policy DKIM
 *     or SPF of the author's domain ({@link VerifyMail}). Members' domains that have neither need {@code false}, and then any stranger
 *     can post in their members' names</td></tr>
 * <tr><td>{@code maxSize}</td><td>1M</td><td>a larger mail is for the moderator, too; in bytes, or with K, M or G behind it</td></tr>
 * <tr><td>{@code moderation}</td><td>error</td><td>processor for what is not posted without a moderator, and for posts to
 *     a list without members. The mail is as it came; a
 *     {@code ListPost} with {@code posting} everybody in another processor posts what is handed over to that</td></tr>
 * <tr><td>{@code automatic}</td><td>ghost</td><td>processor for what is never posted: bounces, auto-replies and other automatic mail, and
 *     mail that the list has posted before. {@code ghost} is James's name for the end</td></tr>
 * <tr><td>{@code id}</td><td>talk.example.org</td><td>of the List-Id</td></tr>
 * <tr><td>{@code name}</td><td>none</td><td>words in front of the List-Id, in ASCII</td></tr>
 * <tr><td>{@code help}, {@code unsubscribe}</td><td>{@code mailto:talk-request@example.org?subject=help}, the same with
 *     {@code unsubscribe}</td><td>URIs with commas between them for List-Help and List-Unsubscribe. By default the address that
 *     RFC 2142 has for it: somebody must read it</td></tr>
 * <tr><td>{@code subscribe}, {@code owner}, {@code archive}</td><td>none</td><td>URIs for List-Subscribe, List-Owner and List-Archive</td></tr>
 * <tr><td>{@code oneClick}</td><td>none</td><td>an https URL that unsubscribes a member when it is posted to (RFC 8058), with
 *     {@code {member}} for the member's address, percent-encoded, and {@code {token}} for the HMAC-SHA256 of the address in lower case in
 *     hexadecimal digits. Each member then gets a copy that differs, and that is sealed and signed for that member</td></tr>
 * <tr><td>{@code oneClickSecret}</td><td>none</td><td>URL of a file with the key of tokens: one line of at least 16 characters</td></tr>
 * <tr><td>{@code subjectPrefix}</td><td>none</td><td>stands in front of a subject in which it is not yet</td></tr>
 * <tr><td>{@code footer}</td><td>none</td><td>URL of a file with a text in UTF-8, at most 16 KiB, lines of at most 200 characters: added to
 *     plain text or as a part of its own. Signed and encrypted mail stays as it is</td></tr>
 * </table>
 *
 * <p>Files are read again within a second or two when they change, the secret excepted; one that turns bad leaves in force what was
 * read last. {@code List-*}, Precedence and requests for receipts that a mail came with go; every other field stays, signatures and
 * Authentication-Results too. What is not changed keeps its bytes.
 */
public final class ListPost extends GenericMailet {

    private static final Logger LOGGER = LoggerFactory.getLogger(ListPost.class);

    private final Signet signet;
    private final RecipientRewriteTable table;
    private final Supplier<String> boundaries;
    private @Nullable ListSettings settings;

    @Inject
    public ListPost(Signet signet, RecipientRewriteTable table) {
        this(signet, table, randomStrings(new SecureRandom()));
    }

    ListPost(Signet signet, RecipientRewriteTable table, Supplier<String> boundaries) {
        this.signet = signet;
        this.table = table;
        this.boundaries = boundaries;
    }

    @Override
    public void init() throws MessagingException {
        try {
            Parameters parameters = Parameters.of(getMailetConfig());
            settings = ListSettings.of(parameters, signet, boundaries);
            parameters.refuseOthers();
            signet.settings();
        } catch (ParameterException e) {
            throw new MessagingException(e.getMessage(), e);
        }
    }

    /** @throws MessagingException where the message cannot be read or written, or James cannot say who the members are */
    @Override
    public void service(Mail mail) throws MessagingException {
        ListSettings list = settings;
        if (list == null) {
            throw new IllegalStateException("not initialised");
        }
        try {
            HeaderBlock header = header(mail);
            ListMembers members = members(list);
            Optional<String> never = new NeverPosted(list.fields().address(), list.fields().id()).reason(Envelope.mailFrom(mail), header);
            if (never.isPresent()) {
                handOver(mail, list.automatic(), never.get());
                return;
            }
            Optional<String> held = whyHeld(mail, list, header, members).or(() -> hasNobody(members, list));
            if (held.isPresent()) {
                handOver(mail, list.moderation(), held.get());
                return;
            }
            post(mail, list, header, members.recipients(list.address()));
        } catch (IOException | RecipientRewriteTableException e) {
            throw new MessagingException(mail.getName() + ": cannot post to " + list.address(), e);
        }
    }

    @Override
    public String getMailetInfo() {
        return "Signet: mailing list";
    }

    private static Optional<String> hasNobody(ListMembers members, ListSettings list) {
        return members.recipients(list.address()).isEmpty() ? Optional.of("the list has no members") : Optional.empty();
    }

    private Optional<String> whyHeld(Mail mail, ListSettings list, HeaderBlock header, ListMembers members) throws MessagingException {
        if (header.overLimit().isPresent()) {
            return header.overLimit();
        }
        if (mail.getMessageSize() > list.maxSize()) {
            return Optional.of("more than " + list.maxSize() + " bytes");
        }
        return switch (list.posting()) {
            case EVERYBODY -> Optional.empty();
            case NOBODY -> Optional.of("every mail to this list is moderated");
            case MEMBERS -> members.include(header) ? doubt(mail, list, header) : Optional.of("the author is no member of the list");
        };
    }

    private Optional<String> doubt(Mail mail, ListSettings list, HeaderBlock header) throws MessagingException {
        return list.authenticated() && AuthorDomain.of(header) instanceof AuthorDomain.One author
                ? new Authorship(signet, signet.authservId(getMailetContext())).doubt(mail, Optional.of(author.domain()))
                : Optional.empty();
    }

    private static void handOver(Mail mail, String processor, String why) {
        LOGGER.info("{}: not posted, {}: to processor {}", mail.getName(), why, processor);
        mail.setErrorMessage(why);
        mail.setState(processor);
    }

    private void post(Mail mail, ListSettings list, HeaderBlock header, Collection<MailAddress> recipients)
            throws MessagingException, IOException {
        MessageEdit edit = edit(mail, list, header);
        MimeMessageSource edited = MailBytes.edited(edit, signet.settings().inbound().limits().maxHeaderBytes(), mail);
        MailBytes.replace(mail, edit.inFront(), edited);
        Envelope.setSender(mail, list.sender());
        mail.setRecipients(recipients);
        if (list.oneClick().isPresent()) {
            postToEach(mail, list.oneClick().get(), list.processor());
        } else {
            mail.setState(list.processor());
        }
        LOGGER.info("{}: posted to {} members of {}", mail.getName(), recipients.size(), list.address());
    }

    private static MessageEdit edit(Mail mail, ListSettings list, HeaderBlock header) throws IOException {
        MessageEdit edit = list.fields().edit();
        Optional<SubjectPrefix> prefix = list.subjectPrefix();
        if (prefix.isPresent()) {
            edit = edit.and(prefix.get().edit(header));
        }
        Optional<Footer> footer = list.footer().map(ReloadingFile::current);
        return footer.isPresent() ? edit.and(footer.get().edit(header, () -> MailBytes.body(mail))) : edit;
    }

    /** As mails that James itself sends; this one ends here. */
    private void postToEach(Mail mail, OneClick oneClick, String processor) throws MessagingException {
        for (MailAddress member : List.copyOf(mail.getRecipients())) {
            MailImpl copy = MailImpl.duplicate(mail);
            try {
                copy.setRecipients(List.of(member));
                MailBytes.addInFront(copy, oneClick.fields(member.asString()));
                getMailetContext().sendMail(copy, processor);
            } finally {
                LifecycleUtil.dispose(copy);
            }
        }
        mail.setState(Mail.GHOST);
    }

    private ListMembers members(ListSettings list) throws RecipientRewriteTableException {
        Optional<ReloadingFile<ListMembers>> file = list.members();
        return file.isPresent() ? file.get().current() : ListMembers.ofGroup(table, list.address());
    }

    private HeaderBlock header(Mail mail) throws MessagingException, IOException {
        MessageLimits limits = signet.settings().inbound().limits();
        try (InputStream message = new MimeMessageInputStream(mail.getMessage())) {
            return MessageReader.open(message, limits).header();
        }
    }

    private static Supplier<String> randomStrings(SecureRandom random) {
        return () -> {
            byte[] bytes = new byte[16];
            random.nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        };
    }
}
