// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcResult;
import dev.signet.inbound.Verdict;
import dev.signet.report.ActionTaken;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import jakarta.inject.Inject;
import jakarta.mail.MessagingException;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Does with a mail what its DMARC disposition says. It reads the stored verdict of {@link VerifyMailHook} or {@link VerifyMail}, so
 * it stands behind the latter, decides nothing and looks nothing up.
 *
 * <p>What is rejected is best refused by {@link VerifyMailHook} while the client is still connected. Here James has accepted the mail,
 * and a bounce would go to a sender who is forged: none of these actions makes one.
 *
 * <pre>{@code
 * <mailet match="All" class="dev.signet.mailets.ApplyDmarc">
 *   <quarantine>processor spam</quarantine>
 *   <reject>repository file://var/mail/dmarc-reject/</reject>
 * </mailet>
 * }</pre>
 *
 * <table>
 * <caption>Parameters</caption>
 * <tr><th>Parameter</th><th>Default</th><th>Meaning</th></tr>
 * <tr><td>{@code none}</td><td>nothing</td><td>what is done with mail that passed, or that nothing is to be done about</td></tr>
 * <tr><td>{@code quarantine}</td><td>processor spam</td><td>what is done with mail to be kept from the inbox</td></tr>
 * <tr><td>{@code reject}</td><td>processor spam</td><td>what is done with mail to be refused, where it came this far: the hook does not
 *     enforce, or a relay of ours had accepted it already</td></tr>
 * </table>
 *
 * <p>Each of them is one of these:
 *
 * <ul>
 * <li>{@code nothing}: the mail goes on.
 * <li>{@code header X-Dmarc: quarantine}: it goes on with this field in front. Fields of that name that came from outside are removed
 *     from all mail. Not a byte changes otherwise.
 * <li>{@code processor spam}: it goes on in that processor.
 * <li>{@code repository file://var/mail/dmarc-reject/}: it ends in that repository, and nobody is told. WebAdmin lists it there and can
 *     have it processed again, then in a processor behind this mailet.
 * <li>{@code error}: the mailet fails, so that James does what it does with errors: it moves the mail to the processor {@code error}, or
 *     to whatever {@code onMailetException} says.
 * </ul>
 *
 * <p>Mail without a verdict, mail of authenticated users and of {@code own-networks}, and all mail where DMARC is off goes on.
 */
public final class ApplyDmarc extends GenericMailet {

    private static final Logger LOGGER = LoggerFactory.getLogger(ApplyDmarc.class);

    private static final DmarcAction TO_SPAM = new DmarcAction.Processor("spam");

    private final Signet signet;
    private final DmarcActions performer;
    private Map<Disposition, DmarcAction> actions = Map.of();
    private List<String> ownFields = List.of();

    @Inject
    public ApplyDmarc(Signet signet, MailRepositoryStore repositories) {
        this.signet = signet;
        this.performer = new DmarcActions(repositories, LOGGER);
    }

    @Override
    public void init() throws MessagingException {
        try {
            Parameters parameters = Parameters.of(getMailetConfig());
            Map<Disposition, DmarcAction> read = new EnumMap<>(Disposition.class);
            for (Disposition disposition : Disposition.values()) {
                read.put(disposition, action(parameters, disposition));
            }
            parameters.refuseOthers();
            actions = Map.copyOf(read);
            // Signet's reports say what was done.
            signet.reporting().ifPresent(reporting -> actions.forEach((disposition, action) -> reporting.applies(disposition, taken(disposition, action))));
            ownFields = actions.values().stream()
                    .filter(DmarcAction.Header.class::isInstance)
                    .map(action -> ((DmarcAction.Header) action).name())
                    .distinct()
                    .toList();
        } catch (ParameterException e) {
            throw new MessagingException(e.getMessage(), e);
        }
    }

    /** In the words of a report: here nothing is rejected any more. */
    private static ActionTaken taken(Disposition disposition, DmarcAction action) {
        return disposition == Disposition.NONE || action instanceof DmarcAction.Nothing ? ActionTaken.NONE : ActionTaken.QUARANTINE;
    }

    private DmarcAction action(Parameters parameters, Disposition disposition) {
        return performer.read(parameters, disposition.word(), switch (disposition) {
            case NONE -> new DmarcAction.Nothing();
            case QUARANTINE, REJECT -> TO_SPAM;
        });
    }

    @Override
    public void service(Mail mail) throws MessagingException {
        Optional<DmarcResult> result = StoredVerdict.of(mail, signet.recentVerdicts()).flatMap(Verdict::dmarc);
        DmarcAction action = result.map(DmarcResult::disposition).map(actions::get).orElseGet(DmarcAction.Nothing::new);
        String why = result.map(DmarcAnswers::loggable).orElse("no DMARC result");
        if (!ownFields.isEmpty()) {
            DmarcActions.writeField(action, ownFields, signet.settings().inbound().limits().maxHeaderBytes(), mail);
        }
        performer.perform(action, mail, why);
    }

    @Override
    public String getMailetInfo() {
        return "Signet: DMARC disposition";
    }
}
