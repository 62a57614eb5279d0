// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.authres.AuthenticationResults;
import dev.signet.inbound.Connection;
import dev.signet.inbound.Verdict;
import dev.signet.message.HeaderField;
import dev.signet.spf.ReceivedSpf;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;

import jakarta.inject.Inject;
import jakarta.mail.MessagingException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says in an Authentication-Results field what the check of a message found (RFC 8601), and if wanted in Received-SPF fields what
 * SPF found (RFC 7208 §9.1).
 *
 * <p>It takes over the verdict of {@link VerifyMailHook}. Mail that no hook saw it verifies by itself, as far as that can be
 * done here: James has already replaced 8-bit bytes in header fields, so signatures over such fields fail.
 *
 * <p>Authentication-Results and Received-SPF fields in our name that came from outside are forged and are removed, all of them, and
 * so are Received-SPF fields that do not say who wrote them ({@code receiver=}): they could be taken for ours. A field longer than {@code
 * header.max-bytes} goes too, unread. Nothing else of the message changes, not a byte, so signatures that held still hold. Run twice it
 * changes nothing the second time.
 *
 * <p>What a mailet of James sends on as a new mail ({@code Resend}, {@code Redirect}, {@code Forward}, {@code redirect} of Sieve) comes
 * here again and brings our field of the first time along. It stays, for that is what {@link SealArc} seals. James marks such mail by
 * an attribute, which nobody can set who sends mail over SMTP, JMAP or otherwise; in theirs the same field is forged. Such mail has
 * no verdict of its own: the matchers find nothing in it, and no policy is applied for a second time.
 *
 * <p>Where {@code conf/signet.properties} says {@code reports = true} it records, once for each message, what DMARC found.
 *
 * <p>It comes first in the {@code root} processor, before any mailet that changes mail:
 *
 * <pre>{@code
 * <mailet match="All" class="dev.signet.mailets.VerifyMail"/>
 * }</pre>
 *
 * <table>
 * <caption>Parameters</caption>
 * <tr><th>Parameter</th><th>Default</th><th>Meaning</th></tr>
 * <tr><td>{@code receivedSpf}</td><td>false</td>
 *     <td>whether the SPF results are told once more, in a Received-SPF field each, for filters that do not read
 *     Authentication-Results; our authserv-id is their {@code receiver}. Mail of whose client SPF is not asked has none</td></tr>
 * </table>
 *
 * <pre>{@code
 * <mailet match="All" class="dev.signet.mailets.VerifyMail">
 *   <receivedSpf>true</receivedSpf>
 * </mailet>
 * }</pre>
 *
 * <p>{@code conf/signet.properties} says how mail is checked and what our authserv-id is ({@link Settings}).
 */
public final class VerifyMail extends GenericMailet {

    private final Signet signet;
    private final FailureReporter failures;
    private boolean receivedSpf;

    @Inject
    public VerifyMail(Signet signet, FailureReporter failures) {
        this.signet = signet;
        this.failures = failures;
    }

    @Override
    public void init() throws MessagingException {
        try {
            Parameters parameters = Parameters.of(getMailetConfig());
            receivedSpf = parameters.flag("receivedSpf", false);
            parameters.refuseOthers();
            signet.settings();
        } catch (ParameterException e) {
            throw new MessagingException(e.getMessage(), e);
        }
    }

    /**
     * Never throws for what a message holds.
     *
     * @throws MessagingException where the message cannot be read or written, on a full disk for instance: mail with forged
     *     fields still in it must not go on as if it had been verified
     */
    @Override
    public void service(Mail mail) throws MessagingException {
        try {
            String authservId = signet.authservId(getMailetContext());
            Optional<Verdict> onArrival = StoredVerdict.cameWith(mail, signet.recentVerdicts());
            if (onArrival.isEmpty() && Envelope.isSentByMailet(mail) && StoredVerdict.keepResults(authservId, signet.settings().inbound().limits(), mail)) {
                // What we wrote when it came from outside, before a mailet sent it on.
                return;
            }
            Verdict verdict = onArrival.isPresent() ? onArrival.get() : check(mail);
            List<HeaderField> fields = new ArrayList<>(3);
            fields.add(verdict.authenticationResults(authservId).toField());
            if (receivedSpf) {
                fields.addAll(verdict.receivedSpf(authservId));
            }
            MailBytes.exchange(
                    mail,
                    fields,
                    field -> AuthenticationResults.claims(field, authservId) || ReceivedSpf.claims(field, authservId),
                    signet.settings().inbound().limits().maxHeaderBytes());
            recordOnce(mail, verdict);
        } catch (IOException e) {
            throw new MessagingException(mail.getName() + ": cannot rewrite the message", e);
        }
    }

    private void recordOnce(Mail mail, Verdict verdict) throws MessagingException {
        Optional<Reporting> reporting = signet.reporting();
        if (reporting.isPresent() && StoredVerdict.markRecorded(mail)) {
            reporting.get().accepted(mail, verdict);
        }
    }

    private Verdict check(Mail mail) throws MessagingException, IOException {
        Connection connection = Envelope.of(mail);
        Verdict verdict = StoredVerdict.check(signet.check(), connection, mail, signet.recentVerdicts());
        failures.offer(mail, connection, verdict, false);
        return verdict;
    }

    @Override
    public String getMailetInfo() {
        return "Signet: Authentication-Results";
    }
}
