// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcRecord;
import dev.signet.dmarc.Organization;
import dev.signet.dmarc.PolicyDiscovery;
import dev.signet.dmarc.PolicyOrigin;
import dev.signet.dmarc.WalkStep;
import dev.signet.dns.DomainName;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A domain's DMARC policy, for people or for programs.
 *
 * @param below the discovery for some name below the domain; empty where no such name fits into the DNS
 */
record DiscoveryReport(PolicyDiscovery found, Optional<PolicyDiscovery> below) {

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        found.steps().forEach(step -> lines.add("_dmarc." + step.domain() + ": " + Console.printable(outcome(step))));
        lines.add("");
        switch (found) {
            case PolicyDiscovery.None none -> lines.add("no policy: " + none.reason());
            case PolicyDiscovery.TempError trouble -> lines.add("not known: " + trouble.cause());
            case PolicyDiscovery.Found policy -> {
                lines.add("policy: " + policy.requested().word() + ", from the record of " + policy.policyDomain() + ", which is "
                        + relation(policy.origin()));
                lines.add("organizational domain: " + organization(policy.organization()));
                policy.record().tags().forEach((tag, value) ->
                        lines.add("  " + Console.printable(tag + "=" + value) + "  " + policy.record().meaning(tag)));
            }
        }
        below.ifPresent(policy -> lines.add("a subdomain of " + found.authorDomain() + ": " + ofSubdomains(policy)));
        found.steps().forEach(step -> step.record().ifPresent(
                record -> record.problems().forEach(problem -> lines.add("problem at _dmarc." + step.domain() + ": " + problem))));
        return lines;
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("domain", found.authorDomain().ascii());
        ArrayNode steps = json.putArray("steps");
        found.steps().forEach(step -> write(step, steps.addObject()));
        switch (found) {
            case PolicyDiscovery.None none -> json.put("result", "none").put("reason", none.reason());
            case PolicyDiscovery.TempError trouble -> json.put("result", "temperror").put("reason", trouble.cause());
            case PolicyDiscovery.Found policy -> {
                json.put("result", "found");
                json.put("policy", policy.requested().word());
                json.put("policyDomain", policy.policyDomain().ascii());
                json.put("origin", policy.origin().word());
                json.put("discovery", policy.method().word());
                json.put("organizationalDomain", organizationalDomain(policy.organization()).map(DomainName::ascii).orElse(null));
                write(policy.record(), json);
            }
        }
        if (below.orElse(null) instanceof PolicyDiscovery.Found policy) {
            ObjectNode subdomain = json.putObject("subdomain");
            subdomain.put("policyDomain", policy.policyDomain().ascii());
            subdomain.put("existing", requested(policy, true).word());
            subdomain.put("absent", requested(policy, false).word());
        }
        return json;
    }

    private static void write(WalkStep step, ObjectNode json) {
        json.put("name", "_dmarc." + step.domain());
        json.put("outcome", outcome(step));
        ArrayNode problems = json.putArray("problems");
        step.record().ifPresent(record -> record.problems().forEach(problems::add));
    }

    private static void write(DmarcRecord record, ObjectNode json) {
        ArrayNode tags = json.putArray("tags");
        record.tags().forEach((tag, value) ->
                tags.addObject().put("name", tag).put("value", value).put("meaning", record.meaning(tag)));
        ArrayNode rua = json.putArray("rua");
        record.aggregateReportUris().forEach(rua::add);
        ArrayNode ruf = json.putArray("ruf");
        record.failureReportUris().forEach(ruf::add);
    }

    private static String outcome(WalkStep step) {
        return switch (step.answer()) {
            case WalkStep.Answer.Published(DmarcRecord record) -> record.text();
            case WalkStep.Answer.Several(int count) -> count + " DMARC records, of which none counts";
            case WalkStep.Answer.Nothing(boolean nxDomain) -> nxDomain ? "no such name" : "no DMARC record";
            case WalkStep.Answer.Trouble(String cause) -> cause;
        };
    }

    private static String ofSubdomains(PolicyDiscovery policy) {
        return switch (policy) {
            case PolicyDiscovery.None none -> "no policy";
            case PolicyDiscovery.TempError trouble -> "not known: " + trouble.cause();
            case PolicyDiscovery.Found known -> requested(known, true).word() + " if it exists, " + requested(known, false).word()
                    + " if not, from the record of " + known.policyDomain();
        };
    }

    private static Disposition requested(PolicyDiscovery.Found policy, boolean exists) {
        // A wildcard record may stand at every name below the domain.
        return policy.origin() == PolicyOrigin.AUTHOR ? policy.requested() : policy.record().subdomainPolicy(exists);
    }

    private static String relation(PolicyOrigin origin) {
        return switch (origin) {
            case AUTHOR -> "the domain itself";
            case ORGANIZATION -> "its organizational domain";
            case PUBLIC_SUFFIX -> "the public suffix above its organizational domain";
        };
    }

    private static String organization(Organization organization) {
        return switch (organization) {
            case Organization.Known(DomainName domain) -> domain.ascii();
            case Organization.PublicSuffix suffix -> "none, it is a public suffix itself";
            case Organization.Unknown(String cause) -> "not known: " + cause;
        };
    }

    private static Optional<DomainName> organizationalDomain(Organization organization) {
        return organization instanceof Organization.Known(DomainName domain) ? Optional.of(domain) : Optional.empty();
    }
}
