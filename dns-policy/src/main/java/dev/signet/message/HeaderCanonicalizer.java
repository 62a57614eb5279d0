// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/** Header fields in a canonical form, written one behind the other as a signature covers them. */
public final class HeaderCanonicalizer {

    private final Canonicalization form;
    private byte[] out;
    private int size;

    /** Where the canonical bytes go: {@code Signature.update} and {@code MessageDigest.update} fit. */
    @FunctionalInterface
    public interface Sink<E extends Exception> {
        void update(byte[] bytes, int offset, int length) throws E;
    }

    /** @param sizeHint how many bytes are expected; only a hint */
    public HeaderCanonicalizer(Canonicalization form, int sizeHint) {
        this.form = form;
        this.out = new byte[Math.max(64, sizeHint)];
    }

    /**
     * What a signature covers: some fields, and behind them its own without the value of {@code b=} (RFC 6376 §3.7).
     *
     * @param signature the signature's field, whose {@link HeaderField#body} {@code tags} was parsed from
     */
    public static HeaderCanonicalizer signed(Canonicalization form, List<HeaderField> fields, HeaderField signature, TagList tags) {
        int size = signature.length() - cut(tags.tag("b"));
        for (HeaderField field : fields) {
            // Neither form makes a field longer.
            size += field.length() + 2;
        }
        HeaderCanonicalizer signed = new HeaderCanonicalizer(form, size);
        for (HeaderField field : fields) {
            signed.add(field);
        }
        return signed.addSignature(signature, tags);
    }

    /** How many bytes all that was added takes. */
    public int size() {
        return size;
    }

    /** Forgets what was added beyond the first {@code length} bytes: several signatures may cover the same beginning. */
    public void truncate(int length) {
        if (length < 0 || length > size) {
            throw new IllegalArgumentException("length: found " + length + ", expected 0 to " + size);
        }
        size = length;
    }

    /** Adds a field with the CRLF that ends it. */
    public HeaderCanonicalizer add(HeaderField field) {
        append(field, -1, -1);
        crlf();
        return this;
    }

    /**
     * Adds a signature's own field: with the value of its {@code b=} tag taken out, and without the CRLF at its end (RFC 6376
     * §3.7).
     *
     * @param field the signature's field, whose {@link HeaderField#body} {@code tags} was parsed from
     */
    public HeaderCanonicalizer addSignature(HeaderField field, TagList tags) {
        TagList.Tag b = tags.tag("b");
        append(field, b == null ? -1 : field.bodyStart() + b.valueStart(), b == null ? -1 : field.bodyStart() + b.valueEnd());
        return this;
    }

    private static int cut(TagList.@Nullable Tag b) {
        return b == null ? 0 : b.valueEnd() - b.valueStart();
    }

    /** Hands over all that was added. */
    public <E extends Exception> void writeTo(Sink<E> sink) throws E {
        sink.update(out, 0, size);
    }

    /** A copy of all that was added. */
    public byte[] toByteArray() {
        return Arrays.copyOf(out, size);
    }

    private void append(HeaderField field, int cutFrom, int cutTo) {
        switch (form) {
            case SIMPLE -> simple(field, cutFrom, cutTo);
            case RELAXED -> relaxed(field, cutFrom, cutTo);
        }
    }

    // RFC 6376 §3.4.1: "does not change header fields in any way".
    private void simple(HeaderField field, int cutFrom, int cutTo) {
        if (cutFrom < 0) {
            copy(field.block(), field.start(), field.end());
        } else {
            copy(field.block(), field.start(), cutFrom);
            copy(field.block(), cutTo, field.end());
        }
    }

    // RFC 6376 §3.4.2: name in lower case, unfolded, white space runs one space, none at the end nor around the colon.
    private void relaxed(HeaderField field, int cutFrom, int cutTo) {
        byte[] bytes = field.block();
        reserve(field.length() - (cutTo - cutFrom));
        for (int i = field.start(); i < field.nameEnd(); i++) {
            out[size++] = HeaderField.lower(bytes[i]);
        }
        if (field.bodyStart() > field.start()) {
            out[size++] = ':';
        }
        int start = size;
        if (cutFrom < 0) {
            relaxed(bytes, field.bodyStart(), field.end(), start, false);
        } else {
            boolean space = relaxed(bytes, field.bodyStart(), cutFrom, start, false);
            relaxed(bytes, cutTo, field.end(), start, space);
        }
    }

    /**
     * A part of a body.
     *
     * @param start where the whole body begins in {@link #out}
     * @param pending whether there was white space before this part
     * @return whether there is at its end
     */
    private boolean relaxed(byte[] bytes, int from, int to, int start, boolean pending) {
        byte[] target = out;
        int at = size;
        boolean space = pending;
        int i = from;
        while (i < to) {
            byte b = bytes[i];
            if (HeaderField.isWsp(b)) {
                space = true;
                i++;
            } else if (b == '\r' && i + 1 < to && bytes[i + 1] == '\n') {
                i += 2;
            } else {
                if (space && at > start) {
                    target[at++] = ' ';
                }
                space = false;
                target[at++] = b;
                i++;
                // The rest of the word, without a look at what only control characters could be.
                while (i < to && (bytes[i] > ' ' || bytes[i] < 0)) {
                    target[at++] = bytes[i++];
                }
            }
        }
        size = at;
        return space;
    }

    private void crlf() {
        reserve(2);
        out[size++] = '\r';
        out[size++] = '\n';
    }

    private void copy(byte[] bytes, int from, int to) {
        reserve(to - from);
        System.arraycopy(bytes, from, out, size, to - from);
        size += to - from;
    }

    private void reserve(int more) {
        if (out.length - size < more) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, size + more));
        }
    }
}
