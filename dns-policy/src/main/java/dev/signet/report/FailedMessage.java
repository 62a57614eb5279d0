// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.dmarc.AlignmentMode;
import dev.signet.dmarc.DmarcRecord;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dmarc.FailureOption;
import dev.signet.dmarc.PolicyDiscovery;
import dev.signet.dns.DomainName;
import dev.signet.message.HeaderBlock;
import dev.signet.spf.SpfResult;
import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A message whose domain may want a failure report, as it was judged.
 *
 * @param envelopeId what this receiver calls it in its logs
 * @param dmarc pass or fail; else nobody is told
 * @param dkim one result for each signature
 * @param spf of MAIL FROM; empty where it was not asked
 * @param header of the message
 * @param action what is done with it; empty where nobody knows
 */
public record FailedMessage(
        Delivery delivery,
        String envelopeId,
        DmarcResult dmarc,
        List<DkimResult> dkim,
        Optional<SpfResult> spf,
        HeaderBlock header,
        Optional<ActionTaken> action) {

    public FailedMessage {
        dkim = List.copyOf(dkim);
    }

    /**
     * Whether the owner of the author domain wants a failure report of what came to this: his record names an address, is none of a
     * public suffix (psd=y), and fo asks for it. To be asked before anything is read.
     */
    public static boolean isWanted(DmarcResult dmarc, List<DkimResult> dkim, Optional<SpfResult> spf) {
        return dmarc.policy().filter(policy -> isWanted(policy.record(), dmarc, dkim, spf)).isPresent();
    }

    private static boolean isWanted(DmarcRecord record, DmarcResult dmarc, List<DkimResult> dkim, Optional<SpfResult> spf) {
        Set<FailureOption> met = met(dmarc, dkim, spf);
        met.retainAll(record.failureOptions());
        return !met.isEmpty() && !ReportKind.FAILURE.uris(record).isEmpty();
    }

    /** The words of fo that such a message answers to (RFC 9989 §4.7). */
    private static Set<FailureOption> met(DmarcResult dmarc, List<DkimResult> dkim, Optional<SpfResult> spf) {
        Set<FailureOption> met = EnumSet.noneOf(FailureOption.class);
        boolean judged = switch (dmarc.status()) {
            case PASS, FAIL -> true;
            // What the DNS left open has not failed.
            case NONE, TEMPERROR, PERMERROR -> false;
        };
        if (!judged) {
            return met;
        }
        boolean dkimAligned = !dmarc.alignedDkim().isEmpty();
        boolean spfAligned = dmarc.alignedSpf().isPresent();
        if (!dkimAligned && !spfAligned) {
            met.add(FailureOption.ALL);
        }
        if (!dkimAligned || !spfAligned) {
            met.add(FailureOption.ANY);
        }
        if (dkim.stream().anyMatch(FailedMessage::failed)) {
            met.add(FailureOption.DKIM);
        }
        if (spf.filter(FailedMessage::failed).isPresent()) {
            met.add(FailureOption.SPF);
        }
        return met;
    }

    private static boolean failed(DkimResult result) {
        return switch (result.state()) {
            case FAIL, PERMERROR, POLICY -> true;
            case NONE, PASS, NEUTRAL, TEMPERROR -> false;
        };
    }

    private static boolean failed(SpfResult result) {
        return switch (result.state()) {
            case FAIL, SOFTFAIL, PERMERROR -> true;
            case NONE, NEUTRAL, PASS, TEMPERROR -> false;
        };
    }

    /**
     * The signature that the report is about: one of an aligned domain that did not pass, else any that failed. RFC 6591 §3.2.4 has
     * room for one.
     */
    Optional<DkimResult> failedSignature() {
        return dkim.stream()
                .filter(result -> result.state() != DkimState.PASS && result.domain() != null && result.selector() != null)
                .min(Comparator.comparing(result -> !answersForAuthor(result.domain(), DmarcRecord::dkimAlignment)));
    }

    /** The domain of SPF that did not pass, where it is aligned: the report has to show its record (RFC 9991 §4). */
    Optional<DomainName> failedSpf() {
        return spf.filter(result -> result.state() != SpfResult.State.PASS)
                .map(SpfResult::domain)
                .filter(domain -> answersForAuthor(domain, DmarcRecord::spfAlignment));
    }

    /**
     * Whether a domain would have been aligned, had it passed: for an organization with domains of its own below it (psd=n) a guess,
     * which costs nothing but a line too many in the report.
     */
    private boolean answersForAuthor(@Nullable DomainName domain, Function<DmarcRecord, AlignmentMode> mode) {
        if (domain == null || dmarc.policy().isEmpty()) {
            return false;
        }
        PolicyDiscovery.Found policy = dmarc.policy().get();
        return switch (mode.apply(policy.record())) {
            case STRICT -> domain.equals(policy.authorDomain());
            case RELAXED -> domain.isAtOrBelow(dmarc.organizationalDomain().orElse(policy.authorDomain()));
        };
    }
}
