// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import dev.signet.dkim.DkimOptions;
import dev.signet.dns.DomainName;
import dev.signet.keys.KeyAnswer;
import dev.signet.keys.KeyType;
import dev.signet.keys.PublishedKey;
import dev.signet.keys.VerificationKey;
import dev.signet.message.BodyHash;
import dev.signet.message.Canonicalization;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderCanonicalizer;
import dev.signet.message.Surprises;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A chain of sound structure that waits for its keys and for the end of the body.
 *
 * @param surprises where to put what nobody foresaw
 */
record PendingChain(
        ArcChain chain,
        HeaderBlock header,
        Map<DomainName, CompletableFuture<KeyAnswer>> keys,
        Map<Canonicalization, BodyHash> bodies,
        DkimOptions options,
        Instant now,
        Surprises surprises) {

    private static final Finding HOLDS = new Finding.Holds();

    /** RFC 8617 §5.2 from step 4 on. Each step that breaks the chain is the last one. */
    ArcResult judge() {
        // Step 4: the newest message signature.
        Finding message = message(chain.newest());
        Finding both = message instanceof Finding.Broken ? message : message.orWorse(seals());
        return switch (both) {
            case Finding.Broken(String reason) -> ArcResult.fail(chain.size(), reason);
            case Finding.Unknown(String reason) -> new ArcResult(ArcState.TEMPERROR, chain.size(), 0, List.of(), reason);
            // Step 7.
            case Finding.Holds holds -> new ArcResult(
                    ArcState.PASS, chain.size(), oldestPass(), chain.sealers(), "all seals and the newest message signature verified");
        };
    }

    // Step 5. A key that cannot be had ends the walk as a signature that does not fit would: nobody is condemned by that.
    private int oldestPass() {
        for (ArcSet older : chain.sets().subList(0, chain.size() - 1).reversed()) {
            if (!(message(older) instanceof Finding.Holds)) {
                return older.instance() + 1;
            }
        }
        return 0;
    }

    // Step 6, from the first seal on instead of from the newest: each covers what the one before it did, and more.
    private Finding seals() {
        Finding worst = HOLDS;
        HeaderCanonicalizer signed = new HeaderCanonicalizer(Canonicalization.RELAXED, 2048 * chain.size());
        for (ArcSet set : chain.sets()) {
            ArcSignature seal = set.seal().signature();
            set.addUnsealedTo(signed);
            int unsealed = signed.size();
            Finding found = signature(seal, seal.addTo(signed), ArcSeal.FIELD + " of instance " + set.instance());
            worst = found.orWorse(worst);
            signed.truncate(unsealed);
            signed.add(seal.field());
        }
        return worst;
    }

    private Finding message(ArcSet set) {
        ArcMessageSignature message = set.message();
        String what = ArcMessageSignature.FIELD + " of instance " + set.instance();
        // RFC 6376 §3.5, x=: an expired signature need not be verified.
        if (message.expires() != null && now.isAfter(message.expires().plus(options.clockSkew()))) {
            return new Finding.Broken(what + " expired at " + message.expires());
        }
        // The body's hash before the key: no answer of the DNS mends a body.
        BodyHash body = bodies.get(message.bodyForm());
        if (body == null || !MessageDigest.isEqual(body.value(), message.bodyHash())) {
            return new Finding.Broken(what + ": body hash did not verify");
        }
        ArcSignature signature = message.signature();
        HeaderCanonicalizer signed = HeaderCanonicalizer.signed(
                message.headerForm(), header.select(message.signedHeaders()), signature.field(), signature.tags());
        return signature(signature, signed, what);
    }

    private Finding signature(ArcSignature signature, HeaderCanonicalizer signed, String what) {
        CompletableFuture<KeyAnswer> answer = keys.get(signature.keyName());
        if (answer == null) {
            throw new IllegalStateException("nobody asked for " + signature.keyName());
        }
        try {
            return switch (answer.join()) {
                case KeyAnswer.Usable(PublishedKey key) -> signature(signature, key, signed, what);
                case KeyAnswer.Unusable(String reason) -> new Finding.Broken(what + ": " + reason);
                case KeyAnswer.Revoked() -> new Finding.Broken(what + ": " + KeyAnswer.Revoked.REASON);
                case KeyAnswer.NotChecked(String reason) -> new Finding.Broken(what + ": " + reason);
                case KeyAnswer.Unknown(String reason) -> new Finding.Unknown(what + ": " + reason);
            };
        } catch (RuntimeException | StackOverflowError surprise) {
            // Neither passed nor condemned: nobody is to be told for ever that a chain failed because of us.
            return new Finding.Unknown(what + ": " + surprises.note(surprise));
        }
    }

    private Finding signature(ArcSignature signature, PublishedKey key, HeaderCanonicalizer signed, String what) {
        if (key.algorithm() != signature.algorithm()) {
            String algorithm = signature.algorithm().algorithm();
            return new Finding.Broken(what + ": the key at " + signature.keyName() + " is not for " + algorithm);
        }
        boolean sizeFits = key.bits() >= options.minRsaBits() && key.bits() <= VerificationKey.MAX_RSA_BITS;
        if (key.algorithm() == KeyType.RSA && !sizeFits) {
            return new Finding.Broken(what + ": a key of " + key.bits() + " bits is not taken");
        }
        try {
            return key.publicKey().verifies(signed, signature.value())
                    ? HOLDS
                    : new Finding.Broken(what + " did not verify: what it covers changed, or another key signed");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform cannot verify " + signature.algorithm().algorithm(), e);
        }
    }
}
