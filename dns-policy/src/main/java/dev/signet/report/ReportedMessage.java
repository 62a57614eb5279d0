// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dkim.DkimResult;
import dev.signet.dmarc.DiscoveryMethod;
import dev.signet.dmarc.DmarcRecord;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dmarc.OverrideReason;
import dev.signet.dns.DomainName;
import dev.signet.spf.SpfResult;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * What is recorded of one message until the day's reports are written.
 *
 * @param time when the message was judged
 * @param policyDomain whose owner gets the report
 * @param record the DMARC record found there; says where reports go
 * @param discovery how it was found
 * @param report whether the message is a report itself
 */
public record ReportedMessage(
        Instant time,
        DomainName policyDomain,
        DmarcRecord record,
        DiscoveryMethod discovery,
        boolean report,
        Observation observation) {

    /**
     * Of a message just judged.
     *
     * @param dkim one result for each signature
     * @param mailFrom SPF of MAIL FROM; empty where it was not asked
     * @return empty where nobody is to be told: the author domain has no policy, or its record has no rua
     */
    public static Optional<ReportedMessage> of(
            Delivery delivery, DmarcResult dmarc, List<DkimResult> dkim, Optional<SpfResult> mailFrom) {
        return dmarc.policy()
                .filter(policy -> !policy.record().aggregateReportUris().isEmpty())
                .map(policy -> new ReportedMessage(
                        delivery.time(),
                        policy.policyDomain(),
                        policy.record(),
                        policy.method(),
                        delivery.report(),
                        Observation.of(delivery, policy.authorDomain(), dmarc, dkim, mailFrom)));
    }

    /**
     * With what was done in the end, where that is not what DMARC came to.
     *
     * @param done to a message that failed; of one that passed nothing changes
     */
    public ReportedMessage afterAll(ActionTaken done) {
        ActionTaken meant = observation.action();
        if (done == meant || meant == ActionTaken.NONE || meant == ActionTaken.PASS) {
            return this;
        }
        return new ReportedMessage(time, policyDomain, record, discovery, report, observation.withAction(
                done, new OverrideReason(OverrideReason.Type.LOCAL_POLICY, "not done here: " + meant.word())));
    }

    /** The policy that the report is about. */
    public PublishedPolicy policy() {
        return PublishedPolicy.of(policyDomain, record, discovery);
    }

    /** The day of the report: "a single UTC day" (RFC 9990, date_range). */
    public LocalDate day() {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }

    /**
     * Whether this message alone is reason enough for a report. A message that was refused is not, or any forger could make us
     * write to whom he likes; and a report is not, or two receivers would report on each other's reports for ever. Both are
     * counted in a report that is written anyway.
     */
    public boolean callsForReport() {
        return !report && observation.action() != ActionTaken.REJECT;
    }
}
