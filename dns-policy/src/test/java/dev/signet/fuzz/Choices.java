// SPDX-License-Identifier: Apache-2.0
package dev.signet.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Bytes of a fuzzer as a row of decisions; zeros when they are used up. */
public final class Choices {

    private final byte[] bytes;
    private int position;

    public Choices(byte[] bytes) {
        this.bytes = bytes;
    }

    public boolean hasMore() {
        return position < bytes.length;
    }

    /** From 0 to less than {@code bound}; two bytes where one does not suffice. */
    public int below(int bound) {
        int value = next();
        return (bound > 256 ? value << 8 | next() : value) % Math.max(1, bound);
    }

    public <T> T of(List<T> list) {
        return list.get(below(list.size()));
    }

    /** Any bytes, at most 63, one char per byte. */
    public String text() {
        int length = below(64);
        int end = Math.min(bytes.length, position + length);
        String text = new String(bytes, position, end - position, StandardCharsets.ISO_8859_1);
        position = end;
        return text;
    }

    private int next() {
        return hasMore() ? bytes[position++] & 0xFF : 0;
    }
}
