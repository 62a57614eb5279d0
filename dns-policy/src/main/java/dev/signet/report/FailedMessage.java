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
import java.util.function.Predicate;

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
        return !asked(record, dmarc, dkim, spf).isEmpty() && !ReportKind.FAILURE.uris(record).isEmpty();
    }

    private static Set<FailureOption> asked(DmarcRecord record, DmarcResult dmarc, List<DkimResult> dkim, Optional<SpfResult> spf) {
        Set<FailureOption> met = met(dmarc, dkim, spf);
        met.retainAll(record.failureOptions());
        return met;
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
        // A field so broken that it names no domain or no selector is nobody's signature: there is nothing to tell.
        return result.domain() != null && result.selector() != null && switch (result.state()) {
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
     * What the report is of. RFC 9991 §4: of DMARC, where "mechanisms failed to produce aligned identifiers". Where the record asks
     * only for failures of DKIM or SPF that this message has, it is a report of those (RFC 9989 §4.7, RFC 9991 §3); of both, DKIM's,
     * since a report has one type.
     */
    AuthFailure failure() {
        Set<FailureOption> asked = dmarc.policy().map(policy -> asked(policy.record(), dmarc, dkim, spf)).orElse(Set.of());
        if (asked.contains(FailureOption.ALL) || asked.contains(FailureOption.ANY)) {
            return AuthFailure.DMARC;
        }
        if (asked.contains(FailureOption.DKIM)) {
            return signature(FailedMessage::failed).map(result -> AuthFailure.of(result.failure())).orElse(AuthFailure.DMARC);
        }
        return asked.contains(FailureOption.SPF) ? AuthFailure.SPF : AuthFailure.DMARC;
    }

    /** The signature that the report is about: of an aligned domain, if there is one. RFC 6591 §3.2.4 has room for one. */
    Optional<DkimResult> failedSignature() {
        return switch (failure()) {
            case DMARC -> signature(result -> result.state() != DkimState.PASS && result.domain() != null && result.selector() != null);
            case SIGNATURE, BODYHASH, REVOKED -> signature(FailedMessage::failed);
            case SPF -> Optional.empty();
        };
    }

    private Optional<DkimResult> signature(Predicate<DkimResult> which) {
        return dkim.stream()
                .filter(which)
                .min(Comparator.comparing(result -> !answersForAuthor(result.domain(), DmarcRecord::dkimAlignment)));
    }

    /** The domain of SPF that did not pass, and whose record the report has to show: where it is aligned, or the report is of SPF. */
    Optional<DomainName> failedSpf() {
        return spf.filter(result -> result.state() != SpfResult.State.PASS)
                .map(SpfResult::domain)
                .filter(domain -> failure() == AuthFailure.SPF || answersForAuthor(domain, DmarcRecord::spfAlignment));
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
