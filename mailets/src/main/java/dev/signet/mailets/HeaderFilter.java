// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Copies messages without some of their header fields, every other byte as it is. Holds one field in memory at a time, whatever
 * the size of the message and of its header block.
 *
 * <p>Fields end as {@link HeaderBlock} has it: with a CRLF that no white space follows.
 */
final class HeaderFilter {

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
     * @param body what stands behind the empty line that ends the header; empty where there is none
     */
    record Header(int removed, Optional<InputStream> body) {}

    /** Copies to the end of the message; returns how many fields it left out. */
    int copy(InputStream message, OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK];
        Header header = copyHeader(message, chunk, out);
        if (header.body().isPresent()) {
            InputStream body = header.body().get();
            // What comes first is in the chunk itself, and is moved to its beginning.
            for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
                out.write(chunk, 0, count);
            }
        }
        return header.removed();
    }

    /** Copies the header and the empty line behind it. */
    Header copyHeader(InputStream message, OutputStream out) throws IOException {
        return copyHeader(message, new byte[CHUNK], out);
    }

    /** @param chunk to read to: octet by octet from the stream would take a lock each time. The body begins in it */
    private Header copyHeader(InputStream message, byte[] chunk, OutputStream out) throws IOException {
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        int removed = 0;
        long length = 0;
        int previous = -1;
        boolean lineEnded = false;
        for (int count = message.read(chunk); count >= 0; count = message.read(chunk)) {
            int start = 0;
            for (int i = 0; i < count; i++) {
                if (lineEnded && !isWhiteSpace(chunk[i])) {
                    removed += pass(field, chunk, start, i, out);
                    start = i;
                    length = 0;
                }
                length++;
                lineEnded = chunk[i] == '\n' && previous == '\r';
                previous = chunk[i];
                if (lineEnded && length == EMPTY_LINE.length) {
                    out.write(EMPTY_LINE);
                    InputStream rest = new ByteArrayInputStream(chunk, i + 1, count - i - 1);
                    return new Header(removed, Optional.of(new SequenceInputStream(rest, message)));
                }
            }
            keep(field, chunk, start, count);
        }
        return new Header(removed + pass(field, chunk, 0, 0, out), Optional.empty());
    }

    private static boolean isWhiteSpace(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    /** One octet too many tells that a field is too long. */
    private void keep(ByteArrayOutputStream field, byte[] chunk, int start, int end) {
        field.write(chunk, start, (int) Math.min(end - start, maxFieldBytes + 1L - field.size()));
    }

    /** Writes a field if it is to stay: what was kept of it, and the rest in this chunk. Returns how many were left out. */
    private int pass(ByteArrayOutputStream kept, byte[] chunk, int start, int end, OutputStream out) throws IOException {
        if (kept.size() == 0) {
            return pass(chunk, start, end, out);
        }
        keep(kept, chunk, start, end);
        byte[] field = kept.toByteArray();
        kept.reset();
        return pass(field, 0, field.length, out);
    }

    private int pass(byte[] bytes, int start, int end, OutputStream out) throws IOException {
        if (start == end) {
            return 0;
        }
        if (end - start > maxFieldBytes || unwanted.test(HeaderField.read(bytes, start, end))) {
            return 1;
        }
        out.write(bytes, start, end - start);
        return 0;
    }
}
