// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads a message once: first its header block, then its body, which goes through the {@link BodyHashes} in the pieces it is
 * read in and is never kept.
 *
 * <p>Not for several threads, and closes nothing: the stream belongs to the caller.
 */
public final class MessageReader {

    private static final int MIN_BUFFER = 1024;
    private static final int FIRST_BUFFER = 4096;
    private static final int BODY_BUFFER = 16 * 1024;

    private final InputStream in;
    private final HeaderBlock header;
    private byte[] buffer;
    private int bodyStart;
    private int filled;

    private MessageReader(InputStream in, MessageLimits limits) throws IOException {
        this.in = in;
        // Of a message that is smaller than that, all of it.
        this.buffer = new byte[Math.clamp(in.available() + 1L, MIN_BUFFER, FIRST_BUFFER)];
        this.header = readHeader(limits);
    }

    /**
     * Reads the header block.
     *
     * @throws IOException what the stream threw
     */
    public static MessageReader open(InputStream in, MessageLimits limits) throws IOException {
        return new MessageReader(in, limits);
    }

    public HeaderBlock header() {
        return header;
    }

    /**
     * Reads the body to its end and completes the hashes. To be called once. The body of a message whose header block is
     * over the limit is not read: nobody could say where it begins.
     *
     * @throws IOException what the stream threw
     */
    public void readBody(BodyHashes hashes) throws IOException {
        if (header.overLimit().isPresent()) {
            return;
        }
        if (!hashes.isEmpty()) {
            hashes.update(buffer, bodyStart, filled - bodyStart);
            // The header block keeps the first buffer; the body needs one of its own, no larger than what is left to read.
            byte[] chunk = null;
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (chunk == null) {
                    chunk = new byte[Math.clamp(in.available() + 1L, FIRST_BUFFER, BODY_BUFFER)];
                }
                chunk[0] = (byte) next;
                int more = in.readNBytes(chunk, 1, chunk.length - 1);
                hashes.update(chunk, 0, more + 1);
            }
        }
        hashes.finish();
    }

    private HeaderBlock readHeader(MessageLimits limits) throws IOException {
        int scanned = 0;
        while (true) {
            int read = in.read(buffer, filled, buffer.length - filled);
            filled += Math.max(read, 0);
            int end = endOfHeader(Math.max(0, scanned - 3));
            scanned = filled;
            if (end >= 0 || read < 0) {
                int length = end >= 0 ? end : filled;
                bodyStart = end >= 0 ? Math.min(filled, end + (end == 0 ? 2 : 4)) : filled;
                return length > limits.maxHeaderBytes() ? tooLarge(limits) : HeaderBlock.parse(buffer, length, limits);
            }
            if (filled > limits.maxHeaderBytes() + 4) {
                return tooLarge(limits);
            }
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, buffer.length * 4);
            }
        }
    }

    private static HeaderBlock tooLarge(MessageLimits limits) {
        return HeaderBlock.overLimit("a header block of more than " + limits.maxHeaderBytes() + " bytes");
    }

    /** Where the header block ends, without its last CRLF; negative if its end is not in the buffer yet. */
    private int endOfHeader(int from) {
        // RFC 5322 §2.1: the empty line ends the header; a message may begin with it.
        if (from == 0 && filled >= 2 && buffer[0] == '\r' && buffer[1] == '\n') {
            return 0;
        }
        for (int i = from; i + 3 < filled; i++) {
            if (buffer[i + 3] == '\n' && buffer[i + 2] == '\r' && buffer[i + 1] == '\n' && buffer[i] == '\r') {
                return i;
            }
        }
        return -1;
    }
}
