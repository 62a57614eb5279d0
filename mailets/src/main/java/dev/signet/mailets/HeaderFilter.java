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
        BufferedInputStream in = new BufferedInputStream(message, 8192);
        Header header = copyHeader(in, out);
        in.transferTo(out);
        return header.removed();
    }

    /** Copies the header and the empty line behind it. What is read next is the body. */
    Header copyHeader(BufferedInputStream in, OutputStream out) throws IOException {
        ByteArrayOutputStream field = new ByteArrayOutputStream(512);
        int removed = 0;
        while (true) {
            field.reset();
            boolean whole = readField(in, field);
            if (field.size() == 0) {
                return new Header(removed, false);
            }
            byte[] bytes = field.toByteArray();
            if (isEmptyLine(bytes)) {
                out.write(bytes);
                return new Header(removed, true);
            }
            HeaderField parsed = whole ? parse(bytes) : null;
            if (parsed == null || unwanted.test(parsed)) {
                removed++;
            } else {
                out.write(bytes);
            }
        }
    }

    /** Reads one field with its last CRLF, or the empty line, or nothing at the end; false if the field was too long to keep. */
    private boolean readField(BufferedInputStream in, ByteArrayOutputStream field) throws IOException {
        boolean whole = true;
        int previous = -1;
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (field.size() < maxFieldBytes) {
                field.write(c);
            } else {
                whole = false;
            }
            if (c == '\n' && previous == '\r' && (field.size() == 2 || !isFolded(in))) {
                return whole;
            }
            previous = c;
        }
        return whole;
    }

    private static boolean isFolded(BufferedInputStream in) throws IOException {
        in.mark(1);
        int next = in.read();
        in.reset();
        return next == ' ' || next == '\t';
    }

    private static boolean isEmptyLine(byte[] bytes) {
        return bytes.length == 2 && bytes[0] == '\r' && bytes[1] == '\n';
    }

    private static @Nullable HeaderField parse(byte[] bytes) {
        HeaderBlock block = HeaderBlock.parse(bytes, bytes.length, ONE_FIELD);
        return block.fields().isEmpty() ? null : block.fields().getFirst();
    }
}
