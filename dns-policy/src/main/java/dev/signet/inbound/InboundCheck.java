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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The check of an inbound message: every protocol, one pass over its bytes, one deadline for its DNS queries. One for all
 * messages, safe for use by many threads.
 */
public final class InboundCheck {

    private static final Logger LOG = LoggerFactory.getLogger(InboundCheck.class);

    private final Dns dns;
    private final InboundOptions options;
    private final DkimVerifier dkim;

    public InboundCheck(Dns dns, InboundOptions options, InstantSource clock) {
        this.dns = dns;
        this.options = options;
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
            // Step 1: the header block. What it names is asked for at once.
            MessageReader reader = MessageReader.open(message, options.limits());
            HeaderBlock header = reader.header();
            messageId = header.first("Message-ID").map(field -> loggable(field.unfolded())).orElse("none");
            BodyHashes bodyHashes = new BodyHashes();
            DkimCheck dkimCheck = dkim.begin(header, author(header), messageDns, bodyHashes);
            // Step 2: the body, while the answers travel.
            reader.readBody(bodyHashes);
            // Step 3: together.
            return new Verdict(dkimCheck.results());
        } catch (IOException | RuntimeException | StackOverflowError surprise) {
            LOG.error("Message {} from {} could not be checked and goes on as temperror", messageId, connection.clientAddress(), surprise);
            return Verdict.surprised("the check failed: " + surprise.getClass().getSimpleName());
        }
    }

    private static Optional<DomainName> author(HeaderBlock header) {
        return AuthorDomain.of(header) instanceof AuthorDomain.One one ? Optional.of(one.domain()) : Optional.empty();
    }

    /** A stranger's text on one line of a log. */
    private static String loggable(String text) {
        return text.substring(0, Math.min(text.length(), 200)).replaceAll("[^\\x21-\\x7E]", "?");
    }
}
