// SPDX-License-Identifier: Apache-2.0
package dev.signet.fuzz;

import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The same bytes in pieces as a network might bring them: a read gives at most so many, whatever was asked for. */
public final class Drip extends InputStream {

    private static final List<Integer> SIZES = List.of(1, 2, 3, 17, 100, 4095);

    private final byte[] bytes;
    private final int piece;
    private int position;

    /**
     * Gives these bytes once.
     *
     * @param piece the most bytes that one read gives, at least 1
     */
    public Drip(byte[] bytes, int piece) {
        this.bytes = bytes;
        this.piece = piece;
    }

    /** In one piece, and in pieces of a size that depends on the bytes. */
    public static Stream<InputStream> both(byte[] bytes) {
        int odd = SIZES.get(Math.floorMod(Arrays.hashCode(bytes), SIZES.size()));
        return Stream.of(new Drip(bytes, Integer.MAX_VALUE), new Drip(bytes, odd));
    }

    @Override
    public int read() {
        return position < bytes.length ? bytes[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (position == bytes.length) {
            return -1;
        }
        int read = Math.min(Math.min(length, piece), bytes.length - position);
        System.arraycopy(bytes, position, buffer, offset, read);
        position += read;
        return read;
    }
}
