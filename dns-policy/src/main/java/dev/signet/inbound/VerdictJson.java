// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.signet.arc.ArcResult;
import dev.signet.arc.ArcState;
import dev.signet.dkim.DkimFailure;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.dns.DomainName;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
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
        StringWriter text = new StringWriter(1500);
        // Not by a tree: every message has one of these written.
        try (JsonGenerator json = MAPPER.createGenerator(text)) {
            json.writeStartObject();
            if (verdict.client().isPresent()) {
                ClientJson.write(verdict.client().get(), json);
            }
            if (verdict.senderId().isPresent()) {
                ClientJson.write(verdict.senderId().get(), json);
            }
            json.writeArrayFieldStart("dkim");
            for (DkimResult result : verdict.dkim()) {
                write(result, json);
            }
            json.writeEndArray();
            write(verdict.arc(), json);
            if (verdict.dmarc().isPresent()) {
                DmarcJson.write(verdict.dmarc().get(), json);
            }
            json.writeStringField("auth", verdict.authenticatedUser());
            json.writeStringField("tls", verdict.tls());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory cannot be written", e);
        }
        return text.toString();
    }

    private static void write(DkimResult result, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("result", result.state().toString());
        json.writeStringField("domain", ascii(result.domain()));
        json.writeStringField("selector", result.selector());
        json.writeStringField("identity", result.identity());
        json.writeStringField("algorithm", result.algorithm());
        json.writeStringField("reason", result.reason());
        json.writeNumberField("keyBits", result.keyBits());
        json.writeStringField("signature", result.signature());
        json.writeBooleanField("testing", result.testing());
        json.writeStringField("created", result.created() == null ? null : result.created().toString());
        json.writeStringField("failure", result.failure().name());
        json.writeEndObject();
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

    private static void write(ArcResult result, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("arc");
        json.writeStringField("result", result.state().toString());
        json.writeNumberField("instances", result.instances());
        json.writeNumberField("oldestPass", result.oldestPass());
        json.writeArrayFieldStart("sealers");
        for (DomainName sealer : result.sealers()) {
            json.writeString(sealer.ascii());
        }
        json.writeEndArray();
        json.writeStringField("reason", result.reason());
        json.writeEndObject();
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

    static @Nullable String ascii(@Nullable DomainName name) {
        return name == null ? null : name.ascii();
    }

    static @Nullable String text(JsonNode json, String name) {
        return json.path(name).isTextual() ? json.get(name).asText() : null;
    }
}
