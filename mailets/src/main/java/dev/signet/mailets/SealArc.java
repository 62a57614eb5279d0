// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.arc.ArcSealer;
import dev.signet.arc.SealedHeaders;
import dev.signet.dkim.Signer;
import dev.signet.dns.DomainName;
import dev.signet.message.HeaderField;
import org.apache.james.core.MailAddress;
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
 * Seals messages that are passed on, by a list or a forward, with ARC (RFC 8617): says, under a signature, what was found out about
 * them when they came in. Who trusts us can then let a message through whose own signature a list has broken.
 *
 * <p>It testifies what {@link VerifyMail} found, about the message and about the chain it came with, and signs the bytes that James
 * will send; nothing else changes. So {@code VerifyMail} has to be in {@code root}, and every mailet that changes the message in front
 * of this one; where one stands behind it, the log says so at start. Mail that a mailet sent on as a new one ({@code Resend}, {@code
 * Forward}, {@code redirect} of Sieve) is sealed by the Authentication-Results field that we wrote when it came from outside, and by no
 * other.
 *
 * <p>Before or behind {@link SignDkim}: either holds. RFC 8617 §5.1 wants signatures first; others have them last, as below, where
 * nothing comes between the signature and {@code RemoteDelivery}. A seal names the signatures that it finds and forbids no further one,
 * and {@code SignDkim} covers no field of ARC.
 *
 * <pre>{@code
 * <mailet match="SentByMailet" class="dev.signet.mailets.SealArc">
 *   <domain>example.org</domain>
 *   <selector>s2026</selector>
 *   <keyFile>file://conf/dkim/example.org.pem</keyFile>
 * </mailet>
 * <mailet match="All" class="dev.signet.mailets.SignDkim">
 *   <key>example.org s2026 file://conf/dkim/example.org.pem</key>
 * </mailet>
 * <mailet match="All" class="RemoteDelivery">
 * }</pre>
 *
 * <p>which seals in the name of that domain whoever sends. For lists of several domains, a line for each:
 *
 * <pre>{@code
 * <mailet match="SentByMailet" class="dev.signet.mailets.SealArc">
 *   <key>lists.example.org s2026 file://conf/dkim/lists.example.org.pem</key>
 *   <key>lists.example.net s2026 file://conf/dkim/lists.example.net.pem passwordFile=file://conf/dkim/password</key>
 *   <key>*                 s2026 file://conf/dkim/example.org.pem domain=example.org</key>
 * </mailet>
 * }</pre>
 *
 * <table>
 * <caption>Parameters</caption>
 * <tr><th>Name</th><th>Default</th><th>Meaning</th></tr>
 * <tr><td>{@code key}</td><td>none</td><td>as {@link SignDkim} has it, but chosen by the domain of the envelope sender as it is by
 *     now, after {@link RewriteSender} and the list: the domain that sends, not the author's. One key for each domain, an RSA key; behind
 *     {@code *}, which is for the null sender too, {@code domain=} must say who seals</td></tr>
 * <tr><td>{@code domain}, {@code selector}, {@code keyFile}, {@code password}, {@code passwordFile}, {@code passwordEnv}</td>
 *     <td>none</td><td>instead of {@code key}: one key for all mail</td></tr>
 * <tr><td>{@code headers}</td><td>what SignDkim signs, and DKIM-Signature</td><td>names of the fields to sign, with colons between
 *     them; a name that stands there once more than the message has it is oversigned. From must be among them,
 *     Authentication-Results and the fields of ARC must not</td></tr>
 * </table>
 *
 * <p>What James wrote itself, a bounce or a report, did not come in and is not sealed, though {@code SentByMailet} matches it.
 *
 * <p>Not sealed, with a line in the log, goes on what has a chain that is sealed as failed or has 50 sets; a chain about which the DNS
 * said nothing when it came; a message of which nothing is known; one for whose sender there is no key.
 */
public final class SealArc extends GenericMailet {

    private static final Logger LOGGER = LoggerFactory.getLogger(SealArc.class);

    private final Signet signet;
    private @Nullable SigningKeys keys;
    private @Nullable ArcSealer sealer;

    @Inject
    public SealArc(Signet signet) {
        this.signet = signet;
    }

    @Override
    public void init() throws MessagingException {
        try {
            Parameters parameters = Parameters.of(getMailetConfig());
            keys = SigningKeys.ofSenders(parameters, signet);
            sealer = new ArcSealer(headers(parameters), signet.clock());
            parameters.refuseOthers();
            signet.settings();
            signet.warnOfLateChanges();
        } catch (ParameterException e) {
            throw new MessagingException(e.getMessage(), e);
        }
    }

    /**
     * Never throws for what a message holds.
     *
     * @throws MessagingException where the message cannot be read or written, on a full disk for instance
     */
    @Override
    public void service(Mail mail) throws MessagingException {
        if (keys == null || sealer == null) {
            throw new IllegalStateException("not initialised");
        }
        Optional<OnArrival> arrived = StoredVerdict.onArrival(signet.authservId(getMailetContext()), mail);
        List<Signer> signers = keys.signersFor(senderDomain(mail));
        if (Envelope.isMadeHere(mail)) {
            LOGGER.debug("{}: not sealed, it did not come in", mail.getName());
        } else if (arrived.isEmpty()) {
            LOGGER.info("{}: not sealed, nothing is known of how it came in", mail.getName());
        } else if (signers.isEmpty()) {
            LOGGER.info("{}: not sealed, there is no key for the domain of its sender", mail.getName());
        } else {
            seal(mail, arrived.get(), signers.getFirst(), sealer);
        }
    }

    @Override
    public String getMailetInfo() {
        return "Signet: ARC seals";
    }

    private static void seal(Mail mail, OnArrival arrived, Signer signer, ArcSealer sealer) throws MessagingException {
        MimeMessageInputStreamSource leaving = MailBytes.asItWillLeave(mail);
        boolean sealed = false;
        try (InputStream in = leaving.getInputStream()) {
            sealed = switch (sealer.seal(in, arrived.chain(), arrived.results(), signer)) {
                case ArcSealer.Result.Sealed(List<HeaderField> fields) -> {
                    MailBytes.replace(mail, fields, leaving);
                    yield true;
                }
                case ArcSealer.Result.NotSealed(String reason) -> {
                    LOGGER.info("{}: not sealed, {}", mail.getName(), reason);
                    yield false;
                }
            };
        } catch (IOException e) {
            throw new MessagingException(mail.getName() + ": cannot seal the message", e);
        } catch (RuntimeException surprise) {
            LOGGER.error("{}: not sealed, goes on without", mail.getName(), surprise);
        } finally {
            if (!sealed) {
                leaving.dispose();
            }
        }
    }

    /** Null for the null sender, and for an address literal. */
    private static @Nullable DomainName senderDomain(Mail mail) {
        return mail.getMaybeSender().asOptional()
                .map(MailAddress::getDomain)
                .flatMap(domain -> DomainName.parse(domain.asString()))
                .orElse(null);
    }

    private static SealedHeaders headers(Parameters from) {
        try {
            return from.text("headers")
                    .<SealedHeaders>map(names -> new SealedHeaders.Exactly(Stream.of(names.split(":", -1)).map(String::strip).toList()))
                    .orElse(SealedHeaders.DEFAULT);
        } catch (IllegalArgumentException e) {
            // It names the parameter, what was found and what was expected.
            throw from.wrong(e);
        }
    }
}
