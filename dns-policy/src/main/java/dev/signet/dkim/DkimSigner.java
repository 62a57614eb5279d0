// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import dev.signet.message.BodyHash;
import dev.signet.message.BodyHashes;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderCanonicalizer;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
import dev.signet.message.MessageReader;
import dev.signet.message.TagList;
import dev.signet.message.TagWriter;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Signs messages (RFC 6376 §5). Safe for use by many threads. */
public final class DkimSigner {

    private final SigningOptions options;
    private final InstantSource clock;

    public DkimSigner(SigningOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
    }

    /** What signing ends with. */
    public sealed interface Result {
        /** The fields to put in front of the message, one for each signer, the first signer's on top. */
        record Signed(List<HeaderField> fields) implements Result {}

        /** A message that cannot be signed, with the reason for the log. */
        record NotSigned(String reason) implements Result {}
    }

    /**
     * Signs a message for one or several signers in one pass over its bytes.
     *
     * @param message the bytes as they will leave, dots not stuffed, lines ended by CRLF
     * @throws IOException what the stream threw
     */
    public Result sign(InputStream message, List<Signer> signers) throws IOException {
        MessageReader reader = MessageReader.open(message, MessageLimits.DEFAULT);
        HeaderBlock header = reader.header();
        if (header.overLimit().isPresent()) {
            return new Result.NotSigned(header.overLimit().get());
        }
        // RFC 6376 §5.4: From must be signed, so there must be one.
        if (header.all("From").isEmpty()) {
            return new Result.NotSigned("the message has no From");
        }
        BodyHashes hashes = new BodyHashes();
        BodyHash body = hashes.request(options.bodyForm(), Long.MAX_VALUE);
        reader.readBody(hashes);
        List<HeaderField> fields = new ArrayList<>(signers.size());
        Instant now = clock.instant();
        for (Signer signer : signers) {
            fields.add(sign(header, body, signer, now));
        }
        return new Result.Signed(fields);
    }

    private HeaderField sign(HeaderBlock header, BodyHash body, Signer signer, Instant now) {
        List<String> names = options.headers().names(header);
        // Written twice, without its signature and with it: b= comes last, so nothing else depends on it.
        String unsigned = tags(names, body, signer, now, new byte[0]);
        HeaderField template = HeaderField.of(DkimSignature.FIELD, unsigned);
        TagList tags = ((TagList.Parse.Sound) TagList.parse(unsigned)).tags();
        HeaderCanonicalizer signed = HeaderCanonicalizer.signed(options.headerForm(), header.select(names), template, tags);
        byte[] data = signed.toByteArray();
        return HeaderField.of(DkimSignature.FIELD, tags(names, body, signer, now, signer.key().sign(data, 0, data.length)));
    }

    private String tags(List<String> names, BodyHash body, Signer signer, Instant now, byte[] signature) {
        TagWriter tags = new TagWriter();
        tags.tag("v", 1).tag("a", signer.key().type().algorithm()).tag("c", options.headerForm() + "/" + options.bodyForm());
        tags.line().tag("d", signer.domain()).tag("s", signer.selector());
        options.identityWithin(signer.domain()).ifPresent(identity -> tags.line().tag("i", identity));
        if (options.timestamp() || options.expireIn().isPresent()) {
            tags.line().tag("t", now.getEpochSecond());
        }
        options.expireIn().ifPresent(life -> tags.tag("x", now.plus(life).getEpochSecond()));
        tags.line().names("h", names);
        tags.line().base64("bh", body.value());
        return tags.line().base64("b", signature).toString();
    }
}
