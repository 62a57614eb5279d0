// SPDX-License-Identifier: Apache-2.0
package dev.signet.inbound;

import dev.signet.arc.ArcCheck;
import dev.signet.arc.ArcResult;
import dev.signet.arc.ArcValidator;
import dev.signet.arc.Testimony;
import dev.signet.dkim.DkimCheck;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimVerifier;
import dev.signet.dmarc.DmarcChecker;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.Dns;
import dev.signet.dns.MessageDns;
import dev.signet.message.AuthorDomain;
import dev.signet.message.BodyHashes;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageReader;
import dev.signet.message.Surprises;
import dev.signet.senderid.SenderIdChecker;
import dev.signet.senderid.SenderIdResult;
import dev.signet.senderid.SenderIdScope;
import dev.signet.spf.SpfChecker;
import dev.signet.spf.SpfResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
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
    private final ArcValidator arc;

    /** @param executor runs SPF evaluations, which wait for the DNS: best a virtual thread each */
    public InboundCheck(Dns dns, InboundOptions options, Executor executor, InstantSource clock) {
        this.dns = dns;
        this.options = options;
        this.spf = new SpfChecker(options.connection().spf(), executor, clock);
        this.senderId = options.connection().senderId().map(sender -> new SenderIdChecker(sender, executor, clock));
        this.dkim = new DkimVerifier(options.dkim(), clock);
        this.arc = new ArcValidator(options.dkim(), clock);
    }

    /**
     * Checks a message. A total function: whatever goes wrong inside is logged and ends as a temporary error, and the mail
     * goes on.
     *
     * @param message the bytes as the client sent them; read to the end, not closed
     */
    public Verdict check(Connection connection, InputStream message) {
        HeaderBlock read = null;
        Surprises surprises = new Surprises();
        try {
            MessageDns messageDns = new MessageDns(dns, options.maxQueries(), options.deadline());
            // Step 1: the client. SPF needs nothing else, so its first queries leave before the header is read, unless a relay
            // of ours stands between and only its Received field knows the client.
            Optional<Origin> connected = connected(connection);
            Optional<ClientCheck> directCheck = connected.filter(this::isStranger).map(origin -> start(origin, connection, messageDns, surprises));
            // Step 2: the header block. What it names is asked for at once.
            MessageReader reader = MessageReader.open(message, options.limits());
            HeaderBlock header = reader.header();
            read = header;
            Optional<Origin> origin = connected.or(() -> relayed(connection, header));
            Optional<ClientCheck> clientCheck =
                    directCheck.or(() -> origin.filter(this::isStranger).map(found -> start(found, connection, messageDns, surprises)));
            Optional<CompletableFuture<SenderIdResult>> senderIdCheck = senderId.flatMap(checker ->
                    clientCheck.map(client -> surprises.contain(
                            () -> checker.checkMessage(client.request(), header, messageDns.withBudget(options.maxQueries())),
                            reason -> new SenderIdResult(SenderIdScope.PRA, SpfResult.State.PERMERROR, null, null, null, reason))));
            // Whose author nobody could read is as one whose author nobody has read: refused, if DMARC is asked.
            AuthorDomain author =
                    surprises.contain(() -> CompletableFuture.completedFuture(AuthorDomain.of(header)), AuthorDomain.Unread::new).join();
            BodyHashes bodyHashes = new BodyHashes();
            DkimCheck dkimCheck =
                    dkim.begin(header, author.one(), messageDns.withBudget(2 * options.dkim().maxSignatures()), bodyHashes);
            ArcCheck arcCheck = arc.begin(header, messageDns.withBudget(ArcValidator.MAX_QUERIES), bodyHashes);
            Optional<DmarcCheck> dmarcCheck = dmarcFor(connection, origin).map(checker -> DmarcCheck.start(
                    checker,
                    author,
                    connection,
                    clientCheck.map(client -> client.request().ip()),
                    header,
                    dkimCheck.signingDomains(),
                    messageDns.withBudget(DmarcChecker.MAX_QUERIES),
                    surprises));
            // Step 3: the body, while the answers travel.
            reader.readBody(bodyHashes);
            // Step 4: together. DMARC before what it does not depend on: a slow reverse name must not cost it the deadline.
            List<DkimResult> signatures = dkimCheck.results();
            Optional<DmarcResult> judged = dmarcCheck.map(
                    check -> check.result(clientCheck.map(client -> client.mailFrom().join()), signatures));
            ArcResult chain = arcCheck.result();
            Optional<Testimony> testimony = options.trustedSealers().testimony(arcCheck);
            Optional<DmarcResult> dmarc = judged.map(result -> dmarcCheck.orElseThrow().reconsidered(result, testimony));
            Optional<ClientVerdict> client = clientCheck.map(ClientCheck::verdict);
            Optional<SenderIdResult> sender = senderIdCheck.map(CompletableFuture::join);
            surprises.addAll(dkimCheck.surprises());
            surprises.addAll(arcCheck.surprises());
            surprises.asOne().ifPresent(surprise -> LOG.error(
                    "Message {} from {}: a part of the check failed, as its results say, and the others go on",
                    messageId(header), connection.clientAddress(), surprise));
            return new Verdict(client, sender, signatures, chain, dmarc, connection.authenticatedUser(), connection.tls());
        } catch (IOException | RuntimeException | StackOverflowError surprise) {
            LOG.error("Message {} from {} could not be checked and goes on as temperror", messageId(read), connection.clientAddress(), surprise);
            boolean withDmarc = dmarcFor(connection, connected(connection)).isPresent();
            return Verdict.surprised(connection, withDmarc, Surprises.reason(surprise));
        }
    }

    private ClientCheck start(Origin origin, Connection connection, MessageDns messageDns, Surprises surprises) {
        return ClientCheck.start(origin, connection, spf, messageDns, messageDns.withBudget(options.maxQueries()), surprises);
    }

    /** What our own users and machines send gets its signatures later, and SPF does not know them. */
    private Optional<DmarcChecker> dmarcFor(Connection connection, Optional<Origin> origin) {
        boolean ours = connection.ours() || connection.authenticatedUser() != null || origin.filter(found -> !isStranger(found)).isPresent();
        return options.dmarc().filter(checker -> !ours);
    }

    /** The client that is connected, where it speaks for itself. */
    private Optional<Origin> connected(Connection connection) {
        return client(connection)
                .filter(client -> !options.connection().relays().include(client))
                .map(client -> new Origin(client, Optional.ofNullable(connection.helo()).orElse("")));
    }

    /** The client behind a relay of ours. */
    private Optional<Origin> relayed(Connection connection, HeaderBlock header) {
        return client(connection)
                .filter(options.connection().relays()::include)
                .flatMap(relay -> Origin.behind(options.connection().relays(), header));
    }

    /** A user who proved who he is may send from anywhere. */
    private static Optional<InetAddress> client(Connection connection) {
        return connection.authenticatedUser() != null ? Optional.empty() : Optional.ofNullable(connection.clientAddress());
    }

    /** A machine of ours may send for anybody. */
    private boolean isStranger(Origin origin) {
        return !options.connection().isOwn(origin.client());
    }

    /** A stranger's text on one line of a log. */
    private static String messageId(@Nullable HeaderBlock header) {
        String text = header == null ? "unknown" : header.first("Message-ID").map(HeaderField::unfolded).orElse("none");
        return text.substring(0, Math.min(text.length(), 200)).replaceAll("[^\\x21-\\x7E]", "?");
    }
}
