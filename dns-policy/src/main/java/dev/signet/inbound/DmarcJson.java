// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import static dev.signet.inbound.VerdictJson.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signet.dmarc.DiscoveryMethod;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcRecord;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dmarc.Handling;
import dev.signet.dmarc.Organization;
import dev.signet.dmarc.OverrideReason;
import dev.signet.dmarc.PolicyDiscovery;
import dev.signet.dmarc.PolicyOrigin;
import dev.signet.dns.DomainName;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The key {@code dmarc} of a verdict's JSON. */
final class DmarcJson {

    private DmarcJson() {}

    static void write(DmarcResult result, ObjectNode json) {
        ObjectNode dmarc = json.putObject("dmarc");
        dmarc.put("result", result.status().word());
        dmarc.put("authorDomain", result.authorDomain().map(DomainName::ascii).orElse(null));
        dmarc.put("policyDomain", result.policyDomain().map(DomainName::ascii).orElse(null));
        dmarc.put("discovery", result.policy().map(policy -> policy.method().word()).orElse(null));
        dmarc.put("requested", result.requested().word());
        dmarc.put("disposition", result.disposition().word());
        dmarc.put("reason", result.reason());
        dmarc.put("sampled", result.handling().sampled());
        var overrides = dmarc.putArray("overrides");
        result.handling().overrides().forEach(override ->
                overrides.addObject().put("type", override.type().word()).put("comment", override.comment()));
        dmarc.put("alignedSpf", result.alignedSpf().map(DomainName::ascii).orElse(null));
        var alignedDkim = dmarc.putArray("alignedDkim");
        result.alignedDkim().forEach(domain -> alignedDkim.add(domain.ascii()));
        result.policy().ifPresent(policy -> write(policy, result.requested(), dmarc));
    }

    private static void write(PolicyDiscovery.Found policy, Disposition requested, ObjectNode dmarc) {
        dmarc.put("record", policy.record().text());
        if (policy.requested() != requested) {
            dmarc.put("published", policy.requested().word());
        }
        dmarc.put("origin", policy.origin().word());
        switch (policy.organization()) {
            case Organization.Known(DomainName domain) -> dmarc.put("organizationalDomain", domain.ascii());
            case Organization.PublicSuffix suffix -> dmarc.putNull("organizationalDomain");
            case Organization.Unknown(String cause) -> dmarc.put("organizationUnknown", cause);
        }
    }

    /** @throws RuntimeException for what {@link #write} did not write */
    static Optional<DmarcResult> read(JsonNode json) {
        JsonNode dmarc = json.path("dmarc");
        if (dmarc.isMissingNode()) {
            return Optional.empty();
        }
        Optional<DomainName> author = name(dmarc, "authorDomain");
        List<OverrideReason> overrides = new ArrayList<>();
        for (JsonNode override : dmarc.required("overrides")) {
            overrides.add(new OverrideReason(
                    OverrideReason.Type.valueOf(constant(override, "type")), override.required("comment").asText()));
        }
        List<DomainName> alignedDkim = new ArrayList<>();
        for (JsonNode domain : dmarc.required("alignedDkim")) {
            alignedDkim.add(DomainName.of(domain.asText()));
        }
        return Optional.of(new DmarcResult(
                DmarcResult.Status.valueOf(constant(dmarc, "result")),
                author,
                dmarc.has("record") ? Optional.of(readPolicy(dmarc, author.orElseThrow())) : Optional.empty(),
                name(dmarc, "alignedSpf"),
                alignedDkim,
                new Handling(
                        Disposition.valueOf(constant(dmarc, "requested")),
                        Disposition.valueOf(constant(dmarc, "disposition")),
                        overrides,
                        dmarc.required("sampled").asBoolean()),
                dmarc.required("reason").asText()));
    }

    private static PolicyDiscovery.Found readPolicy(JsonNode dmarc, DomainName author) {
        Organization organization = dmarc.has("organizationUnknown")
                ? new Organization.Unknown(dmarc.required("organizationUnknown").asText())
                : name(dmarc, "organizationalDomain").<Organization>map(Organization.Known::new).orElseGet(Organization.PublicSuffix::new);
        return new PolicyDiscovery.Found(
                author,
                DmarcRecord.parse(dmarc.required("record").asText()).orElseThrow(),
                name(dmarc, "policyDomain").orElseThrow(),
                PolicyOrigin.valueOf(constant(dmarc, "origin")),
                organization,
                // Only there where a decision of ours asks for something else.
                Disposition.valueOf(constant(dmarc, dmarc.has("published") ? "published" : "requested")),
                DiscoveryMethod.valueOf(constant(dmarc, "discovery")),
                // The way to the record is for those who ask for it, and does not travel.
                List.of());
    }

    private static String constant(JsonNode json, String key) {
        return json.required(key).asText().toUpperCase(Locale.ROOT);
    }

    private static Optional<DomainName> name(JsonNode json, String key) {
        return Optional.ofNullable(text(json, key)).map(DomainName::of);
    }
}
