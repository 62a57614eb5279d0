// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import org.apache.james.lifecycle.api.Disposable;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MimeMessageSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;

/** A large message with header fields of ours in front; the rest stays where it is, in James's file. */
final class PrefixedSource implements MimeMessageSource, Disposable {

    private final byte[] prefix;
    private final MimeMessageSource rest;

    private PrefixedSource(byte[] prefix, MimeMessageSource rest) {
        this.prefix = prefix;
        this.rest = rest;
    }

    /** A message that has both. The rest goes its way. */
    static MimeMessageSource of(byte[] prefix, MimeMessageSource rest) throws IOException {
        if (rest instanceof MessageInMemory small) {
            return small.behind(prefix);
        }
        try (InputStream in = rest.getInputStream()) {
            // What James has in memory: it decides what is small enough for that.
            if (in instanceof ByteArrayInputStream) {
                MessageDraft both = new MessageDraft(prefix, in.available());
                both.takeAll(in);
                LifecycleUtil.dispose(rest);
                return both.toMessage(rest.getSourceId());
            }
        }
        return new PrefixedSource(prefix, rest);
    }

    @Override
    public String getSourceId() {
        return rest.getSourceId();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new SequenceInputStream(new ByteArrayInputStream(prefix), rest.getInputStream());
    }

    @Override
    public long getMessageSize() throws IOException {
        return prefix.length + rest.getMessageSize();
    }

    @Override
    public void dispose() {
        LifecycleUtil.dispose(rest);
    }
}
