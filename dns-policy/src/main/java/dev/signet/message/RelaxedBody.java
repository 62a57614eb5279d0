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
    private static final long LOW7 = 0x7F7F_7F7F_7F7F_7F7FL;
    private static final long SPACES = 0x2020_2020_2020_2020L;
    private static final long TABS = 0x0909_0909_0909_0909L;
    private static final long ABOVE_SPACE = 0x5F5F_5F5F_5F5F_5F5FL;

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
     * line end. May name a place too many (a space before a control character), never one too few.
     */
    private static int nextOddity(byte[] bytes, int from, int end) {
        int i = from;
        for (; i + 9 <= end; i += 8) {
            long here = (long) LONG.get(bytes, i);
            long behind = (long) LONG.get(bytes, i + 1);
            long spaceHere = zeroBytes(here ^ SPACES);
            long blankBehind = ~(((behind & LOW7) + ABOVE_SPACE) | behind) & HIGH;
            long odd = (spaceHere & blankBehind) | zeroBytes(here ^ TABS);
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

    /** The high bit of each byte that is zero, and of no other. */
    private static long zeroBytes(long word) {
        return ~(((word & LOW7) + LOW7) | word) & HIGH;
    }

    private static boolean isSpaceOrLineEnd(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }
}
