// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

/** RFC 6376 §3.4.3: the body as it is, but with exactly one CRLF at its end instead of any number, none included. */
final class SimpleBody extends BodyCanonicalizer {

    private static final byte[] CR = {'\r'};

    private long heldCrlfs;
    private boolean heldCr;

    SimpleBody(BodyHash.Output output) {
        super(output);
    }

    @Override
    void update(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int i = skipLineEnds(bytes, offset, end);
        if (i == end) {
            return;
        }
        release();
        // What is held back at the end of this piece: its trailing CRLFs, and a CR whose LF may be in the next piece.
        int last = end;
        if (bytes[last - 1] == '\r') {
            last--;
            heldCr = true;
        }
        while (last - i >= 2 && bytes[last - 1] == '\n' && bytes[last - 2] == '\r') {
            last -= 2;
            heldCrlfs++;
        }
        emit(bytes, i, last - i);
    }

    /** Takes CRLFs (and a last CR) off the front as long as nothing else has come; returns where something else begins. */
    private int skipLineEnds(byte[] bytes, int offset, int end) {
        int i = offset;
        while (i < end) {
            if (heldCr && bytes[i] == '\n') {
                heldCr = false;
                heldCrlfs++;
            } else if (!heldCr && bytes[i] == '\r') {
                heldCr = true;
            } else {
                return i;
            }
            i++;
        }
        return i;
    }

    private void release() {
        emitCrlfs(heldCrlfs);
        heldCrlfs = 0;
        if (heldCr) {
            emit(CR, 0, 1);
            heldCr = false;
        }
    }

    @Override
    void finish() {
        if (heldCr) {
            release();
        }
        // §3.4.3: a body without a final CRLF gets one, and so does an empty one.
        emitCrlfs(1);
    }
}
