// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dmarc.OverrideReason;
import dev.signet.dns.DomainName;
import dev.signet.spf.SpfResult;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that a report tells of a message. Messages with equal observations share a row: "One record per (IP, result,
 * authentication identifiers) tuples" (RFC 9990, RecordType). Holds no local part and nothing of the content.
 *
 * @param source the connecting address
 * @param dkimAligned whether an aligned signature passed
 * @param spfAligned whether SPF passed for an aligned domain
 * @param reasons why {@code action} is not what the policy asks for
 * @param headerFrom the author domain
 * @param envelopeFrom the domain of MAIL FROM; an empty text for the null sender, no text where a report does not tell
 * @param envelopeTo the domain of RCPT TO, where it is told
 * @param dkim at most 100
 */
public record Observation(
        InetAddress source,
        ActionTaken action,
        boolean dkimAligned,
        boolean spfAligned,
        List<OverrideReason> reasons,
        String headerFrom,
        Optional<String> envelopeFrom,
        Optional<String> envelopeTo,
        List<DkimOutcome> dkim,
        Optional<SpfOutcome> spf) {

    // RFC 9990 §3.1.3: "no more than 100 signatures for a given row, in decreasing priority".
    private static final int MAX_SIGNATURES = 100;

    public Observation {
        reasons = List.copyOf(reasons);
        dkim = List.copyOf(dkim);
    }

    static Observation of(
            Delivery delivery, DomainName author, DmarcResult dmarc, List<DkimResult> dkim, Optional<SpfResult> spf) {
        return new Observation(
                withoutZone(delivery.client()),
                ActionTaken.of(dmarc),
                !dmarc.alignedDkim().isEmpty(),
                dmarc.alignedSpf().isPresent(),
                reasons(dmarc),
                author.ascii(),
                Optional.of(domainOf(delivery.mailFrom())),
                delivery.recipientDomain().map(DomainName::ascii),
                signatures(dkim, author, dmarc.alignedDkim()),
                spf.flatMap(result -> SpfOutcome.of(result, delivery.mailFrom().isEmpty())));
    }

    /** "fe80::1%eth0": no report has a place for the name of an interface of ours, and no other node would understand it. */
    private static InetAddress withoutZone(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("the octets of an address are of the right number", e);
        }
    }

    /** Something else was done, for one more reason. */
    Observation withAction(ActionTaken done, OverrideReason why) {
        return new Observation(
                source, done, dkimAligned, spfAligned, Stream.concat(reasons.stream(), Stream.of(why)).toList(),
                headerFrom, envelopeFrom, envelopeTo, dkim, spf);
    }

    private static List<OverrideReason> reasons(DmarcResult dmarc) {
        List<OverrideReason> reasons = new ArrayList<>(1);
        for (OverrideReason override : dmarc.handling().overrides()) {
            reasons.add(new OverrideReason(override.type(), ReportText.comment(override.comment())));
        }
        // Neither pass nor fail has a place in a row. As failed and not acted upon, it needs a reason.
        if (dmarc.status() == DmarcResult.Status.TEMPERROR) {
            reasons.add(new OverrideReason(OverrideReason.Type.OTHER, ReportText.comment("temperror: " + dmarc.reason())));
        }
        return reasons;
    }

    /** In a fixed order, so that messages whose fields were shuffled on the way share a row. */
    private static List<DkimOutcome> signatures(List<DkimResult> results, DomainName author, List<DomainName> aligned) {
        List<DkimResult> sorted = new ArrayList<>(results);
        sorted.sort(Comparator.<DkimResult>comparingInt(result -> priority(result, author, aligned))
                .thenComparing(result -> DkimOutcome.of(result).toString()));
        Set<DkimOutcome> outcomes = new LinkedHashSet<>();
        for (DkimResult result : sorted) {
            if (outcomes.size() < MAX_SIGNATURES) {
                DkimOutcome.of(result).ifPresent(outcomes::add);
            }
        }
        return List.copyOf(outcomes);
    }

    // RFC 9990 §3.1.3: strictly aligned, aligned, passed, the rest.
    private static int priority(DkimResult result, DomainName author, List<DomainName> aligned) {
        if (result.state() != DkimState.PASS) {
            return 4;
        }
        if (author.equals(result.domain())) {
            return 1;
        }
        return aligned.stream().anyMatch(domain -> domain.equals(result.domain())) ? 2 : 3;
    }

    /** A-labels where it is a domain; else, such as for an address literal, what stood there. Nothing where all of it is a local part. */
    private static String domainOf(String mailFrom) {
        int at = mailFrom.lastIndexOf('@');
        String domain = at < 0 ? "" : mailFrom.substring(at + 1);
        return DomainName.parse(domain).map(DomainName::ascii).orElseGet(() -> ReportText.name(domain.toLowerCase(Locale.ROOT)));
    }
}
