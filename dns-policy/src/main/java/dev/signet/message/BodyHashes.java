// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import java.util.ArrayList;
import java.util.List;

/**
 * The distinct body hashes that the signatures of a message ask for, each computed once, all in one pass. One message, one
 * thread.
 */
public final class BodyHashes {

    private final List<BodyHash> hashes = new ArrayList<>(2);

    /**
     * Asks for a SHA-256 of the body in a canonical form. To be called before the body is read.
     *
     * @param limit how many canonical bytes to hash (RFC 6376 §3.5, {@code l=}); {@link Long#MAX_VALUE} for all
     */
    public BodyHash request(Canonicalization canonicalization, long limit) {
        for (BodyHash hash : hashes) {
            if (hash.canonicalization() == canonicalization && hash.limit() == limit) {
                return hash;
            }
        }
        BodyHash hash = new BodyHash(canonicalization, limit);
        hashes.add(hash);
        return hash;
    }

    boolean isEmpty() {
        return hashes.isEmpty();
    }

    /** The next piece of the body, in pieces of any size. */
    public void update(byte[] bytes, int offset, int length) {
        for (BodyHash hash : hashes) {
            hash.update(bytes, offset, length);
        }
    }

    /** The body is over. */
    public void finish() {
        for (BodyHash hash : hashes) {
            hash.finish();
        }
    }
}
