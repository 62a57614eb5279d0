// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import dev.signet.authres.ArcAuthenticationResults;
import dev.signet.authres.AuthenticationResults;
import dev.signet.dkim.Signer;
import dev.signet.message.BodyHash;
import dev.signet.message.BodyHashes;
import dev.signet.message.Canonicalization;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderCanonicalizer;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
import dev.signet.message.MessageReader;
import dev.signet.message.TagList;
import dev.signet.message.TagWriter;

import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.List;

/**
 * Seals messages: adds a set to their chain, or begins one (RFC 8617 §5.1). Safe for use by many threads.
 *
 * <p>All changes of a message, DKIM signatures included, come before its seal.
 */
public final class ArcSealer {

    private final SealedHeaders headers;
    private final InstantSource clock;

    public ArcSealer(SealedHeaders headers, InstantSource clock) {
        this.headers = headers;
        this.clock = clock;
    }

    /** What sealing ends with. */
    public sealed interface Result {
        /** The three fields to put in front of the message, in this order. */
        record Sealed(List<HeaderField> fields) implements Result {}

        /** A message that must go on as it is, with the reason for the log. */
        record NotSealed(String reason) implements Result {}
    }

    /** The set to be: its instance, its cv=, and the sets before it that its seal covers. */
    private record Plan(int instance, ArcState chainStatus, List<ArcSet> covered) {}

    /** What looking at the message before its body ends with. */
    private sealed interface Decision {
        record Seal(Plan plan) implements Decision {}

        record Leave(String reason) implements Decision {}
    }

    /**
     * Seals a message in one pass over its bytes.
     *
     * @param message the bytes as they will leave, dots not stuffed, lines ended by CRLF
     * @param arrived what became of the chain when the message came in, before anything was changed
     * @param results what was found out about the message when it came in
     * @throws IOException what the stream threw
     */
    public Result seal(InputStream message, ArcState arrived, AuthenticationResults results, Signer signer) throws IOException {
        MessageReader reader = MessageReader.open(message, MessageLimits.DEFAULT);
        HeaderBlock header = reader.header();
        return switch (decide(header, arrived)) {
            case Decision.Leave(String reason) -> new Result.NotSealed(reason);
            case Decision.Seal(Plan plan) -> {
                BodyHashes hashes = new BodyHashes();
                BodyHash body = hashes.request(Canonicalization.RELAXED, Long.MAX_VALUE);
                reader.readBody(hashes);
                yield new Result.Sealed(set(plan, header, body, results, signer));
            }
        };
    }

    private static Decision decide(HeaderBlock header, ArcState arrived) {
        if (header.overLimit().isPresent()) {
            return new Decision.Leave(header.overLimit().get());
        }
        if (header.all("From").isEmpty()) {
            return new Decision.Leave("the message has no From");
        }
        return switch (ArcChain.of(header)) {
            case ArcChain.Parse.None none -> switch (arrived) {
                case NONE -> new Decision.Seal(new Plan(1, ArcState.NONE, List.of()));
                case TEMPERROR -> unknown();
                case PASS, FAIL -> new Decision.Leave("the chain that the message came with is gone");
            };
            case ArcChain.Parse.Sound(ArcChain chain) -> switch (arrived) {
                case NONE -> new Decision.Leave("the message has a chain that it did not come with");
                case PASS -> next(chain.size(), ArcState.PASS, chain.sets());
                // §5.1.2: "as if this newest ARC Set was the only set present".
                case FAIL -> next(chain.size(), ArcState.FAIL, List.of());
                case TEMPERROR -> unknown();
            };
            // §5.1, step 2: "there is no need to proceed and the algorithm stops here".
            case ArcChain.Parse.Broken broken when broken.sealedAsFailed() -> new Decision.Leave("the chain is sealed as failed");
            case ArcChain.Parse.Broken broken -> switch (arrived) {
                case FAIL -> next(broken.highest(), ArcState.FAIL, List.of());
                case TEMPERROR -> unknown();
                case NONE, PASS -> new Decision.Leave("the chain broke after the message had come in: " + broken.reason());
            };
        };
    }

    private static Decision next(int highest, ArcState chainStatus, List<ArcSet> covered) {
        return highest >= ArcChain.MAX_SETS
                ? new Decision.Leave("the chain has " + ArcChain.MAX_SETS + " sets already")
                : new Decision.Seal(new Plan(highest + 1, chainStatus, covered));
    }

    private static Decision unknown() {
        return new Decision.Leave("the chain could not be validated when the message came in");
    }

    private List<HeaderField> set(Plan plan, HeaderBlock header, BodyHash body, AuthenticationResults results, Signer signer) {
        long now = clock.instant().getEpochSecond();
        // Step 4.1, 4.2, 4.3.
        HeaderField testimony = new ArcAuthenticationResults(plan.instance(), results).toField();
        HeaderField message = messageSignature(plan, header, body, signer, now);
        HeaderField seal = seal(plan, testimony, message, signer, now);
        return List.of(seal, message, testimony);
    }

    private HeaderField messageSignature(Plan plan, HeaderBlock header, BodyHash body, Signer signer, long now) {
        List<String> names = headers.names(header);
        HeaderCanonicalizer signed = new HeaderCanonicalizer(Canonicalization.RELAXED, 2048);
        header.select(names).forEach(signed::add);
        return signed(ArcMessageSignature.FIELD, signed, signer, signature -> new TagWriter()
                // §4.1.2, arc-ams-info: the instance comes first.
                .tag("i", plan.instance()).tag("a", signer.key().type().algorithm())
                .line().base64("b", signature)
                .line().base64("bh", body.value())
                .line().tag("c", Canonicalization.RELAXED + "/" + Canonicalization.RELAXED).tag("d", signer.domain())
                .line().names("h", names)
                .line().tag("s", signer.selector()).tag("t", now));
    }

    private static HeaderField seal(Plan plan, HeaderField testimony, HeaderField message, Signer signer, long now) {
        HeaderCanonicalizer signed = new HeaderCanonicalizer(Canonicalization.RELAXED, 2048 * (plan.covered().size() + 1));
        plan.covered().forEach(set -> set.addTo(signed));
        signed.add(testimony).add(message);
        return signed(ArcSeal.FIELD, signed, signer, signature -> new TagWriter()
                // §4.1.3, arc-as-info: here, too.
                .tag("i", plan.instance()).tag("a", signer.key().type().algorithm())
                .line().base64("b", signature)
                .line().tag("cv", plan.chainStatus()).tag("d", signer.domain())
                .line().tag("s", signer.selector()).tag("t", now));
    }

    /** The text of a signature field, given its signature. */
    private interface Tags {
        TagWriter with(byte[] signature);
    }

    /** Writes the field twice, without its signature and with it. b= has lines of its own, so nothing else depends on it. */
    private static HeaderField signed(String name, HeaderCanonicalizer signed, Signer signer, Tags tags) {
        String unsigned = tags.with(new byte[0]).toString();
        signed.addSignature(HeaderField.of(name, unsigned), ((TagList.Parse.Sound) TagList.parse(unsigned)).tags());
        byte[] data = signed.toByteArray();
        return HeaderField.of(name, tags.with(signer.key().sign(data, 0, data.length)).toString());
    }
}
