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

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Signs messages (RFC 6376 §5). Safe for use by many threads. */
public final class DkimSigner {

    private static final int LINE = 76;

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
        String unsigned = tags(names, body, signer, now);
        HeaderCanonicalizer signed = new HeaderCanonicalizer(options.headerForm(), 2048);
        header.select(names).forEach(signed::add);
        HeaderField template = HeaderField.of(DkimSignature.FIELD, unsigned);
        signed.addSignature(template, ((TagList.Parse.Sound) TagList.parse(unsigned)).tags());
        byte[] data = signed.toByteArray();
        String signature = Base64.getEncoder().encodeToString(signer.key().sign(data, 0, data.length));
        return HeaderField.of(DkimSignature.FIELD, unsigned + folded(signature));
    }

    /** The field's body up to and with {@code b=}, which therefore comes last. */
    private String tags(List<String> names, BodyHash body, Signer signer, Instant now) {
        StringBuilder out = new StringBuilder(512);
        out.append(" v=1; a=").append(signer.key().type().algorithm());
        out.append("; c=").append(options.headerForm()).append('/').append(options.bodyForm()).append(';');
        out.append("\r\n d=").append(signer.domain()).append("; s=").append(signer.selector()).append(';');
        options.identityWithin(signer.domain()).ifPresent(identity -> out.append("\r\n i=").append(identity).append(';'));
        if (options.timestamp() || options.expireIn().isPresent()) {
            out.append("\r\n t=").append(now.getEpochSecond()).append(';');
        }
        options.expireIn().ifPresent(life -> out.append(" x=").append(now.plus(life).getEpochSecond()).append(';'));
        out.append("\r\n h=");
        int column = 3;
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i) + (i + 1 < names.size() ? ":" : ";");
            if (column + name.length() > LINE && column > 3) {
                out.append("\r\n  ");
                column = 2;
            }
            out.append(name);
            column += name.length();
        }
        out.append("\r\n bh=").append(Base64.getEncoder().encodeToString(body.value())).append(';');
        return out.append("\r\n b=").toString();
    }

    private static String folded(String base64) {
        StringBuilder out = new StringBuilder(base64.length() + 16);
        int first = LINE - 3;
        for (int start = 0; start < base64.length(); ) {
            int end = Math.min(base64.length(), start + (start == 0 ? first : LINE - 2));
            out.append(start == 0 ? "" : "\r\n  ").append(base64, start, end);
            start = end;
        }
        return out.toString();
    }
}
