// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Puts a CR before each LF that has none. */
final class CrlfInputStream extends FilterInputStream {

    private int before = -1;
    private boolean owesLf;

    /** Reads byte by byte: give it a stream with a buffer. */
    CrlfInputStream(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        if (owesLf) {
            owesLf = false;
            return '\n';
        }
        int c = in.read();
        owesLf = c == '\n' && before != '\r';
        before = c;
        return owesLf ? '\r' : c;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = 0;
        while (count < length) {
            int c = read();
            if (c < 0) {
                return count == 0 ? -1 : count;
            }
            bytes[offset + count++] = (byte) c;
        }
        return count;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
