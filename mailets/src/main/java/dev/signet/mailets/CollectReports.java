// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.DomainName;
import dev.signet.inbound.Verdict;
import dev.signet.report.MailedReport;
import dev.signet.report.ReadLimits;
import dev.signet.report.ReportMailReader;
import dev.signet.store.ReceivedReports;
import org.apache.james.core.Domain;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.server.core.MimeMessageInputStream;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import jakarta.inject.Inject;
import jakarta.mail.MessagingException;

import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/**
 * Takes the DMARC reports that others send about our domains: aggregate reports (RFC 9990, RFC 7489 and their dialects, as XML, gzip or
 * zip) and failure reports (RFC 9991). {@code signet report show} says what they tell.
 *
 * <p>Anybody can send a mail that looks like a report. One is believed if the mail has passed DMARC itself, by the stored verdict of
 * {@link VerifyMail}, and if it is about a domain of ours; even so it is a stranger's word. What is not believed, cannot be read, or
 * cannot be stored right now is put aside with the reason, never dropped. A report that comes twice counts once.
 *
 * <p>It stands behind {@link VerifyMail}, for the addresses that {@code rua} and {@code ruf} of our DMARC records name:
 *
 * <pre>{@code
 * <mailet match="RecipientIs=dmarc@example.org" class="dev.signet.mailets.CollectReports">
 *   <aside>repository file://var/mail/dmarc-reports-aside/</aside>
 * </mailet>
 * }</pre>
 *
 * <table>
 * <caption>Parameters</caption>
 * <tr><th>Parameter</th><th>Default</th><th>Meaning</th></tr>
 * <tr><td>{@code aside}</td><td>processor error</td>
 *     <td>what is done with mail that brings no report we take: one of the actions of {@link ApplyDmarc}, {@code nothing} to have it
 *     delivered like any other. The reason is in the log and in the mail's error message</td></tr>
 * <tr><td>{@code domains}</td><td>those that James serves</td>
 *     <td>whose reports are taken, each with all domains below it: domains with commas between them</td></tr>
 * <tr><td>{@code requireDmarc}</td><td>true</td>
 *     <td>whether the mail must have passed DMARC. Without it anybody can make up reports</td></tr>
 * <tr><td>{@code passThrough}</td><td>false</td>
 *     <td>whether mail whose report was taken goes on, to be delivered as well; else it ends here</td></tr>
 * <tr><td>{@code keep}</td><td>400 days</td>
 *     <td>how long reports are kept, by the end of what they tell about: 1 day to 10000 days. What is older goes when the next report is
 *     taken</td></tr>
 * </table>
 *
 * <p>{@code conf/signet.properties} says where reports are stored ({@link Settings}, {@code reports.database}).
 */
public final class CollectReports extends GenericMailet {

    private static final Logger LOGGER = LoggerFactory.getLogger(CollectReports.class);
    private static final int MAX_SHOWN = 200;
    // A day that is not over yet, and a clock that is wrong.
    private static final Duration AHEAD = Duration.ofDays(2);
    // The largest report that ReadLimits let in takes 70 MB until it is stored, and a spooler has many threads.
    private static final int AT_ONCE = 2;

    private final Signet signet;
    private final DmarcActions performer;
    private final ReportMailReader reader = new ReportMailReader(ReadLimits.DEFAULT);
    private final Semaphore room = new Semaphore(AT_ONCE);
    private DmarcAction aside = new DmarcAction.Processor(Mail.ERROR);
    private List<DomainName> domains = List.of();
    private boolean requireDmarc = true;
    private boolean passThrough;
    private Duration keep = Duration.ofDays(400);

    @Inject
    public CollectReports(Signet signet, MailRepositoryStore repositories) {
        this.signet = signet;
        this.performer = new DmarcActions(repositories, LOGGER);
    }

    @Override
    public void init() throws MessagingException {
        try {
            Parameters parameters = Parameters.of(getMailetConfig());
            aside = performer.read(parameters, "aside", aside);
            domains = parameters.list("domains").stream()
                    .map(text -> DomainName.parse(text).orElseThrow(() -> parameters.wrong("domains", text, "domain names such as example.org")))
                    .toList();
            requireDmarc = parameters.flag("requireDmarc", true);
            passThrough = parameters.flag("passThrough", false);
            keep = parameters.duration("keep", Duration.ofDays(1), Duration.ofDays(10_000)).orElse(keep);
            parameters.refuseOthers();
            signet.receivedReports();
        } catch (ParameterException e) {
            throw new MessagingException(e.getMessage(), e);
        }
    }

    /** Never throws for what a mail holds, unless {@code aside} says so. */
    @Override
    public void service(Mail mail) throws MessagingException {
        Optional<DmarcResult> dmarc = StoredVerdict.of(mail).flatMap(Verdict::dmarc);
        boolean passed = dmarc.filter(result -> result.status() == DmarcResult.Status.PASS).isPresent();
        if (requireDmarc && !passed) {
            setAside(mail, "a report mail that did not pass DMARC: " + dmarc.map(DmarcAnswers::loggable).orElse("no DMARC result"));
            return;
        }
        room.acquireUninterruptibly();
        try {
            collect(mail, passed ? dmarc.flatMap(DmarcResult::authorDomain) : Optional.empty());
        } finally {
            room.release();
        }
    }

    private void collect(Mail mail, Optional<DomainName> sender) throws MessagingException {
        switch (read(mail)) {
            case MailedReport.Unreadable(var reason, String detail) -> setAside(mail, "no report: " + reason + ", " + detail);
            case MailedReport.Aggregate(var report, var ignored) when report.metadata().end().isAfter(signet.clock().instant().plus(AHEAD)) ->
                    setAside(mail, "a report about days to come, up to " + report.metadata().end());
            case MailedReport.Aggregate(var report, List<String> repairs) -> take(mail, report.policy().domain(), repairs, (store, now) ->
                    store.add(report, sender, now)
                            ? report.messages() + " messages in the report " + report.metadata().reportId() + " of " + report.metadata().organization()
                            : "once more the report " + report.metadata().reportId() + " of " + report.metadata().organization() + ", not counted");
            case MailedReport.Failure(var report, List<String> repairs) -> take(mail, report.domain(), repairs, (store, now) -> {
                store.add(report, sender, now);
                return report.incidents() + " incidents in a failure report";
            });
        }
    }

    private MailedReport read(Mail mail) throws MessagingException {
        try (InputStream message = new MimeMessageInputStream(mail.getMessage())) {
            return reader.read(message);
        } catch (IOException e) {
            throw new MessagingException(mail.getName() + ": cannot read the message", e);
        }
    }

    /** Puts a report into the store, and says what it tells. */
    private interface Entry {
        String into(ReceivedReports store, Instant now) throws SQLException;
    }

    private void take(Mail mail, DomainName domain, List<String> repairs, Entry entry) throws MessagingException {
        if (!isOurs(domain)) {
            setAside(mail, "a report about " + domain + ", which is no domain of ours");
            return;
        }
        Instant now = signet.clock().instant();
        try {
            ReceivedReports store = signet.receivedReports();
            String told = entry.into(store, now);
            LOGGER.info("{}: about {}: {}{}", mail.getName(), domain, loggable(told), repairs.isEmpty() ? "" : "; " + loggable(repairs.toString()));
            store.forgetBefore(now.minus(keep));
        } catch (SQLException e) {
            LOGGER.error("{}: the report store failed", mail.getName(), e);
            setAside(mail, "a report that cannot be stored right now: " + loggable(String.valueOf(e.getMessage())));
            return;
        }
        if (!passThrough) {
            mail.setState(Mail.GHOST);
        }
    }

    private boolean isOurs(DomainName domain) {
        return domains.isEmpty()
                // Any domain above it: the owner of a domain is the owner of what is below.
                ? IntStream.rangeClosed(1, domain.labels().size())
                        .mapToObj(domain::rightmost)
                        .anyMatch(above -> getMailetContext().isLocalServer(Domain.of(above.ascii())))
                : domains.stream().anyMatch(domain::isAtOrBelow);
    }

    private void setAside(Mail mail, String why) throws MessagingException {
        if (aside instanceof DmarcAction.Header header) {
            DmarcActions.writeField(aside, List.of(header.name()), signet.settings().inbound().limits().maxHeaderBytes(), mail);
        }
        performer.perform(aside, mail, loggable(why));
    }

    /** A stranger's text on one line of a log. */
    private static String loggable(String text) {
        String printable = text.replaceAll("[^\\x20-\\x7E]", "?");
        return printable.length() > MAX_SHOWN ? printable.substring(0, MAX_SHOWN) + "..." : printable;
    }

    @Override
    public String getMailetInfo() {
        return "Signet: DMARC reports of others";
    }
}
