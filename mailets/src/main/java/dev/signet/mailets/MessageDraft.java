// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** A message that is being put together in memory. It is read from where it was written to: there is no copy in between. */
final class MessageDraft extends ByteArrayOutputStream {

    /**
     * @param beginning it has this already
     * @param size of what is expected behind it; there may be more, at the price of a copy
     */
    MessageDraft(byte[] beginning, int size) {
        super(beginning.length + size);
        writeBytes(beginning);
    }

    /** Takes what is left of a stream; without a buffer in between where there is room for it. */
    synchronized void takeAll(InputStream message) throws IOException {
        count += message.readNBytes(buf, count, buf.length - count);
        int more = message.read();
        if (more >= 0) {
            write(more);
            message.transferTo(this);
        }
    }

    /** Ends it: from now on nothing may be written to it. */
    synchronized MessageInMemory toMessage(String id) {
        return new MessageInMemory(id, buf, count);
    }
}
