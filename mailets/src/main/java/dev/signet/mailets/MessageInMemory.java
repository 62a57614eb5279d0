// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import org.apache.commons.io.input.UnsynchronizedByteArrayInputStream;
import org.apache.james.server.core.MimeMessageSource;

import java.io.InputStream;

/**
 * A message that James may read octet by octet, as it does with each header field several times on a mail's way to its mailbox: no octet
 * takes a lock, which those of {@code MimeMessageInputStreamSource} do.
 */
final class MessageInMemory implements MimeMessageSource {

    private final String id;
    private final byte[] bytes;
    private final int length;

    /**
     * @param bytes are not copied
     * @param length of the message, which these begin with
     */
    MessageInMemory(String id, byte[] bytes, int length) {
        this.id = id;
        this.bytes = bytes;
        this.length = length;
    }

    /** The same message with something in front. */
    MessageInMemory behind(byte[] prefix) {
        MessageDraft both = new MessageDraft(prefix, length);
        both.write(bytes, 0, length);
        return both.toMessage(id);
    }

    @Override
    public String getSourceId() {
        return id;
    }

    @Override
    @SuppressWarnings("deprecation") // The builder is not in James 3.8's version of commons-io.
    public InputStream getInputStream() {
        return new UnsynchronizedByteArrayInputStream(bytes, 0, length);
    }

    @Override
    public long getMessageSize() {
        return length;
    }
}
