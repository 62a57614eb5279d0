// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import dev.signet.dns.DomainName;
import dev.signet.keys.KeyAnswer;
import dev.signet.keys.KeyType;
import dev.signet.keys.PublishedKey;
import dev.signet.keys.VerificationKey;
import dev.signet.message.BodyHash;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderCanonicalizer;
import dev.signet.message.Surprises;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The signatures of one message, on their way from being read to being judged. */
public final class DkimCheck {

    /** One signature on its way. */
    sealed interface Step {}

    /** Judged without its key. */
    record Done(DkimResult result) implements Step {}

    /** Waiting for its key and for the end of the body. */
    record Pending(DkimSignature signature, DkimOptions options, CompletableFuture<KeyAnswer> key, BodyHash bodyHash)
            implements Step {}

    private final HeaderBlock header;
    private final List<Step> steps;
    private final Surprises surprises = new Surprises();

    DkimCheck(HeaderBlock header, List<Step> steps) {
        this.header = header;
        this.steps = steps;
    }

    /** Where not even the signatures could be read. */
    static DkimCheck surprised(HeaderBlock header, Throwable surprise) {
        DkimCheck check = new DkimCheck(header, List.of(new Done(DkimResult.unreadable(DkimState.PERMERROR, Surprises.reason(surprise)))));
        check.surprises.note(surprise);
        return check;
    }

    /** d= of each signature that may pass, top to bottom. */
    public List<DomainName> signingDomains() {
        List<DomainName> domains = new ArrayList<>(steps.size());
        for (Step step : steps) {
            if (step instanceof Pending pending) {
                domains.add(pending.signature().domain());
            }
        }
        return domains;
    }

    /**
     * The result of each signature, top to bottom; empty for a message without any. To be called when the body has been read;
     * waits for the keys as long as the {@code Dns} does that was given.
     */
    public List<DkimResult> results() {
        List<DkimResult> results = new ArrayList<>(steps.size());
        for (Step step : steps) {
            results.add(switch (step) {
                case Done(DkimResult result) -> result;
                case Pending pending -> contained(pending);
            });
        }
        return results;
    }

    /** What nobody foresaw, mistakes of ours or of a provider, so far. Each has cost one signature its result, and is to be logged. */
    public Surprises surprises() {
        return surprises;
    }

    // Not a temperror: the same signature would end the same at the next try, and a forger, who chose it, must not get around the
    // policy of the domain that he wrote into d= as if that one's DNS were down.
    private DkimResult contained(Pending pending) {
        try {
            return judge(pending);
        } catch (RuntimeException | StackOverflowError surprise) {
            return DkimResult.of(DkimState.PERMERROR, surprises.note(surprise), pending.signature());
        }
    }

    private DkimResult judge(Pending pending) {
        return switch (pending.key().join()) {
            case KeyAnswer.Usable(PublishedKey key) -> judge(pending, key);
            case KeyAnswer.Unusable(String reason) -> DkimResult.of(DkimState.PERMERROR, reason, pending.signature());
            case KeyAnswer.Revoked() ->
                DkimResult.of(DkimState.PERMERROR, KeyAnswer.Revoked.REASON, pending.signature()).as(DkimFailure.REVOKED);
            case KeyAnswer.NotChecked(String reason) -> DkimResult.of(DkimState.NEUTRAL, reason, pending.signature());
            case KeyAnswer.Unknown(String reason) -> DkimResult.of(DkimState.TEMPERROR, reason, pending.signature());
        };
    }

    private DkimResult judge(Pending pending, PublishedKey key) {
        DkimSignature signature = pending.signature();
        if (key.algorithm() != signature.algorithm()) {
            String reason = "the key at " + signature.keyName() + " is not for " + signature.algorithm().algorithm();
            return DkimResult.of(DkimState.PERMERROR, reason, signature, key);
        }
        // RFC 6376 §3.6.1, t=s: the domain of i= must not be a subdomain of d=.
        if (key.strictIdentity() && !signature.identityDomain().equals(signature.domain())) {
            return DkimResult.of(DkimState.PERMERROR, "i= is below d=, which the key forbids (t=s)", signature, key);
        }
        // RFC 8301 §3.2: shorter keys must not be taken as valid. Longer ones than anybody uses only cost time.
        if (signature.algorithm() == KeyType.RSA) {
            if (key.bits() < pending.options().minRsaBits()) {
                return DkimResult.of(DkimState.POLICY, "a key of " + key.bits() + " bits is too weak", signature, key);
            }
            if (key.bits() > VerificationKey.MAX_RSA_BITS) {
                return DkimResult.of(DkimState.NEUTRAL, "not checked: a key of " + key.bits() + " bits", signature, key);
            }
        }
        // RFC 6376 §6.1.3: the body hash first, it is there already.
        BodyHash body = pending.bodyHash();
        boolean sameBody = MessageDigest.isEqual(body.value(), signature.bodyHash());
        long unsigned = signature.bodyLength() == Long.MAX_VALUE ? 0 : body.canonicalLength() - signature.bodyLength();
        if (unsigned < 0) {
            return DkimResult.of(DkimState.FAIL, "body hash did not verify: " + bytes(-unsigned) + " fewer than signed", signature, key)
                    .as(DkimFailure.BODY_HASH);
        }
        if (!sameBody) {
            return DkimResult.of(DkimState.FAIL, "body hash did not verify" + appended(unsigned), signature, key)
                    .as(DkimFailure.BODY_HASH);
        }
        if (!verifies(signature, key)) {
            return DkimResult.of(DkimState.FAIL, "signature did not verify: a signed field changed, or another key signed", signature, key);
        }
        // RFC 6376 §8.2: what is appended under l= was signed by nobody.
        if (unsigned > 0) {
            DkimState state = pending.options().unsignedTail().state();
            return DkimResult.of(state, "the body has more than was signed (l=): " + bytes(unsigned), signature, key);
        }
        return DkimResult.of(DkimState.PASS, "signature verified", signature, key);
    }

    private boolean verifies(DkimSignature signature, PublishedKey key) {
        HeaderCanonicalizer signed = HeaderCanonicalizer.signed(
                signature.headerForm(), header.select(signature.signedHeaders()), signature.field(), signature.tags());
        try {
            return key.publicKey().verifies(signed, signature.value());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform cannot verify " + signature.algorithm().algorithm(), e);
        }
    }

    private static String appended(long unsigned) {
        return unsigned == 0 ? "" : ": " + bytes(unsigned) + " more than signed, and the signed part changed";
    }

    private static String bytes(long count) {
        return count == 1 ? "1 byte" : count + " bytes";
    }
}
