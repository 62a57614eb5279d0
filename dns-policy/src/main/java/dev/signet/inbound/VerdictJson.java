// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signet.arc.ArcResult;
import dev.signet.arc.ArcState;
import dev.signet.dkim.DkimFailure;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.dns.DomainName;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A verdict as JSON. Written by hand and not bound to classes: what travels in mail attributes and is printed by the command
 * line is a format of its own, which a renamed Java field must not change.
 */
final class VerdictJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private VerdictJson() {}

    static String write(Verdict verdict) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        verdict.client().ifPresent(client -> ClientJson.write(client, json));
        verdict.senderId().ifPresent(senderId -> ClientJson.write(senderId, json));
        var dkim = json.putArray("dkim");
        verdict.dkim().forEach(result -> write(result, dkim.addObject()));
        write(verdict.arc(), json.putObject("arc"));
        verdict.dmarc().ifPresent(dmarc -> DmarcJson.write(dmarc, json));
        json.put("auth", verdict.authenticatedUser());
        json.put("tls", verdict.tls());
        return json.toString();
    }

    private static void write(DkimResult result, ObjectNode json) {
        json.put("result", result.state().toString());
        json.put("domain", result.domain() == null ? null : result.domain().ascii());
        json.put("selector", result.selector());
        json.put("identity", result.identity());
        json.put("algorithm", result.algorithm());
        json.put("reason", result.reason());
        json.put("keyBits", result.keyBits());
        json.put("signature", result.signature());
        json.put("testing", result.testing());
        json.put("created", result.created() == null ? null : result.created().toString());
        json.put("failure", result.failure().name());
    }

    static Optional<Verdict> read(String text) {
        try {
            JsonNode json = MAPPER.readTree(text);
            List<DkimResult> dkim = new ArrayList<>();
            for (JsonNode result : json.required("dkim")) {
                dkim.add(readDkim(result));
            }
            return Optional.of(new Verdict(
                    ClientJson.read(json),
                    ClientJson.readSenderId(json),
                    dkim,
                    readArc(json.required("arc")),
                    DmarcJson.read(json),
                    text(json, "auth"),
                    text(json, "tls")));
        } catch (JsonProcessingException | RuntimeException notOurs) {
            // An attribute that somebody else wrote, or a later version of ours: the message is checked again.
            return Optional.empty();
        }
    }

    private static DkimResult readDkim(JsonNode json) {
        return new DkimResult(
                DkimState.valueOf(json.required("result").asText().toUpperCase(Locale.ROOT)),
                json.required("reason").asText(),
                Optional.ofNullable(text(json, "domain")).flatMap(DomainName::parse).orElse(null),
                text(json, "selector"),
                text(json, "identity"),
                text(json, "algorithm"),
                json.path("keyBits").asInt(),
                text(json, "signature"),
                json.path("testing").asBoolean(),
                Optional.ofNullable(text(json, "created")).map(Instant::parse).orElse(null),
                Optional.ofNullable(text(json, "failure")).map(DkimFailure::valueOf).orElse(DkimFailure.OTHER));
    }

    private static void write(ArcResult result, ObjectNode json) {
        json.put("result", result.state().toString());
        json.put("instances", result.instances());
        json.put("oldestPass", result.oldestPass());
        var sealers = json.putArray("sealers");
        result.sealers().forEach(sealer -> sealers.add(sealer.ascii()));
        json.put("reason", result.reason());
    }

    private static ArcResult readArc(JsonNode json) {
        List<DomainName> sealers = new ArrayList<>();
        json.required("sealers").forEach(sealer -> sealers.add(DomainName.of(sealer.asText())));
        return new ArcResult(
                ArcState.valueOf(json.required("result").asText().toUpperCase(Locale.ROOT)),
                json.required("instances").asInt(),
                json.required("oldestPass").asInt(),
                sealers,
                json.required("reason").asText());
    }

    static @Nullable String text(JsonNode json, String name) {
        return json.path(name).isTextual() ? json.get(name).asText() : null;
    }
}
