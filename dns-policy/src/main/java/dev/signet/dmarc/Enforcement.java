// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.DomainName;
import dev.signet.dns.Network;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** From the policy asked for to the disposition of a failing message; every step away from it leaves its reason. */
record Enforcement(LocalPolicy local, Sampler sampler) {

    Handling of(PolicyDiscovery.Found policy, Identifiers identifiers, MessageFacts facts) {
        Disposition requested = policy.requested();
        Optional<DomainOverride> override = local.overrideFor(policy.authorDomain());
        Disposition wanted = override.map(DomainOverride::disposition).orElse(requested);

        // Step 1: what is let through by any policy. Where nothing is asked for there is nothing to deviate from.
        Optional<OverrideReason> exemption =
                wanted == Disposition.NONE ? Optional.empty() : local.exemption(identifiers, facts);
        if (exemption.isPresent()) {
            return new Handling(requested, Disposition.NONE, List.of(exemption.get()), true);
        }

        // Step 2: the administrator's word on this domain. It is final: neither the owner's tests nor lots weaken it.
        if (override.isPresent()) {
            String comment = override.get() + " is treated as " + wanted;
            return wanted == requested
                    ? new Handling(requested, requested, List.of(), true)
                    : new Handling(requested, wanted, List.of(new OverrideReason(OverrideReason.Type.LOCAL_POLICY, comment)), true);
        }

        // Step 3: the owner's own wish for less.
        return requested == Disposition.NONE ? Handling.NONE : rolledOut(testedOrSampled(policy, facts), facts);
    }

    /** Whether some failing message of this domain may get another disposition than none; a policy that is not known may be any. */
    boolean mayApply(DomainName author, Optional<PolicyDiscovery.Found> policy, Optional<InetAddress> client) {
        Disposition wanted = local.overrideFor(author)
                .map(DomainOverride::disposition)
                .or(() -> policy.map(PolicyDiscovery.Found::requested))
                .orElse(Disposition.REJECT);
        boolean trusted = client.filter(address -> Network.anyContains(local.trustedNetworks(), address)).isPresent();
        return wanted != Disposition.NONE && sampler.enforce() > 0 && !trusted;
    }

    private Handling testedOrSampled(PolicyDiscovery.Found policy, MessageFacts facts) {
        Disposition requested = policy.requested();
        DmarcRecord record = policy.record();
        // RFC 9989 §4.7, t: "the policy applied to any failing messages will be one level below". Appendix A.6 makes t=y the new
        // word for pct=0, so a record that has both for old and new receivers asks for one level less, not for two.
        if (record.testing()) {
            OverrideReason reason = new OverrideReason(OverrideReason.Type.POLICY_TEST_MODE, "t=y");
            return new Handling(requested, requested.weaker(), List.of(reason), true);
        }
        // RFC 7489 §6.6.4: outside the sample reject becomes quarantine, and quarantine becomes none.
        if (!sampler.isInSample(record, facts.fingerprint().get())) {
            OverrideReason reason = new OverrideReason(OverrideReason.Type.SAMPLED_OUT, "pct=" + record.percent());
            return new Handling(requested, requested.weaker(), List.of(reason), false);
        }
        return new Handling(requested, requested, List.of(), true);
    }

    // Step 4: a receiver that rolls out wants the rest of its mail as it was before: none, not one level less.
    Handling rolledOut(Handling handling, MessageFacts facts) {
        if (handling.disposition() == Disposition.NONE || sampler.isRolledOut(facts.fingerprint().get())) {
            return handling;
        }
        OverrideReason reason = new OverrideReason(
                OverrideReason.Type.LOCAL_POLICY, "policies are enforced on " + sampler.enforce() + "% of messages");
        List<OverrideReason> overrides = Stream.concat(handling.overrides().stream(), Stream.of(reason)).toList();
        return new Handling(handling.requested(), Disposition.NONE, overrides, false);
    }
}
