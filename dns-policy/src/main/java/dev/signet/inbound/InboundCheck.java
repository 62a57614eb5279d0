// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import dev.signet.dkim.DkimCheck;
import dev.signet.dkim.DkimVerifier;
import dev.signet.dns.Dns;
import dev.signet.dns.DomainName;
import dev.signet.dns.MessageDns;
import dev.signet.message.AuthorDomain;
import dev.signet.message.BodyHashes;
import dev.signet.message.HeaderBlock;
import dev.signet.message.MessageReader;
import dev.signet.senderid.SenderIdChecker;
import dev.signet.senderid.SenderIdResult;
import dev.signet.spf.SpfChecker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The check of an inbound message: every protocol, one pass over its bytes, one deadline for its DNS queries. One for all
 * messages, safe for use by many threads.
 */
public final class InboundCheck {

    private static final Logger LOG = LoggerFactory.getLogger(InboundCheck.class);

    private final Dns dns;
    private final InboundOptions options;
    private final SpfChecker spf;
    private final Optional<SenderIdChecker> senderId;
    private final DkimVerifier dkim;

    /** @param executor runs SPF evaluations, which wait for the DNS: best a virtual thread each */
    public InboundCheck(Dns dns, InboundOptions options, Executor executor, InstantSource clock) {
        this.dns = dns;
        this.options = options;
        this.spf = new SpfChecker(options.connection().spf(), executor, clock);
        this.senderId = options.connection().senderId().map(sender -> new SenderIdChecker(sender, executor, clock));
        this.dkim = new DkimVerifier(options.dkim(), clock);
    }

    /**
     * Checks a message. A total function: whatever goes wrong inside is logged and ends as a temporary error, and the mail
     * goes on.
     *
     * @param message the bytes as the client sent them; read to the end, not closed
     */
    public Verdict check(Connection connection, InputStream message) {
        String messageId = "unknown";
        try {
            MessageDns messageDns = new MessageDns(dns, options.maxQueries(), options.deadline());
            // Step 1: the client. SPF needs nothing else, so its first queries leave before the header is read, unless a relay
            // of ours stands between and only its Received field knows the client.
            Optional<ClientCheck> directCheck = connected(connection).map(origin -> start(origin, connection, messageDns));
            // Step 2: the header block. What it names is asked for at once.
            MessageReader reader = MessageReader.open(message, options.limits());
            HeaderBlock header = reader.header();
            messageId = header.first("Message-ID").map(field -> loggable(field.unfolded())).orElse("none");
            Optional<ClientCheck> clientCheck = directCheck.or(
                    () -> relayed(connection, header).map(origin -> start(origin, connection, messageDns)));
            Optional<CompletableFuture<SenderIdResult>> senderIdCheck = senderId.flatMap(checker ->
                    clientCheck.map(client -> checker.checkMessage(client.request(), header, messageDns)));
            BodyHashes bodyHashes = new BodyHashes();
            DkimCheck dkimCheck = dkim.begin(header, author(header), messageDns, bodyHashes);
            // Step 3: the body, while the answers travel.
            reader.readBody(bodyHashes);
            // Step 4: together.
            Optional<ClientVerdict> client = clientCheck.map(ClientCheck::verdict);
            Optional<SenderIdResult> sender = senderIdCheck.map(CompletableFuture::join);
            return new Verdict(client, sender, dkimCheck.results(), connection.authenticatedUser(), connection.tls());
        } catch (IOException | RuntimeException | StackOverflowError surprise) {
            LOG.error("Message {} from {} could not be checked and goes on as temperror", messageId, connection.clientAddress(), surprise);
            return Verdict.surprised(connection, "the check failed: " + surprise.getClass().getSimpleName());
        }
    }

    private ClientCheck start(Origin origin, Connection connection, Dns messageDns) {
        return ClientCheck.start(origin, connection, spf, messageDns);
    }

    /** The client that is connected, where it speaks for itself. */
    private Optional<Origin> connected(Connection connection) {
        return client(connection)
                .filter(client -> !options.connection().relays().include(client))
                .map(client -> new Origin(client, Optional.ofNullable(connection.helo()).orElse("")))
                .filter(this::isStranger);
    }

    /** The client behind a relay of ours. */
    private Optional<Origin> relayed(Connection connection, HeaderBlock header) {
        return client(connection)
                .filter(options.connection().relays()::include)
                .flatMap(relay -> Origin.behind(options.connection().relays(), header))
                .filter(this::isStranger);
    }

    /** A user who proved who he is may send from anywhere. */
    private static Optional<InetAddress> client(Connection connection) {
        return connection.authenticatedUser() != null ? Optional.empty() : Optional.ofNullable(connection.clientAddress());
    }

    /** A machine of ours may send for anybody. */
    private boolean isStranger(Origin origin) {
        return !options.connection().isOwn(origin.client());
    }

    private static Optional<DomainName> author(HeaderBlock header) {
        return AuthorDomain.of(header) instanceof AuthorDomain.One one ? Optional.of(one.domain()) : Optional.empty();
    }

    /** A stranger's text on one line of a log. */
    private static String loggable(String text) {
        return text.substring(0, Math.min(text.length(), 200)).replaceAll("[^\\x21-\\x7E]", "?");
    }
}
