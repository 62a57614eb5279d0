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

    /** @param all also the fields that say nothing: see {@link VerdictFields} */
    static String write(Verdict verdict, boolean all) {
        StringWriter text = new StringWriter(1500);
        // Not by a tree: every message has one of these written.
        try (JsonGenerator json = MAPPER.createGenerator(text)) {
            VerdictFields fields = new VerdictFields(json, all);
            json.writeStartObject();
            if (verdict.client().isPresent()) {
                ClientJson.write(verdict.client().get(), fields);
            }
            if (verdict.senderId().isPresent()) {
                ClientJson.write(verdict.senderId().get(), fields);
            }
            json.writeArrayFieldStart("dkim");
            for (DkimResult result : verdict.dkim()) {
                json.writeStartObject();
                write(result, fields);
                json.writeEndObject();
            }
            json.writeEndArray();
            write(verdict.arc(), fields);
            if (verdict.dmarc().isPresent()) {
                DmarcJson.write(verdict.dmarc().get(), fields);
            }
            fields.write("auth", verdict.authenticatedUser());
            fields.write("tls", verdict.tls());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory cannot be written", e);
        }
        return text.toString();
    }

    private static void write(DkimResult result, VerdictFields json) throws IOException {
        json.write("result", result.state().toString());
        json.write("domain", ascii(result.domain()));
        json.write("selector", result.selector());
        json.write("identity", result.identity());
        json.write("algorithm", result.algorithm());
        json.write("reason", result.reason());
        json.write("keyBits", result.keyBits());
        json.write("signature", result.signature());
        json.write("testing", result.testing());
        json.write("created", result.created() == null ? null : result.created().toString());
        json.write("failure", result.failure().name());
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

    private static void write(ArcResult result, VerdictFields json) throws IOException {
        json.begin("arc");
        json.write("result", result.state().toString());
        json.write("instances", result.instances());
        json.write("oldestPass", result.oldestPass());
        json.write("sealers", result.sealers());
        json.write("reason", result.reason());
        json.end();
    }

    private static ArcResult readArc(JsonNode json) {
        List<DomainName> sealers = new ArrayList<>();
        json.path("sealers").forEach(sealer -> sealers.add(DomainName.of(sealer.asText())));
        return new ArcResult(
                ArcState.valueOf(json.required("result").asText().toUpperCase(Locale.ROOT)),
                json.path("instances").asInt(),
                json.path("oldestPass").asInt(),
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
