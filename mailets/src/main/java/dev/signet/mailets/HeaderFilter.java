// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Predicate;

/**
 * Copies messages without some of their header fields, every other byte as it is. Holds one field in memory at a time, whatever
 * the size of the message and of its header block.
 *
 * <p>Fields end as {@link HeaderBlock} has it: with a CRLF that no white space follows.
 */
final class HeaderFilter {

    private static final MessageLimits ONE_FIELD = new MessageLimits(1024, 10);
    private static final int CHUNK = 8192;
    private static final byte[] EMPTY_LINE = {'\r', '\n'};

    private final Predicate<HeaderField> unwanted;
    private final int maxFieldBytes;

    /**
     * @param unwanted fields to leave out
     * @param maxFieldBytes a longer field is left out too: it cannot be looked at, and must not be a way around this filter
     */
    HeaderFilter(Predicate<HeaderField> unwanted, int maxFieldBytes) {
        this.unwanted = unwanted;
        this.maxFieldBytes = maxFieldBytes;
    }

    /**
     * What there was.
     *
     * @param removed how many fields were left out
     * @param hasBody whether an empty line ends the header
     */
    record Header(int removed, boolean hasBody) {}

    /** Copies to the end of the message; returns how many fields it left out. */
    int copy(InputStream message, OutputStream out) throws IOException {
        BufferedInputStream in = new BufferedInputStream(message, CHUNK);
        Header header = copyHeader(in, out);
        in.transferTo(out);
        return header.removed();
    }

    /** Copies the header and the empty line behind it. What is read next is the body. */
    Header copyHeader(BufferedInputStream in, OutputStream out) throws IOException {
        ByteArrayOutputStream field = new ByteArrayOutputStream(512);
        // Not octet by octet from the stream, which takes a lock each time.
        byte[] chunk = new byte[CHUNK];
        int removed = 0;
        long length = 0;
        int previous = -1;
        boolean lineEnded = false;
        while (true) {
            in.mark(CHUNK);
            int count = in.read(chunk);
            if (count < 0) {
                return new Header(removed + pass(field, out), false);
            }
            int start = 0;
            for (int i = 0; i < count; i++) {
                if (lineEnded && !isWhiteSpace(chunk[i])) {
                    keep(chunk, start, i, field);
                    removed += pass(field, out);
                    start = i;
                    length = 0;
                }
                length++;
                lineEnded = chunk[i] == '\n' && previous == '\r';
                previous = chunk[i];
                if (lineEnded && length == EMPTY_LINE.length) {
                    out.write(EMPTY_LINE);
                    in.reset();
                    in.skipNBytes(i + 1L);
                    return new Header(removed, true);
                }
            }
            keep(chunk, start, count, field);
        }
    }

    private static boolean isWhiteSpace(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    /** One octet too many tells that a field is too long. */
    private void keep(byte[] chunk, int start, int end, ByteArrayOutputStream field) {
        field.write(chunk, start, (int) Math.min(end - start, maxFieldBytes + 1L - field.size()));
    }

    /** Writes a field if it is to stay; returns how many were left out. */
    private int pass(ByteArrayOutputStream field, OutputStream out) throws IOException {
        if (field.size() == 0) {
            return 0;
        }
        byte[] bytes = field.toByteArray();
        field.reset();
        HeaderField parsed = bytes.length > maxFieldBytes ? null : parse(bytes);
        if (parsed == null || unwanted.test(parsed)) {
            return 1;
        }
        out.write(bytes);
        return 0;
    }

    private static @Nullable HeaderField parse(byte[] bytes) {
        HeaderBlock block = HeaderBlock.parse(bytes, bytes.length, ONE_FIELD);
        return block.fields().isEmpty() ? null : block.fields().getFirst();
    }
}
