// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import dev.signet.dkim.DkimOptions;
import dev.signet.dns.Dns;
import dev.signet.dns.DomainName;
import dev.signet.keys.KeyAnswer;
import dev.signet.keys.PublishedKeys;
import dev.signet.message.BodyHash;
import dev.signet.message.BodyHashes;
import dev.signet.message.Canonicalization;
import dev.signet.message.HeaderBlock;
import dev.signet.message.Surprises;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Validates the chains of messages (RFC 8617 §5.2). Safe for use by many threads; keeps parsed keys.
 *
 * <p>A check has two halves, so that keys travel while the body is read: {@link #begin} before the body, {@link ArcCheck#result}
 * after it.
 */
public final class ArcValidator {

    /** What one chain may ask for: the newest message signature's key and that of each seal. Others are usually one of these. */
    public static final int MAX_QUERIES = ArcChain.MAX_SETS + 1;

    private final DkimOptions options;
    private final InstantSource clock;
    private final PublishedKeys keys = new PublishedKeys();

    /** @param options which keys are good enough, and how far clocks may be apart: what holds for DKIM holds here */
    public ArcValidator(DkimOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
    }

    /**
     * Reads the chain and, if its structure is sound, asks for all its keys at once and for the body hashes that it needs. Total:
     * see {@link ArcCheck#surprises}.
     *
     * @param dns the message's own view, with a deadline: {@link ArcCheck#result} waits for its answers
     */
    public ArcCheck begin(HeaderBlock header, Dns dns, BodyHashes bodyHashes) {
        try {
            return switch (ArcChain.of(header)) {
                case ArcChain.Parse.None none -> new ArcCheck(ArcResult.NONE);
                // Step 3: "the algorithm stops here", before anybody is asked for a key.
                case ArcChain.Parse.Broken broken -> new ArcCheck(ArcResult.fail(broken.highest(), broken.reason()));
                case ArcChain.Parse.Sound(ArcChain chain) -> new ArcCheck(start(chain, header, dns, bodyHashes));
            };
        } catch (RuntimeException | StackOverflowError surprise) {
            return ArcCheck.surprised(surprise);
        }
    }

    private PendingChain start(ArcChain chain, HeaderBlock header, Dns dns, BodyHashes bodyHashes) {
        // The keys that decide come first, lest a budget of queries is spent on those that only tell the oldest pass.
        List<ArcSignature> signatures = new ArrayList<>(2 * chain.size());
        signatures.add(chain.newest().message().signature());
        chain.sets().reversed().forEach(set -> signatures.add(set.seal().signature()));
        chain.sets().reversed().forEach(set -> signatures.add(set.message().signature()));
        Map<DomainName, CompletableFuture<KeyAnswer>> asked = new HashMap<>();
        signatures.forEach(signature -> asked.computeIfAbsent(signature.keyName(), name -> keys.at(name, dns)));
        Map<Canonicalization, BodyHash> bodies = new EnumMap<>(Canonicalization.class);
        for (ArcSet set : chain.sets()) {
            Canonicalization form = set.message().bodyForm();
            bodies.put(form, bodyHashes.request(form, Long.MAX_VALUE));
        }
        return new PendingChain(chain, header, asked, bodies, options, clock.instant(), new Surprises());
    }
}
