// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import static dev.signet.inbound.VerdictJson.ascii;
import static dev.signet.inbound.VerdictJson.text;

import com.fasterxml.jackson.databind.JsonNode;
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

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The part of a verdict's JSON that is about the client: keys {@code client}, {@code spf}, {@code iprev} and {@code senderId}. */
final class ClientJson {

    private ClientJson() {}

    static void write(ClientVerdict client, VerdictFields json) throws IOException {
        json.begin("client");
        json.write("ip", InetAddresses.toAddrString(client.request().ip()));
        json.write("helo", client.request().helo());
        json.write("mailFrom", client.request().mailFrom());
        json.end();
        json.begin("spf");
        write("mailfrom", client.mailFrom(), json);
        write("helo", client.helo(), json);
        json.end();
        json.begin("iprev");
        json.write("result", client.reverseName().state().word());
        json.write("name", ascii(client.reverseName().name()));
        json.write("reason", client.reverseName().reason());
        json.end();
    }

    private static void write(String key, SpfResult result, VerdictFields json) throws IOException {
        json.begin(key);
        json.write("result", result.state().word());
        json.write("domain", ascii(result.domain()));
        json.write("mechanism", result.mechanism());
        json.write("reason", result.reason());
        json.write("sender", result.sender());
        json.write("recordDomain", ascii(result.recordDomain()));
        json.write("lookups", result.lookups());
        json.write("explanation", result.explanation());
        json.end();
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

    static void write(SenderIdResult result, VerdictFields json) throws IOException {
        json.begin("senderId");
        json.write("result", result.state().word());
        json.write("pra", result.sender());
        json.write("domain", ascii(result.domain()));
        json.write("field", result.field());
        json.write("reason", result.reason());
        json.end();
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
