// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Judges messages that have not exactly one author domain (RFC 9989 §11.5). */
record UnclearAuthor(AuthorHandling handling, Enforcement enforcement) {

    DmarcResult judge(String reason, Discovered discovered, Identifiers identifiers, MessageFacts facts) {
        return switch (handling) {
            case STRICTEST -> strictest(reason, discovered, identifiers, facts);
            case REJECT -> refused(reason, identifiers, facts);
            case NONE -> DmarcResult.withoutPolicy(DmarcResult.Status.PERMERROR, Optional.empty(), reason);
        };
    }

    // Never "none": a message that shows a domain with a policy, whichever of several, does not get around it. What each domain
    // would do is compared after tests and lots, so that a forger's own p=reject; t=y cannot stand in for the victim's p=reject.
    private DmarcResult strictest(String reason, Discovered discovered, Identifiers identifiers, MessageFacts facts) {
        if (!discovered.complete()) {
            // Whose policy was not looked at we cannot say; the forger chose the order.
            return refused(reason + "; not all of it was looked at", identifiers, facts);
        }
        Optional<DmarcResult> strictest = discovered.policies().stream()
                .filter(PolicyDiscovery.Found.class::isInstance)
                .map(PolicyDiscovery.Found.class::cast)
                .map(policy -> DmarcResult.unaligned(
                        DmarcResult.Status.FAIL, policy, enforcement.of(policy, identifiers, facts), reason))
                .max(Comparator.comparing(DmarcResult::disposition).thenComparing(DmarcResult::requested));
        Optional<PolicyDiscovery.TempError> open = discovered.policies().stream()
                .filter(PolicyDiscovery.TempError.class::isInstance)
                .map(PolicyDiscovery.TempError.class::cast)
                .findFirst();
        if (open.isPresent() && strictest.filter(result -> result.disposition() == Disposition.REJECT).isEmpty()) {
            // The domain that did not answer may be the one that is stricter. What is known already applies all the same: else a forger
            // would get around it by a second author whose name server is silent.
            String told = reason + "; " + open.get().cause();
            return strictest
                    .filter(result -> result.disposition() != Disposition.NONE)
                    .map(result -> DmarcResult.unaligned(DmarcResult.Status.TEMPERROR, result.policy().orElseThrow(), result.handling(), told))
                    .orElseGet(() -> DmarcResult.withoutPolicy(DmarcResult.Status.TEMPERROR, Optional.of(open.get().authorDomain()), told));
        }
        return strictest.orElseGet(() -> DmarcResult.withoutPolicy(DmarcResult.Status.PERMERROR, Optional.empty(), reason));
    }

    private DmarcResult refused(String reason, Identifiers identifiers, MessageFacts facts) {
        DmarcResult result = DmarcResult.withoutPolicy(DmarcResult.Status.PERMERROR, Optional.empty(), reason);
        Optional<OverrideReason> exemption = enforcement.local().exemption(identifiers, facts);
        Handling handled = exemption
                .map(why -> new Handling(Disposition.NONE, Disposition.NONE, List.of(why), true))
                .orElseGet(() -> enforcement.rolledOut(
                        new Handling(
                                Disposition.NONE,
                                Disposition.REJECT,
                                List.of(new OverrideReason(OverrideReason.Type.LOCAL_POLICY, "not exactly one author domain")),
                                true),
                        facts));
        return result.handled(handled);
    }
}
