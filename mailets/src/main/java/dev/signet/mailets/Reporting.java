// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.DomainName;
import dev.signet.inbound.Verdict;
import dev.signet.report.ActionTaken;
import dev.signet.report.Delivery;
import dev.signet.report.ReportKind;
import dev.signet.report.ReportedMessage;
import dev.signet.store.Database;
import dev.signet.store.Recorder;
import dev.signet.store.RecorderState;
import dev.signet.store.ReportStore;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.mailet.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import jakarta.mail.MessagingException;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Records for reports what DMARC found and what became of the mail. Whatever goes wrong in here, mail goes on.
 *
 * <p>A report says what was really done. What {@link VerifyMailHook} refuses is rejected. Of what it accepts that is known which
 * {@link ApplyDmarc} will do: without one, nothing is done, whatever the policy asks for.
 */
final class Reporting implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Reporting.class);

    private final ReportSettings settings;
    private final SendingSettings sending;
    private final InstantSource clock;
    private final Database database;
    private final Recorder recorder;
    private final Map<Disposition, ActionTaken> applied = new ConcurrentHashMap<>();

    private Reporting(ReportSettings settings, SendingSettings sending, InstantSource clock, Database database, Recorder recorder) {
        this.settings = settings;
        this.sending = sending;
        this.clock = clock;
        this.database = database;
        this.recorder = recorder;
    }

    /** Begins to record; also what an earlier James left in the journal. Empty where the settings say no. */
    static Optional<Reporting> start(
            ReportSettings settings, SendingSettings sending, FileSystem files, InstantSource clock, RandomGenerator random) {
        if (!settings.on()) {
            return Optional.empty();
        }
        Database database = Database.open(settings.database(files));
        Recorder recorder =
                new Recorder(new ReportStore(database), settings.journal(files), settings.retentionDays(), clock, random);
        recorder.start();
        return Optional.of(new Reporting(settings, sending, clock, database, recorder));
    }

    /** Where reports are; also for sending and receiving them. */
    Database database() {
        return database;
    }

    RecorderState state() {
        return recorder.state();
    }

    /** An {@link ApplyDmarc} tells what it does; where there are several, the most severe of them counts. */
    void applies(Disposition disposition, ActionTaken action) {
        applied.merge(disposition, action, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }

    /** A mail that the client was told is refused. */
    void refused(Mail mail, Verdict verdict) {
        record(mail, verdict, ActionTaken.REJECT);
    }

    /** A mail that was accepted. */
    void accepted(Mail mail, Verdict verdict) {
        verdict.dmarc().ifPresent(dmarc -> record(mail, verdict, whenAccepted(dmarc)));
    }

    /** What is done with mail that is accepted. */
    ActionTaken whenAccepted(DmarcResult dmarc) {
        return applied.getOrDefault(dmarc.disposition(), ActionTaken.NONE);
    }

    private void record(Mail mail, Verdict verdict, ActionTaken done) {
        try {
            // Mail of our own users and machines has no client and no DMARC result: there is nobody to be told.
            if (verdict.client().isEmpty() || verdict.dmarc().isEmpty()) {
                return;
            }
            InetAddress client = verdict.client().get().request().ip();
            Delivery delivery = new Delivery(
                    clock.instant(), client, Envelope.mailFrom(mail), recipientDomain(mail), isAboutReports(mail));
            ReportedMessage.of(delivery, verdict.dmarc().get(), verdict.dkim(), verdict.client().map(found -> found.mailFrom()))
                    .filter(message -> !isExcepted(message))
                    .map(message -> message.afterAll(done))
                    .ifPresent(recorder::record);
        } catch (MessagingException | RuntimeException e) {
            LOGGER.error("{}: could not be recorded for a report", mail.getName(), e);
        }
    }

    private boolean isExcepted(ReportedMessage message) {
        Optional<DomainName> author = DomainName.parse(message.observation().headerFrom());
        return settings.excepts(message.policyDomain(), author);
    }

    private static Optional<DomainName> recipientDomain(Mail mail) {
        Domain domain = null;
        for (MailAddress recipient : mail.getRecipients()) {
            if (domain != null && !domain.equals(recipient.getDomain())) {
                return Optional.empty();
            }
            domain = recipient.getDomain();
        }
        return Optional.ofNullable(domain).map(Domain::asString).flatMap(DomainName::parse);
    }

    /** A report, or an answer to one of ours: two servers that acknowledge each other's reports would never come to an end. */
    private boolean isAboutReports(Mail mail) throws MessagingException {
        boolean answer = !mail.getRecipients().isEmpty() && mail.getRecipients().stream().allMatch(sending::hearsOfReports);
        return answer || ReportKind.isReport(first(mail, "Subject"), first(mail, "Content-Type"));
    }

    private static String first(Mail mail, String field) throws MessagingException {
        String[] fields = mail.getMessage().getHeader(field);
        return fields == null || fields.length == 0 ? "" : fields[0];
    }

    @Override
    public void close() {
        recorder.close();
        database.close();
    }
}
