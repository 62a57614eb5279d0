// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import static dev.signet.inbound.VerdictJson.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.net.InetAddresses;
import dev.signet.dns.DomainName;
import dev.signet.dns.Network;
import dev.signet.iprev.IpRevResult;
import dev.signet.senderid.SenderIdResult;
import dev.signet.senderid.SenderIdScope;
import dev.signet.spf.SpfIdentity;
import dev.signet.spf.SpfRequest;
import dev.signet.spf.SpfResult;
import dev.signet.spf.SpfStep;
import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The part of a verdict's JSON that is about the client: keys {@code client}, {@code spf}, {@code iprev} and {@code senderId}. */
final class ClientJson {

    private ClientJson() {}

    static void write(ClientVerdict client, ObjectNode json) {
        ObjectNode session = json.putObject("client");
        session.put("ip", InetAddresses.toAddrString(client.request().ip()));
        session.put("helo", client.request().helo());
        session.put("mailFrom", client.request().mailFrom());
        ObjectNode spf = json.putObject("spf");
        write(client.mailFrom(), spf.putObject("mailfrom"));
        write(client.helo(), spf.putObject("helo"));
        ObjectNode iprev = json.putObject("iprev");
        iprev.put("result", client.reverseName().state().word());
        iprev.put("name", client.reverseName().name() == null ? null : client.reverseName().name().ascii());
        iprev.put("reason", client.reverseName().reason());
    }

    private static void write(SpfResult result, ObjectNode json) {
        json.put("result", result.state().word());
        json.put("domain", result.domain() == null ? null : result.domain().ascii());
        json.put("mechanism", result.mechanism());
        json.put("reason", result.reason());
        json.put("sender", result.sender());
        json.put("recordDomain", result.recordDomain() == null ? null : result.recordDomain().ascii());
        json.put("lookups", result.lookups());
        json.put("explanation", result.explanation());
    }

    /** @throws RuntimeException for what {@link #write} did not write */
    static Optional<ClientVerdict> read(JsonNode json) {
        if (!json.has("spf")) {
            return Optional.empty();
        }
        JsonNode session = json.required("client");
        JsonNode spf = json.required("spf");
        JsonNode iprev = json.required("iprev");
        InetAddress ip = Network.parse(session.required("ip").asText()).orElseThrow().address();
        return Optional.of(new ClientVerdict(
                new SpfRequest(ip, session.required("helo").asText(), session.required("mailFrom").asText()),
                readSpf(spf.required("mailfrom"), SpfIdentity.MAIL_FROM),
                readSpf(spf.required("helo"), SpfIdentity.HELO),
                new IpRevResult(
                        IpRevResult.State.valueOf(iprev.required("result").asText().toUpperCase(Locale.ROOT)),
                        ip,
                        name(iprev, "name"),
                        iprev.required("reason").asText())));
    }

    static void write(SenderIdResult result, ObjectNode json) {
        ObjectNode senderId = json.putObject("senderId");
        senderId.put("result", result.state().word());
        senderId.put("pra", result.sender());
        senderId.put("domain", result.domain() == null ? null : result.domain().ascii());
        senderId.put("field", result.field());
        senderId.put("reason", result.reason());
    }

    /** @throws RuntimeException for what {@link #write} did not write */
    static Optional<SenderIdResult> readSenderId(JsonNode json) {
        JsonNode senderId = json.path("senderId");
        return senderId.isMissingNode()
                ? Optional.empty()
                : Optional.of(new SenderIdResult(
                        SenderIdScope.PRA,
                        SpfResult.State.valueOf(senderId.required("result").asText().toUpperCase(Locale.ROOT)),
                        text(senderId, "pra"),
                        text(senderId, "field"),
                        name(senderId, "domain"),
                        senderId.required("reason").asText()));
    }

    private static SpfResult readSpf(JsonNode json, SpfIdentity identity) {
        String state = json.required("result").asText();
        String reason = json.required("reason").asText();
        return new SpfResult(
                SpfResult.State.valueOf(state.toUpperCase(Locale.ROOT)),
                identity,
                json.required("sender").asText(),
                name(json, "domain"),
                text(json, "mechanism"),
                name(json, "recordDomain"),
                json.path("lookups").asInt(),
                text(json, "explanation"),
                reason,
                // How the result came about is for those who ask for it, and does not travel.
                new SpfStep(reason, state, 0, List.of()));
    }

    private static @Nullable DomainName name(JsonNode json, String key) {
        return Optional.ofNullable(text(json, key)).flatMap(DomainName::parse).orElse(null);
    }
}
