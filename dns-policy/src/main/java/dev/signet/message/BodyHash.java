// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The SHA-256 of a body in one canonical form, computed while the body passes by. */
public final class BodyHash {

    private final Canonicalization canonicalization;
    private final long limit;
    private final MessageDigest sha256;
    private final BodyCanonicalizer canonicalizer;
    private long canonicalLength;
    private byte @Nullable [] digest;

    BodyHash(Canonicalization canonicalization, long limit) {
        this.canonicalization = canonicalization;
        this.limit = limit;
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        this.canonicalizer = switch (canonicalization) {
            case SIMPLE -> new SimpleBody(this::emit);
            case RELAXED -> new RelaxedBody(this::emit);
        };
    }

    /** Where a canonicalizer puts what is left of the body, as ranges of the buffers it was given. */
    interface Output {
        void accept(byte[] bytes, int offset, int length);
    }

    Canonicalization canonicalization() {
        return canonicalization;
    }

    long limit() {
        return limit;
    }

    /**
     * The hash, of at most the requested number of bytes.
     *
     * @throws IllegalStateException before the body has been read to its end
     */
    public byte[] value() {
        if (digest == null) {
            throw new IllegalStateException("the body has not been read");
        }
        return digest.clone();
    }

    /** How long the whole body is in its canonical form, in bytes, also where a limit kept a part of it from being hashed. */
    public long canonicalLength() {
        return canonicalLength;
    }

    void update(byte[] bytes, int offset, int length) {
        canonicalizer.update(bytes, offset, length);
    }

    void finish() {
        canonicalizer.finish();
        digest = sha256.digest();
    }

    private void emit(byte[] bytes, int offset, int length) {
        long room = limit - canonicalLength;
        if (room > 0) {
            sha256.update(bytes, offset, (int) Math.min(room, length));
        }
        canonicalLength += length;
    }
}
