// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * RFC 6376 §3.4.4: white space at line ends gone, every other run of it one space, empty lines at the end gone, and a CRLF at
 * the end of a body that is not empty.
 *
 * <p>Most of a real body is in this form already. So it is looked through eight bytes at a time for the places where it is
 * not, and what lies between them goes on as ranges of the caller's buffer, never copied.
 */
final class RelaxedBody extends BodyCanonicalizer {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH = 0x8080_8080_8080_8080L;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long TABS = 0x0909_0909_0909_0909L;
    private static final long ABOVE_SPACE = 0x2121_2121_2121_2121L;

    private static final byte[] SPACE = {' '};
    private static final byte[] CR = {'\r'};

    // What has been seen and not passed on, in this order: line ends, then white space, then a CR.
    private long heldCrlfs;
    private boolean heldSpace;
    private boolean heldCr;
    private boolean empty = true;

    RelaxedBody(BodyHash.Output output) {
        super(output);
    }

    @Override
    void update(byte[] bytes, int offset, int length) {
        int end = offset + length;
        // Before this index, every white space and line end has an ordinary byte behind it in the same piece.
        int settled = end;
        while (settled > offset && isSpaceOrLineEnd(bytes[settled - 1])) {
            settled--;
        }
        int i = offset;
        while (i < end) {
            i = hold(bytes, i, end);
            if (i < settled) {
                int next = nextOddity(bytes, i, settled);
                emit(bytes, i, next - i);
                i = next;
            } else if (i < end) {
                // A bare LF behind the last ordinary byte.
                emit(bytes, i, 1);
                i++;
            }
        }
    }

    @Override
    void finish() {
        // A CR that never met its LF is an ordinary byte.
        if (heldCr) {
            release();
        }
        if (!empty) {
            emitCrlfs(1);
        }
    }

    /** Holds back white space and line ends; returns where an ordinary byte stands, everything held before it passed on. */
    private int hold(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            byte b = bytes[i];
            if (b == '\n' && heldCr) {
                heldSpace = false;
                heldCr = false;
                heldCrlfs++;
            } else if (b == ' ' || b == '\t') {
                if (heldCr) {
                    release();
                }
                heldSpace = true;
            } else if (b == '\r') {
                if (heldCr) {
                    release();
                }
                heldCr = true;
            } else {
                release();
                return i;
            }
        }
        return end;
    }

    private void release() {
        emitCrlfs(heldCrlfs);
        heldCrlfs = 0;
        if (heldSpace) {
            emit(SPACE, 0, 1);
            heldSpace = false;
        }
        if (heldCr) {
            emit(CR, 0, 1);
            heldCr = false;
        }
        empty = false;
    }

    /**
     * The first place in {@code [from, end)} that may not stay as it is: a tab, or a space before another space, a tab or a
     * line end. May name a place too many (see {@link #odd}), never one too few, and never the ordinary byte at {@code from}.
     */
    private static int nextOddity(byte[] bytes, int from, int end) {
        int i = from;
        for (int last = end - 9; i <= last; i += 8) {
            long odd = odd((long) LONG.get(bytes, i), (long) LONG.get(bytes, i + 1));
            if (odd != 0) {
                return i + (Long.numberOfTrailingZeros(odd) >>> 3);
            }
        }
        for (; i < end; i++) {
            byte b = bytes[i];
            if (b == '\t' || (b == ' ' && i + 1 < end && bytes[i + 1] <= ' ' && bytes[i + 1] >= 0)) {
                return i;
            }
        }
        return end;
    }

    /**
     * The high bit of each of eight bytes that may not stay as it is. Each subtraction may borrow from the byte above one that
     * it found, and so find that one too: a {@code '!'} behind a space, a control character. That costs a cut, no wrong byte.
     *
     * @param here the bytes
     * @param behind the bytes one place further on
     */
    private static long odd(long here, long behind) {
        long blank = (here - ABOVE_SPACE) & ~here;
        long blankBehind = (behind - ABOVE_SPACE) & ~behind;
        // Of all bytes that are not above a space, the space alone has the bit 0x20, here moved to the place of the high bit.
        long spaceBeforeBlank = blank & (here << 2) & blankBehind;
        long tabs = here ^ TABS;
        return (spaceBeforeBlank | ((tabs - ONES) & ~tabs)) & HIGH;
    }

    private static boolean isSpaceOrLineEnd(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }
}
