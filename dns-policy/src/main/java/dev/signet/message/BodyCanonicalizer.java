// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import java.nio.charset.StandardCharsets;

/** Brings a body into a canonical form, piece by piece. The result never depends on how the pieces were cut. */
abstract sealed class BodyCanonicalizer permits SimpleBody, RelaxedBody {

    private static final byte[] CRLFS = "\r\n".repeat(512).getBytes(StandardCharsets.US_ASCII);

    private final BodyHash.Output output;

    BodyCanonicalizer(BodyHash.Output output) {
        this.output = output;
    }

    abstract void update(byte[] bytes, int offset, int length);

    abstract void finish();

    final void emit(byte[] bytes, int offset, int length) {
        if (length > 0) {
            output.accept(bytes, offset, length);
        }
    }

    /** Line ends that were held back for fear they were trailing, and were not. */
    final void emitCrlfs(long count) {
        for (long left = count; left > 0; left -= CRLFS.length / 2) {
            output.accept(CRLFS, 0, (int) Math.min(left * 2, CRLFS.length));
        }
    }
}
