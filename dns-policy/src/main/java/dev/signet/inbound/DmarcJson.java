// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import static dev.signet.inbound.VerdictJson.ascii;
import static dev.signet.inbound.VerdictJson.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
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

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The key {@code dmarc} of a verdict's JSON. */
final class DmarcJson {

    private DmarcJson() {}

    static void write(DmarcResult result, VerdictFields json) throws IOException {
        json.begin("dmarc");
        json.write("result", result.status().word());
        json.write("authorDomain", ascii(result.authorDomain().orElse(null)));
        json.write("policyDomain", ascii(result.policyDomain().orElse(null)));
        json.write("discovery", result.policy().map(policy -> policy.method().word()).orElse(null));
        json.write("requested", result.requested().word());
        json.write("disposition", result.disposition().word());
        json.write("reason", result.reason());
        json.write("sampled", result.handling().sampled());
        writeOverrides(result.handling().overrides(), json);
        json.write("alignedSpf", ascii(result.alignedSpf().orElse(null)));
        json.write("alignedDkim", result.alignedDkim());
        if (result.policy().isPresent()) {
            write(result.policy().get(), result.requested(), json);
        }
        json.end();
    }

    private static void writeOverrides(List<OverrideReason> overrides, VerdictFields fields) throws IOException {
        if (fields.all() || !overrides.isEmpty()) {
            JsonGenerator json = fields.json();
            json.writeArrayFieldStart("overrides");
            for (OverrideReason override : overrides) {
                json.writeStartObject();
                json.writeStringField("type", override.type().word());
                json.writeStringField("comment", override.comment());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    private static void write(PolicyDiscovery.Found policy, Disposition requested, VerdictFields json) throws IOException {
        json.write("record", policy.record().text());
        if (policy.requested() != requested) {
            json.write("published", policy.requested().word());
        }
        json.write("origin", policy.origin().word());
        switch (policy.organization()) {
            case Organization.Known(DomainName domain) -> json.write("organizationalDomain", domain.ascii());
            case Organization.PublicSuffix suffix -> json.write("organizationalDomain", (String) null);
            case Organization.Unknown(String cause) -> json.write("organizationUnknown", cause);
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
        for (JsonNode override : dmarc.path("overrides")) {
            overrides.add(new OverrideReason(
                    OverrideReason.Type.valueOf(constant(override, "type")), override.required("comment").asText()));
        }
        List<DomainName> alignedDkim = new ArrayList<>();
        for (JsonNode domain : dmarc.path("alignedDkim")) {
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
                        dmarc.path("sampled").asBoolean()),
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
