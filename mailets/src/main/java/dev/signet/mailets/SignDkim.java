// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dkim.DkimSigner;
import dev.signet.dkim.SignedHeaders;
import dev.signet.dkim.Signer;
import dev.signet.dkim.SigningOptions;
import dev.signet.dns.DomainName;
import dev.signet.message.AuthorDomain;
import dev.signet.message.Canonicalization;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Signs messages with DKIM (RFC 6376), with one key or several (RSA and Ed25519 together), chosen by the author's domain.
 *
 * <p>It signs the bytes that James will send and puts the signatures on top of them; nothing else changes. It has to be the last
 * mailet before {@code RemoteDelivery}: whatever changes the message behind it breaks the signature, and where the configuration has
 * a mailet there that does, the log says so at start ({@link SealArc} does not). {@code RemoteDelivery} itself
 * changes 8-bit bodies for servers that do not know 8BITMIME; James's {@code ConvertTo7Bit} in front of this mailet does it before.
 *
 * <p>For a domain of one's own:
 *
 * <pre>{@code
 * <mailet match="All" class="dev.signet.mailets.SignDkim">
 *   <domain>example.org</domain>
 *   <selector>s2026</selector>
 *   <keyFile>file://conf/dkim/example.org.pem</keyFile>
 * </mailet>
 * }</pre>
 *
 * <p>which signs in the name of that domain whoever the author is. For several domains or keys, a line for each key:
 *
 * <pre>{@code
 * <mailet match="All" class="dev.signet.mailets.SignDkim">
 *   <key>example.org   s2026 file://conf/dkim/example.org-rsa.pem</key>
 *   <key>example.org   e2026 file://conf/dkim/example.org-ed25519.pem</key>
 *   <key>*.example.org s2026 file://conf/dkim/example.org-rsa.pem</key>
 *   <key>example.net   s1    file://conf/dkim/example.net.pem passwordFile=file://conf/dkim/password</key>
 *   <key>*             relay file://conf/dkim/relay.pem domain=relay.example.com</key>
 *   <expireIn>14 days</expireIn>
 * </mailet>
 * }</pre>
 *
 * <p>A signature of the author's domain is only made for mail that is the author's: of users who proved who they are by SMTP AUTH, of
 * {@code own-networks}, mail that James and users of JMAP wrote here, and mail from outside for whose author DMARC, or without a policy
 * DKIM or SPF, answered when it came in ({@link VerifyMail}). Everything else that a forward or a list sends on leaves without it, and the
 * log says why: a stranger may have written any name of ours into it. Where nothing verifies what comes in, it is also made for clients
 * whom James lets relay ({@code authorizedAddresses}), and not for what is redirected. A signature of a domain that is apart from the
 * author's, such as a list's, says who sends and is made for all mail.
 *
 * <table>
 * <caption>Parameters</caption>
 * <tr><th>Name</th><th>Default</th><th>Meaning</th></tr>
 * <tr><td>{@code key}</td><td>none</td><td>author's domain, selector and key file with white space between them, and options; no
 *     commas. The author's domain is a domain, {@code *.domain} for those below it, or {@code *} for all, mail without an author
 *     domain or with several included. All keys of the best fitting one sign: the domain itself, else the longest {@code *.domain},
 *     else {@code *}. The options are {@code domain=}, the domain to sign for (by default the one in front; for {@code *}, as for
 *     a host whose customers all publish its key, the author's), and one of {@code password=}, {@code passwordFile=} and {@code
 *     passwordEnv=} (the name of an environment variable) for an encrypted key</td></tr>
 * <tr><td>{@code domain}, {@code selector}, {@code keyFile}, {@code password}, {@code passwordFile}, {@code passwordEnv}</td>
 *     <td>none</td><td>instead of {@code key}: one key for all mail</td></tr>
 * <tr><td>{@code canonicalization}</td><td>relaxed/relaxed</td><td>of header and body, each simple or relaxed</td></tr>
 * <tr><td>{@code headers}</td><td>the fields of RFC 6376 §5.4.1 and more</td><td>names of the fields to sign, with colons between
 *     them; a name that stands there once more than the message has it is oversigned. From must be among them</td></tr>
 * <tr><td>{@code oversign}</td><td>true</td><td>whether the default fields are signed in a way that nobody can add another From, To,
 *     Subject and so on (RFC 6376 §8.15); not beside {@code headers}</td></tr>
 * <tr><td>{@code timestamp}</td><td>true</td><td>whether to say when it was signed, {@code t=}</td></tr>
 * <tr><td>{@code expireIn}</td><td>never</td><td>how long signatures hold, {@code x=}, 1 s to 10000 days</td></tr>
 * <tr><td>{@code identity}</td><td>none</td><td>{@code i=}, such as {@code @news.example.org}; left out of the signatures of
 *     domains that it is not within</td></tr>
 * <tr><td>{@code sign}</td><td>ours</td><td>{@code all} signs whatever passes, in the name of whoever stands in From: only for a
 *     processor that no mail of strangers comes to</td></tr>
 * </table>
 *
 * <p>Keys are PEM files, PKCS#1 or PKCS#8, RSA of 1024 bits or more or Ed25519. One that is missing or bad stops James at start.
 * A file that changes is read again within a second or two; one that turns bad then keeps the old key, and an error is logged.
 */
public final class SignDkim extends GenericMailet {

    private static final Logger LOGGER = LoggerFactory.getLogger(SignDkim.class);

    /** What is signed in the name of its author. */
    private enum Sign { OURS, ALL }

    private final Signet signet;
    private @Nullable SigningKeys keys;
    private @Nullable DkimSigner signer;
    private Sign what = Sign.OURS;

    @Inject
    public SignDkim(Signet signet) {
        this.signet = signet;
    }

    @Override
    public void init() throws MessagingException {
        try {
            Parameters parameters = Parameters.of(getMailetConfig());
            keys = SigningKeys.ofAuthors(parameters, signet);
            signer = new DkimSigner(options(parameters), signet.clock());
            what = parameters.choice("sign", Sign.OURS);
            parameters.refuseOthers();
            signet.settings();
            signet.warnOfLateChanges();
        } catch (ParameterException e) {
            throw new MessagingException(e.getMessage(), e);
        }
    }

    /** @throws MessagingException where the message cannot be read or written, on a full disk for instance */
    @Override
    public void service(Mail mail) throws MessagingException {
        if (keys == null || signer == null) {
            throw new IllegalStateException("not initialised");
        }
        MimeMessageInputStreamSource leaving = MailBytes.asItWillLeave(mail);
        boolean signed = false;
        try {
            DkimSigner.Result result = sign(mail, leaving, keys, signer);
            signed = switch (result) {
                case DkimSigner.Result.Signed(List<HeaderField> fields) -> {
                    MailBytes.replace(mail, fields, leaving);
                    yield true;
                }
                case DkimSigner.Result.NotSigned(String reason) -> {
                    LOGGER.info("{}: not signed, {}", mail.getName(), reason);
                    yield false;
                }
            };
        } catch (IOException e) {
            throw new MessagingException(mail.getName() + ": cannot sign the message", e);
        } finally {
            if (!signed) {
                leaving.dispose();
            }
        }
    }

    @Override
    public String getMailetInfo() {
        return "Signet: DKIM signatures";
    }

    private DkimSigner.Result sign(Mail mail, MimeMessageInputStreamSource leaving, SigningKeys keys, DkimSigner signer)
            throws MessagingException, IOException {
        List<Signer> signers;
        try (InputStream in = leaving.getInputStream()) {
            AuthorDomain author = AuthorDomain.of(MessageReader.open(in, MessageLimits.DEFAULT).header());
            Optional<DomainName> domain = author.one();
            signers = keys.signersFor(domain.orElse(null));
            if (signers.isEmpty()) {
                return new DkimSigner.Result.NotSigned("there is no key for " + describe(author));
            }
            Optional<String> doubt = doubt(mail, domain);
            if (doubt.isPresent()) {
                // What is of another domain says who sends, and nothing of the author.
                signers = signers.stream()
                        .filter(one -> domain.filter(name -> !Authorship.couldAnswerFor(name, one.domain())).isPresent())
                        .toList();
                if (signers.isEmpty()) {
                    return new DkimSigner.Result.NotSigned(doubt.get());
                }
            }
        }
        try (InputStream in = leaving.getInputStream()) {
            return signer.sign(in, signers);
        }
    }

    private Optional<String> doubt(Mail mail, Optional<DomainName> author) throws MessagingException {
        return switch (what) {
            case OURS -> new Authorship(signet, signet.authservId(getMailetContext())).doubt(mail, author);
            case ALL -> Optional.empty();
        };
    }

    /** Without a stranger's words: it goes to the log. */
    private static String describe(AuthorDomain author) {
        return switch (author) {
            case AuthorDomain.One one -> one.domain().ascii();
            case AuthorDomain.None ignored -> "mail without an author";
            case AuthorDomain.Several ignored -> "mail with several author domains";
            case AuthorDomain.Unparsable ignored -> "mail with an ill-formed From";
            case AuthorDomain.Unread ignored -> "mail with a header block over the limits";
        };
    }

    private static SigningOptions options(Parameters from) {
        Duration second = Duration.ofSeconds(1);
        try {
            SigningOptions options = SigningOptions.DEFAULT
                    .withHeaders(headers(from))
                    .withTimestamp(from.flag("timestamp", true));
            Optional<Canonicalization[]> forms = from.read("canonicalization", "header/body, each simple or relaxed", SignDkim::forms);
            if (forms.isPresent()) {
                options = options.withForms(forms.get()[0], forms.get()[1]);
            }
            Optional<Duration> life = from.duration("expireIn", second, Duration.ofDays(10_000));
            if (life.isPresent()) {
                options = options.withExpireIn(life.get());
            }
            Optional<String> identity = from.text("identity");
            return identity.isPresent() ? options.withIdentity(identity.get()) : options;
        } catch (IllegalArgumentException e) {
            // These name their parameter, what was found and what was expected.
            throw from.wrong(e);
        }
    }

    private static SignedHeaders headers(Parameters from) {
        boolean oversign = from.flag("oversign", true);
        Optional<String> names = from.text("headers");
        if (names.isPresent()) {
            from.text("oversign").ifPresent(found -> {
                throw from.wrong("oversign", found, "none beside headers");
            });
            return new SignedHeaders.Exactly(Stream.of(names.get().split(":", -1)).map(String::strip).toList());
        }
        return oversign
                ? SignedHeaders.DEFAULT
                : new SignedHeaders.Present(List.of(), Stream.concat(SignedHeaders.OVERSIGNED.stream(), SignedHeaders.SIGNED.stream()).toList());
    }

    private static Optional<Canonicalization[]> forms(String text) {
        int slash = text.indexOf('/');
        Optional<Canonicalization> header = slash < 0 ? Optional.empty() : Canonicalization.parse(text.substring(0, slash));
        Optional<Canonicalization> body = slash < 0 ? Optional.empty() : Canonicalization.parse(text.substring(slash + 1));
        return header.flatMap(h -> body.map(b -> new Canonicalization[] {h, b}));
    }
}
