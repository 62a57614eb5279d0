// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import com.google.common.net.InetAddresses;
import dev.signet.dkim.DkimState;
import dev.signet.dmarc.AlignmentMode;
import dev.signet.dmarc.DiscoveryMethod;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcRecord;
import dev.signet.dmarc.OverrideReason;
import dev.signet.dns.DomainName;
import dev.signet.report.ActionTaken;
import dev.signet.report.DkimOutcome;
import dev.signet.report.Observation;
import dev.signet.report.PublishedPolicy;
import dev.signet.report.ReportedMessage;
import dev.signet.report.SpfOutcome;
import dev.signet.spf.SpfIdentity;
import dev.signet.spf.SpfResult;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is stored, as text. In ASCII: strangers' text may hold what neither UTF-8 nor a database has, half a surrogate pair or a
 * NUL. A format of its own, which a renamed Java field must not change: equal texts share a row.
 */
final class ReportJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private ReportJson() {}

    static String write(ReportedMessage message) {
        ObjectNode json = object();
        json.put("time", message.time().toString());
        json.put("domain", message.policyDomain().ascii());
        json.put("record", message.record().text());
        json.put("discovery", message.discovery().name());
        json.put("report", message.report());
        json.set("observation", json(message.observation()));
        return text(json);
    }

    /** @throws IllegalArgumentException for what {@link #write(ReportedMessage)} did not write, such as a line cut off */
    static ReportedMessage readMessage(String text) {
        JsonNode json = tree(text);
        return new ReportedMessage(
                Instant.parse(json.required("time").asText()),
                DomainName.of(json.required("domain").asText()),
                record(json.required("record")),
                DiscoveryMethod.valueOf(json.required("discovery").asText()),
                json.required("report").asBoolean(),
                observation(json.required("observation")));
    }

    static String write(DmarcRecord record) {
        return text(JsonNodeFactory.instance.textNode(record.text()));
    }

    static DmarcRecord readRecord(String text) {
        return record(tree(text));
    }

    private static DmarcRecord record(JsonNode json) {
        return DmarcRecord.parse(json.asText()).orElseThrow(() -> new IllegalArgumentException("no DMARC record"));
    }

    static String write(PublishedPolicy policy) {
        ObjectNode json = object();
        json.put("domain", policy.domain().ascii());
        json.put("discovery", policy.discovery().map(DiscoveryMethod::name).orElse(null));
        json.put("p", policy.policy().name());
        json.put("sp", policy.subdomainPolicy().name());
        json.put("np", policy.absentSubdomainPolicy().name());
        json.put("adkim", policy.dkimAlignment().name());
        json.put("aspf", policy.spfAlignment().name());
        json.put("testing", policy.testing());
        json.put("fo", policy.failureOptions());
        json.put("pct", policy.percent());
        return text(json);
    }

    static PublishedPolicy readPolicy(String text) {
        JsonNode json = tree(text);
        return new PublishedPolicy(
                DomainName.of(json.required("domain").asText()),
                optional(json, "discovery").map(DiscoveryMethod::valueOf),
                Disposition.valueOf(json.required("p").asText()),
                Disposition.valueOf(json.required("sp").asText()),
                Disposition.valueOf(json.required("np").asText()),
                AlignmentMode.valueOf(json.required("adkim").asText()),
                AlignmentMode.valueOf(json.required("aspf").asText()),
                json.required("testing").asBoolean(),
                json.required("fo").asText(),
                json.required("pct").asInt());
    }

    static String write(Observation observation) {
        return text(json(observation));
    }

    static Observation readObservation(String text) {
        return observation(tree(text));
    }

    /** In small hexadecimal digits, which every collation of a database sorts alike. */
    static String digest(String text) {
        return Hashing.sha256().hashString(text, StandardCharsets.US_ASCII).toString();
    }

    private static ObjectNode json(Observation observation) {
        ObjectNode json = object();
        json.put("source", InetAddresses.toAddrString(observation.source()));
        json.put("action", observation.action().name());
        json.put("dkimAligned", observation.dkimAligned());
        json.put("spfAligned", observation.spfAligned());
        json.put("headerFrom", observation.headerFrom());
        json.put("envelopeFrom", observation.envelopeFrom().orElse(null));
        json.put("envelopeTo", observation.envelopeTo().orElse(null));
        var reasons = json.putArray("reasons");
        observation.reasons().forEach(reason ->
                reasons.addObject().put("type", reason.type().name()).put("comment", reason.comment()));
        var dkim = json.putArray("dkim");
        observation.dkim().forEach(outcome -> dkim.addObject()
                .put("domain", outcome.domain())
                .put("selector", outcome.selector())
                .put("result", outcome.state().name())
                .put("comment", outcome.comment()));
        observation.spf().ifPresent(outcome -> json.putObject("spf")
                .put("domain", outcome.domain())
                .put("identity", outcome.identity().name())
                .put("result", outcome.state().name())
                .put("comment", outcome.comment()));
        return json;
    }

    private static Observation observation(JsonNode json) {
        List<OverrideReason> reasons = new ArrayList<>();
        for (JsonNode reason : json.required("reasons")) {
            reasons.add(new OverrideReason(
                    OverrideReason.Type.valueOf(reason.required("type").asText()), reason.required("comment").asText()));
        }
        List<DkimOutcome> dkim = new ArrayList<>();
        for (JsonNode outcome : json.required("dkim")) {
            dkim.add(new DkimOutcome(
                    outcome.required("domain").asText(),
                    outcome.required("selector").asText(),
                    DkimState.valueOf(outcome.required("result").asText()),
                    outcome.required("comment").asText()));
        }
        return new Observation(
                InetAddresses.forString(json.required("source").asText()),
                ActionTaken.valueOf(json.required("action").asText()),
                json.required("dkimAligned").asBoolean(),
                json.required("spfAligned").asBoolean(),
                reasons,
                json.required("headerFrom").asText(),
                optional(json, "envelopeFrom"),
                optional(json, "envelopeTo"),
                dkim,
                Optional.ofNullable(json.get("spf")).map(spf -> new SpfOutcome(
                        spf.required("domain").asText(),
                        SpfIdentity.valueOf(spf.required("identity").asText()),
                        SpfResult.State.valueOf(spf.required("result").asText()),
                        spf.required("comment").asText())));
    }

    private static Optional<String> optional(JsonNode json, String key) {
        return json.hasNonNull(key) ? Optional.of(json.get(key).asText()) : Optional.empty();
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static String text(JsonNode json) {
        try {
            return MAPPER.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts is always written", e);
        }
    }

    private static JsonNode tree(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not what was written: " + e.getOriginalMessage(), e);
        }
    }
}
