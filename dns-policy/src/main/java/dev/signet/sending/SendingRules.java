// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import dev.signet.dns.DomainName;
import dev.signet.dns.DomainPattern;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who gets no report although the record asks for one.
 *
 * @param minMessages about fewer there is no report, at least 1
 * @param skip domains that no report is about, and hosts that none is sent to
 * @param local domains that no report is about either, such as our own
 * @param maxPerHost mails with reports about one day that go to addresses of one host
 */
public record SendingRules(long minMessages, List<DomainPattern> skip, Predicate<DomainName> local, int maxPerHost) {

    public SendingRules {
        skip = List.copyOf(skip);
    }

    /** Why no report is about a policy domain, aggregate or failure report; empty where one may be. */
    public Optional<String> reasonAgainst(DomainName policyDomain) {
        return skips(policyDomain)
                ? Optional.of("the settings skip " + policyDomain)
                : Optional.of(policyDomain + " is a domain of ours").filter(reason -> local.test(policyDomain));
    }

    /** Why none is sent to a host; empty where one may be. */
    public Optional<String> reasonAgainstHost(DomainName host) {
        return Optional.of("the settings skip " + host).filter(reason -> skips(host));
    }

    private boolean skips(DomainName name) {
        return skip.stream().anyMatch(pattern -> pattern.matches(name));
    }
}
