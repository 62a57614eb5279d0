// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.dns.DomainName;
import dev.signet.dns.Network;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What this receiver decides for itself (RFC 9989 §5.4), whatever a domain's owner asks for.
 *
 * @param overrides the most precise one that matches counts
 * @param lists mailing lists whose mail is let through
 * @param trustedNetworks clients whose mail is let through
 */
public record LocalPolicy(List<DomainOverride> overrides, List<MailingList> lists, List<Network> trustedNetworks) {

    /** Nothing of its own. */
    public static final LocalPolicy NONE = new LocalPolicy(List.of(), List.of(), List.of());

    public LocalPolicy {
        overrides = List.copyOf(overrides);
        lists = List.copyOf(lists);
        trustedNetworks = List.copyOf(trustedNetworks);
    }

    /** A domain itself before any wildcard, a longer wildcard before a shorter one. */
    Optional<DomainOverride> overrideFor(DomainName author) {
        return overrides.stream()
                .filter(override -> override.authors().matches(author))
                .max(Comparator.comparing((DomainOverride override) -> !override.authors().below())
                        .thenComparingInt(override -> override.authors().domain().labels().size()));
    }

    /** Why this message is let through whatever its author domain. */
    Optional<OverrideReason> exemption(Identifiers identifiers, MessageFacts facts) {
        return trustedForwarder(facts).or(() -> mailingList(identifiers, facts));
    }

    private Optional<OverrideReason> trustedForwarder(MessageFacts facts) {
        return facts.client()
                .flatMap(client -> trustedNetworks.stream().filter(network -> network.contains(client)).findFirst())
                .map(network -> new OverrideReason(OverrideReason.Type.TRUSTED_FORWARDER, "client in " + network));
    }

    private Optional<OverrideReason> mailingList(Identifiers identifiers, MessageFacts facts) {
        return lists.stream()
                .filter(list -> list.sent(identifiers, facts))
                .findFirst()
                .map(list -> new OverrideReason(
                        OverrideReason.Type.MAILING_LIST, list.id() + " authenticated by " + list.domain()));
    }
}
