// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.inbound.Connection;
import dev.signet.inbound.Verdict;
import org.apache.commons.configuration2.Configuration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.james.core.Username;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.HookReturnCode;
import org.apache.james.smtpserver.JamesMessageHook;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import jakarta.inject.Inject;

import javax.net.ssl.SSLSession;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Verifies a message at the end of DATA and keeps the verdict with the mail, for {@link VerifyMail}, {@link ApplyDmarc} and the
 * matchers. Where it is told to, it refuses what the owner of the author domain wants refused (DMARC).
 *
 * <p>This is the only place where James still has the exact bytes that the client sent: when James queues a mail it writes
 * header fields as US-ASCII, and every 8-bit byte in them (raw UTF-8 subjects, SMTPUTF8) becomes a question mark. And it is the
 * right place to refuse: what James has once accepted could only be bounced, to a sender who is forged.
 *
 * <p>In {@code smtpserver.xml}, in each {@code smtpserver} that takes mail from outside:
 *
 * <pre>{@code
 * <handlerchain>
 *   <handler class="dev.signet.mailets.VerifyMailHook">
 *     <mode>enforce</mode>
 *   </handler>
 *   <handler class="org.apache.james.smtpserver.CoreCmdHandlerLoader"/>
 * </handlerchain>
 * }</pre>
 *
 * <table>
 * <caption>Parameters</caption>
 * <tr><th>Parameter</th><th>Default</th><th>Meaning</th></tr>
 * <tr><td>{@code mode}</td><td>tag</td>
 *     <td>{@code tag}: every message is accepted, and its verdict says what ought to be done; {@code observe}: likewise, and the log
 *     says which messages {@code enforce} would have refused, and why; {@code enforce}: a message whose disposition is reject gets
 *     {@code 550 5.7.1}. Quarantine is never refused, it is {@link ApplyDmarc}'s</td></tr>
 * <tr><td>{@code temperror}</td><td>accept</td>
 *     <td>what happens to a message whose DMARC result is temperror because the DNS did not answer: {@code accept}, or {@code defer}:
 *     {@code 451 4.7.5}, so that the client tries again. Only where the policy may ask for more than none. {@code defer} goes with
 *     the modes {@code enforce} and {@code observe}</td></tr>
 * <tr><td>{@code helpUrl}</td><td>{@code https://www.rfc-editor.org/info/rfc9989}</td>
 *     <td>where the one who reads the reply learns more: a page of yours; at most 150 characters of ASCII</td></tr>
 * <tr><td>{@code refuseRelays}</td><td>false</td>
 *     <td>whether also a relay of {@code conf/signet.properties} is refused. A relay that has accepted a message before it comes to us
 *     must bounce what we refuse; say true where yours passes our reply on to its client, as a filter in front of James does</td></tr>
 * </table>
 *
 * <p>Authenticated users and {@code own-networks} have no DMARC result, and what fails in {@code dmarc.trusted-networks} has the
 * disposition none: they are not refused, nor is a report of our own that comes back ({@link TrackReports}). The networks in James's
 * own {@code authorizedAddresses} are no exception: where SMTP AUTH is not announced and nothing is said, these are all of IPv4. Whatever
 * goes wrong in here, the message is accepted.
 *
 * <p>{@code conf/signet.properties} says how mail is checked ({@link Settings}).
 */
public final class VerifyMailHook implements JamesMessageHook {

    private enum Mode { TAG, OBSERVE, ENFORCE }

    private enum OnTempError { ACCEPT, DEFER }

    private static final Logger LOGGER = LoggerFactory.getLogger(VerifyMailHook.class);

    private final Signet signet;
    private final FailureReporter failures;
    private Mode mode = Mode.TAG;
    private DmarcAnswers answers = new DmarcAnswers(false, DmarcAnswers.DEFAULT_HELP);
    private boolean refuseRelays;

    @Inject
    public VerifyMailHook(Signet signet, FailureReporter failures) {
        this.signet = signet;
        this.failures = failures;
    }

    @Override
    public void init(Configuration config) throws ConfigurationException {
        try {
            Parameters parameters = Parameters.of(config, VerifyMailHook.class);
            mode = parameters.choice("mode", Mode.TAG);
            boolean defer = parameters.choice("temperror", OnTempError.ACCEPT) == OnTempError.DEFER;
            if (defer && mode == Mode.TAG) {
                throw parameters.wrong("temperror", "defer", "the mode enforce or observe beside it");
            }
            answers = new DmarcAnswers(defer, helpUrl(parameters));
            refuseRelays = parameters.flag("refuseRelays", false);
            parameters.refuseOthers();
            signet.settings();
        } catch (ParameterException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    @Override
    public HookResult onMessage(SMTPSession session, Mail mail) {
        try {
            // The mail itself knows nothing yet: James tells it about the client only after the configured hooks.
            Connection connection = connectionOf(session, mail);
            MailBytes.makeReadable(mail);
            Verdict verdict = StoredVerdict.check(signet.check(), connection, mail, signet.recentVerdicts());
            StoredVerdict.markUntouched(mail);
            HookResult result = signet.options().dmarc()
                    .flatMap(checker -> answers.to(verdict, checker))
                    .map(answer -> decide(answer, connection, mail, verdict))
                    .orElse(HookResult.DECLINED);
            failures.offer(mail, connection, verdict, result.getResult().getAction() == HookReturnCode.Action.DENY);
            return result;
        } catch (Exception e) {
            // Whatever it is, mail must flow; VerifyMail finds no verdict and tries again.
            LOGGER.error("{}: could not be verified on arrival", mail.getName(), e);
            return HookResult.DECLINED;
        }
    }

    private HookResult decide(DmarcAnswers.Answer answer, Connection connection, Mail mail, Verdict verdict) {
        String name = mail.getName();
        InetAddress client = connection.clientAddress();
        String why = verdict.dmarc().map(DmarcAnswers::loggable).orElse("");
        if (mode == Mode.TAG) {
            return HookResult.DECLINED;
        }
        if (!refuseRelays && client != null && signet.options().connection().relays().include(client)) {
            LOGGER.info("{} from relay {}: accepted, \"{}\" would make it bounce: {}", name, client, answer, why);
            return HookResult.DECLINED;
        }
        if (isReturnedReport(mail)) {
            // Bounces are seldom signed; that we sent what comes back here is shown by a word that nobody else knows.
            LOGGER.info("{} from {}: accepted for {}, to which only our own reports come back: {}", name, client, mail.getRecipients(), why);
            return HookResult.DECLINED;
        }
        if (mode == Mode.OBSERVE) {
            LOGGER.info("{} from {}: accepted, would be \"{}\" in mode enforce: {}", name, client, answer, why);
            return HookResult.DECLINED;
        }
        LOGGER.info("{} from {}: {}: {}", name, client, answer, why);
        if (answer.isForGood()) {
            // What is deferred comes again, and what is accepted comes to VerifyMail.
            signet.reporting().ifPresent(reporting -> reporting.refused(mail, verdict));
        }
        return HookResult.builder()
                .hookReturnCode(answer.isForGood() ? HookReturnCode.deny() : HookReturnCode.denySoft())
                .smtpReturnCode(answer.code())
                .smtpDescription(answer.text())
                .build();
    }

    private boolean isReturnedReport(Mail mail) {
        return mail.getMaybeSender().isNullSender()
                && !mail.getRecipients().isEmpty()
                && mail.getRecipients().stream().allMatch(signet.settings().sending()::comesBackTo);
    }

    private static String helpUrl(Parameters parameters) {
        return parameters.read(
                        "helpUrl",
                        "an address that begins with https:// or http://, at most " + DmarcAnswers.MAX_HELP + " characters of ASCII",
                        url -> Optional.of(url).filter(text -> text.matches("https?://[\\x21-\\x7E]+") && text.length() <= DmarcAnswers.MAX_HELP))
                .orElse(DmarcAnswers.DEFAULT_HELP);
    }

    private static Connection connectionOf(SMTPSession session, Mail mail) {
        InetSocketAddress client = session.getRemoteAddress();
        Username user = session.getUsername();
        return new Connection(
                client == null ? null : client.getAddress(),
                session.getAttachment(SMTPSession.CURRENT_HELO_NAME, State.Connection).orElse(null),
                Envelope.mailFrom(mail),
                user == null ? null : user.asString(),
                session.getSSLSession().map(VerifyMailHook::describe).orElse(null));
    }

    private static @Nullable String describe(SSLSession tls) {
        return Envelope.tls(tls.getProtocol(), tls.getCipherSuite());
    }
}
