// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import dev.signet.dns.Dns;
import dev.signet.dns.DomainName;
import dev.signet.keys.PublishedKeys;
import dev.signet.message.BodyHashes;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Verifies the DKIM signatures of messages (RFC 6376 §6). Safe for use by many threads; keeps parsed keys.
 *
 * <p>A check has two halves, so that keys travel while the body is read: {@link #begin} before the body, {@link
 * DkimCheck#results} after it.
 */
public final class DkimVerifier {

    private final DkimOptions options;
    private final InstantSource clock;
    private final PublishedKeys keys = new PublishedKeys();

    public DkimVerifier(DkimOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
    }

    /**
     * Reads the signatures, asks for all their keys at once and for the body hashes that they need. Total: see {@link
     * DkimCheck#surprises}.
     *
     * @param author the author domain, if there is exactly one: where there are more signatures than we check, those of the
     *     author's domain are worth most
     * @param dns the message's own view, with a deadline: {@link DkimCheck#results} waits for its answers
     */
    public DkimCheck begin(HeaderBlock header, Optional<DomainName> author, Dns dns, BodyHashes bodyHashes) {
        try {
            return new DkimCheck(header, steps(header, author, dns, bodyHashes));
        } catch (RuntimeException | StackOverflowError surprise) {
            return DkimCheck.surprised(header, surprise);
        }
    }

    private List<DkimCheck.Step> steps(HeaderBlock header, Optional<DomainName> author, Dns dns, BodyHashes bodyHashes) {
        if (header.overLimit().isPresent()) {
            DkimResult tooLarge = DkimResult.unreadable(DkimState.PERMERROR, "not checked: " + header.overLimit().get());
            return List.of(new DkimCheck.Done(tooLarge));
        }
        List<HeaderField> fields = header.all(DkimSignature.FIELD);
        // Reading a field is cheap, checking it is not; but also reading has an end.
        List<DkimSignature.Parse> parsed = new ArrayList<>();
        for (HeaderField field : fields.subList(0, Math.min(fields.size(), options.maxSignatures() * 10))) {
            parsed.add(DkimSignature.parse(field));
        }
        List<DkimCheck.Step> steps = new ArrayList<>(parsed.size());
        int room = options.maxSignatures();
        for (DkimSignature.Parse parse : parsed) {
            room -= isOf(author, parse) ? 1 : 0;
        }
        int ofAuthor = options.maxSignatures();
        for (DkimSignature.Parse parse : parsed) {
            steps.add(switch (parse) {
                case DkimSignature.Parse.Broken(DkimResult result) -> new DkimCheck.Done(result);
                case DkimSignature.Parse.Sound(DkimSignature signature) -> {
                    boolean chosen = isOf(author, parse) ? ofAuthor-- > 0 : room-- > 0;
                    yield chosen ? start(signature, dns, bodyHashes) : new DkimCheck.Done(notChecked(signature));
                }
            });
        }
        return steps;
    }

    private DkimCheck.Step start(DkimSignature signature, Dns dns, BodyHashes bodyHashes) {
        // RFC 6376 §3.5, x=: an expired signature need not be verified.
        if (signature.expires() != null && clock.instant().isAfter(signature.expires().plus(options.clockSkew()))) {
            return new DkimCheck.Done(DkimResult.of(DkimState.POLICY, "the signature expired: it was good until " + signature.expires(), signature));
        }
        return new DkimCheck.Pending(
                signature,
                options,
                keys.at(signature.keyName(), dns),
                bodyHashes.request(signature.bodyForm(), signature.bodyLength()));
    }

    private DkimResult notChecked(DkimSignature signature) {
        return DkimResult.of(
                DkimState.NEUTRAL, "not checked: more than " + options.maxSignatures() + " signatures", signature);
    }

    private static boolean isOf(Optional<DomainName> author, DkimSignature.Parse parse) {
        return author.isPresent()
                && parse instanceof DkimSignature.Parse.Sound(DkimSignature signature)
                && (signature.domain().isAtOrBelow(author.get()) || author.get().isAtOrBelow(signature.domain()));
    }
}
