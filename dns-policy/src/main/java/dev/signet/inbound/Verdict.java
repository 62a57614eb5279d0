// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import dev.signet.arc.ArcResult;
import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.authres.PropertyType;
import dev.signet.dkim.DkimResult;
import dev.signet.dmarc.DmarcResult;
import dev.signet.message.HeaderField;
import dev.signet.message.Utf8;
import dev.signet.senderid.SenderIdResult;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that was found out about one message.
 *
 * @param client about the client that brought it; empty where the client is our own, authenticated or not known
 * @param senderId of the purported responsible address; empty where Sender ID is off, or {@code client} is empty
 * @param dkim one result for each signature, top to bottom; empty for a message without any
 * @param arc of the chain that the message came with
 * @param dmarc of the author domain; empty where DMARC is off, and for mail of our own users and machines, which nobody has signed
 *     yet and SPF is not asked about
 * @param authenticatedUser whom SMTP AUTH proved; null for nobody
 * @param tls version and cipher of the session; null where there was none or it is not known
 */
public record Verdict(
        Optional<ClientVerdict> client,
        Optional<SenderIdResult> senderId,
        List<DkimResult> dkim,
        ArcResult arc,
        Optional<DmarcResult> dmarc,
        @Nullable String authenticatedUser,
        @Nullable String tls) {

    /** The mail attribute under which a verdict travels with its mail, as {@link #toJson} writes it. */
    public static final String ATTRIBUTE = "dev.signet.verdict";

    public Verdict {
        dkim = List.copyOf(dkim);
    }

    /** What to answer where the check itself failed: a temporary error. */
    static Verdict surprised(Connection connection, boolean withDmarc, String reason) {
        return new Verdict(
                Optional.empty(),
                Optional.empty(),
                List.of(DkimResult.surprised(reason)),
                ArcResult.surprised(reason),
                withDmarc ? Optional.of(DmarcResult.surprised(reason)) : Optional.empty(),
                connection.authenticatedUser(),
                connection.tls());
    }

    /** As the field that tells everybody behind us. */
    public AuthenticationResults authenticationResults(String authservId) {
        List<MethodResult> results = new ArrayList<>();
        if (authenticatedUser != null) {
            // RFC 8601 §2.7.4.
            results.add(MethodResult.of("auth", "pass").withProperty(PropertyType.SMTP, "auth", Utf8.encode(authenticatedUser)));
        }
        client.ifPresent(found -> results.addAll(found.methodResults()));
        senderId.ifPresent(found -> results.add(found.methodResult()));
        if (dkim.isEmpty()) {
            // RFC 8601 §2.7.1: none, "the message was not signed".
            results.add(MethodResult.of("dkim", "none"));
        }
        dkim.forEach(result -> results.add(result.methodResult()));
        results.add(arc.methodResult(client.map(found -> found.reverseName().ip())));
        dmarc.ifPresent(found -> results.add(found.methodResult()));
        if (tls != null) {
            results.set(0, results.getFirst().withComment(tls));
        }
        return AuthenticationResults.of(authservId, results);
    }

    /**
     * The SPF results once more, each as a Received-SPF field (RFC 7208 §9.1); none where SPF was not asked.
     *
     * @param receiver our name
     */
    public List<HeaderField> receivedSpf(String receiver) {
        return client.map(found -> found.receivedSpf(receiver)).orElse(List.of());
    }

    /** One line of JSON, to be read by {@link #fromJson}, by programs and by people. */
    public String toJson() {
        return VerdictJson.write(this, true);
    }

    /** The same without keys that have nothing to say, to be read by {@link #fromJson}: for the way through queues. */
    public String toShortJson() {
        return VerdictJson.write(this, false);
    }

    /** Reads what {@link #toJson} or {@link #toShortJson} wrote; empty for anything else. */
    public static Optional<Verdict> fromJson(String json) {
        return VerdictJson.read(json);
    }
}
