// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import com.google.common.primitives.Bytes;
import org.apache.commons.io.input.UnsynchronizedByteArrayInputStream;
import org.apache.james.server.core.MimeMessageSource;

import java.io.InputStream;

/**
 * A message that James may read octet by octet, as it does with each header field several times on a mail's way to its mailbox: no octet
 * takes a lock, which those of {@code MimeMessageInputStreamSource} do.
 */
final class MessageInMemory implements MimeMessageSource {

    private final String id;
    private final byte[] message;

    /** @param message is not copied */
    MessageInMemory(String id, byte[] message) {
        this.id = id;
        this.message = message;
    }

    /** The same message with something in front. */
    MessageInMemory behind(byte[] prefix) {
        return new MessageInMemory(id, Bytes.concat(prefix, message));
    }

    @Override
    public String getSourceId() {
        return id;
    }

    @Override
    @SuppressWarnings("deprecation") // The builder is not in James 3.8's version of commons-io.
    public InputStream getInputStream() {
        return new UnsynchronizedByteArrayInputStream(message);
    }

    @Override
    public long getMessageSize() {
        return message.length;
    }
}
