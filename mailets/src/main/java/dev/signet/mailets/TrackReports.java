// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.sending.MailProgress;
import dev.signet.sending.ReturnedMail;
import dev.signet.sending.SuppressionList;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MimeMessageInputStream;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import jakarta.inject.Inject;
import jakarta.mail.MessagingException;

import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Notes what becomes of the reports that {@link ReportSchedule} sends. Stands at up to four places, and lets all other mail pass.
 *
 * <p>{@code departure}, in front of {@link SignDkim}: where a node died and nobody could know whether its queue had a report, there
 * are two copies of it; of these the first one leaves, and the other ends here.
 *
 * <pre>{@code
 * <mailet match="All" class="dev.signet.mailets.TrackReports"/>
 * <mailet match="All" class="dev.signet.mailets.SignDkim">
 * }</pre>
 *
 * <p>{@code delivery}, in the processor that {@code RemoteDelivery} names in {@code onSuccess}: needed where James's queue is in memory
 * ({@code reports.queue = memory}), since there a report is on the safe side only when its recipient's server has it. Not for a queue on
 * disk: James 3.8.1 begins to send from it before it has what {@code onSuccess} needs, and sends such a mail again.
 *
 * <p>{@code failure}, first in the processor that {@code RemoteDelivery} names in {@code bounceProcessor}: a recipient who refuses a
 * report gets none for a while ({@code reports.suppression}), aggregate or failure report. There is no bounce to ourselves.
 *
 * <p>{@code bounce}, right behind {@link VerifyMail} in the {@code root} processor: the same for what comes back later, to {@code
 * reports.bounces}. {@link ReportBouncesHook} lets it in. It stands in front of {@link ApplyDmarc}, since bounces are seldom signed, and the
 * word in their recipient, which nobody else knows, shows whose they are.
 *
 * <pre>{@code
 * <mailet match="All" class="dev.signet.mailets.TrackReports">
 *   <at>bounce</at>
 * </mailet>
 * }</pre>
 *
 * <table>
 * <caption>Parameters</caption>
 * <tr><th>Parameter</th><th>Default</th><th>Meaning</th></tr>
 * <tr><td>{@code at}</td><td>departure</td><td>departure, delivery, failure or bounce: see above</td></tr>
 * </table>
 */
public final class TrackReports extends GenericMailet {

    private static final Logger LOGGER = LoggerFactory.getLogger(TrackReports.class);

    // RemoteDelivery's.
    private static final AttributeName ERROR = AttributeName.of("delivery-error");
    private static final AttributeName PERMANENT = AttributeName.of("is-delivery-permanent-error");

    private enum Place { DEPARTURE, DELIVERY, FAILURE, BOUNCE }

    private final Signet signet;
    private Place place = Place.DEPARTURE;
    private @Nullable MailProgress progress;
    private @Nullable SuppressionList suppression;

    @Inject
    public TrackReports(Signet signet) {
        this.signet = signet;
    }

    @Override
    public void init() throws MessagingException {
        try {
            Parameters parameters = Parameters.of(getMailetConfig());
            place = parameters.choice("at", Place.DEPARTURE);
            parameters.refuseOthers();
            progress = signet.mailProgress().orElse(null);
            suppression = signet.suppressionList().orElse(null);
        } catch (ParameterException e) {
            throw new MessagingException(e.getMessage(), e);
        }
    }

    @Override
    public void service(Mail mail) throws MessagingException {
        if (suppression != null && place == Place.FAILURE && FailureMailing.isReport(mail)) {
            failedReport(mail, suppression);
            return;
        }
        if (progress == null) {
            // Nothing is sent here, and what was sent before may well leave.
            return;
        }
        try {
            if (place == Place.BOUNCE) {
                takeBounces(mail, progress);
                return;
            }
            Optional<String> tag = JamesQueue.tag(mail);
            if (tag.isPresent()) {
                note(mail, tag.get(), progress);
            }
        } catch (SQLException | IOException e) {
            // The report goes on: it may be sent twice now, which its receiver can tell by its Report-ID, but never not at all.
            LOGGER.error("{}: the database does not learn what became of a report", mail.getName(), e);
        }
    }

    @Override
    public String getMailetInfo() {
        return "Signet: what became of reports";
    }

    private void note(Mail mail, String tag, MailProgress progress) throws SQLException {
        switch (place) {
            case DEPARTURE -> {
                if (!progress.departs(tag)) {
                    LOGGER.info("{}: another copy of this report left before", mail.getName());
                    mail.setState(Mail.GHOST);
                }
            }
            case DELIVERY -> {
                progress.delivered(tag);
                mail.setState(Mail.GHOST);
            }
            case FAILURE -> {
                String reason = reason(mail);
                LOGGER.info("{}: a report could not be delivered to {}: {}", mail.getName(), mail.getRecipients(), reason);
                progress.failed(tag, isPermanent(mail), reason);
                mail.setState(Mail.GHOST);
            }
            case BOUNCE -> throw new IllegalStateException("told by its recipient");
        }
    }

    /** A failure report: it is in no database, but its recipient may get into one. */
    private static void failedReport(Mail mail, SuppressionList suppression) {
        String reason = reason(mail);
        LOGGER.info("{}: a failure report could not be delivered to {}: {}", mail.getName(), mail.getRecipients(), reason);
        mail.setState(Mail.GHOST);
        try {
            for (MailAddress recipient : isPermanent(mail) ? mail.getRecipients() : List.<MailAddress>of()) {
                suppression.add(recipient.asString(), reason);
            }
        } catch (SQLException e) {
            LOGGER.error("{}: the database does not learn who refused a failure report", mail.getName(), e);
        }
    }

    private static String reason(Mail mail) {
        return AttributeUtils.getValueAndCastFromMail(mail, ERROR, String.class).orElse("no reason given");
    }

    private static boolean isPermanent(Mail mail) {
        return AttributeUtils.getValueAndCastFromMail(mail, PERMANENT, Boolean.class).orElse(false);
    }

    private void takeBounces(Mail mail, MailProgress progress) throws MessagingException, SQLException, IOException {
        BounceAddress bounces = signet.settings().sending().bounces();
        List<MailAddress> others = new ArrayList<>();
        for (MailAddress recipient : mail.getRecipients()) {
            Optional<String> token = bounces.token(recipient);
            if (token.isPresent()) {
                bounce(mail, token.get(), progress);
            } else {
                others.add(recipient);
            }
        }
        if (others.size() < mail.getRecipients().size()) {
            mail.setRecipients(others);
            if (others.isEmpty()) {
                mail.setState(Mail.GHOST);
            }
        }
    }

    private static void bounce(Mail mail, String token, MailProgress progress) throws MessagingException, SQLException, IOException {
        try (InputStream message = new MimeMessageInputStream(mail.getMessage())) {
            Optional<String> failure = ReturnedMail.permanentFailure(message);
            boolean known = failure.isPresent() && progress.bounced(token, failure.get());
            LOGGER.info("{}: an answer to a report, {}", mail.getName(),
                    known ? "its recipient gets none for a while: " + failure.get() : "not one that changes anything");
        }
    }
}
