// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Makes every CR and LF that stands alone a CRLF, as the stream does through which {@code RemoteDelivery} writes to the next server
 * ({@code CRLFOutputStream} of Jakarta Mail). What has none of them passes byte for byte.
 */
final class LineEnds extends FilterOutputStream {

    private boolean afterCr;

    LineEnds(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    /** In as few pieces as it can. */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int start = offset;
        for (int i = offset; i < offset + length; i++) {
            boolean lf = bytes[i] == '\n';
            if (lf != afterCr) {
                out.write(bytes, start, i - start);
                out.write(lf ? '\r' : '\n');
                start = i;
            }
            afterCr = bytes[i] == '\r';
        }
        out.write(bytes, start, offset + length - start);
    }

    @Override
    public void close() throws IOException {
        if (afterCr) {
            afterCr = false;
            out.write('\n');
        }
        super.close();
    }
}
