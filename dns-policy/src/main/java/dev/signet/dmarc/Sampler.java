// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/**
 * Draws lots for messages. The draw is a keyed hash of the message: a retry and a second node with the same key come to the
 * same end, and no sender can compute which message will be let off. Immutable.
 */
public final class Sampler {

    private static final String MAC = "HmacSHA256";

    /** The least length of a key, in bytes. */
    public static final int MIN_KEY = 16;

    private final SecretKeySpec key;
    private final boolean honourPercent;
    private final int enforce;

    /**
     * @param key secret, at least 16 bytes, the same on all nodes and after a restart, such as that of a {@link SamplingKeyFile}
     * @param honourPercent whether pct counts, as RFC 7489 §6.6.4 has it; RFC 9989 does not know the tag any more, but records
     *     in the wild carry it
     * @param enforce this receiver's own roll-out: the share of messages, 0 to 100 percent, that any policy is applied to
     * @throws IllegalArgumentException for a short key or a share out of range
     */
    public Sampler(byte[] key, boolean honourPercent, int enforce) {
        if (key.length < MIN_KEY) {
            throw new IllegalArgumentException("sampling key: found " + key.length + " bytes, expected " + MIN_KEY + " or more");
        }
        if (enforce < 0 || enforce > 100) {
            throw new IllegalArgumentException("enforce: found " + enforce + ", expected 0 to 100");
        }
        this.key = new SecretKeySpec(key, MAC);
        this.honourPercent = honourPercent;
        this.enforce = enforce;
    }

    /** Draws no lots, hence needs no key: every message gets the whole policy, as RFC 9989 knows it and tools show it. */
    public static Sampler withoutLots() {
        return new Sampler(new byte[MIN_KEY], false, 100);
    }

    /** Whether the message is in the share that the record's pct asks the policy for. */
    boolean isInSample(DmarcRecord record, MessageFingerprint message) {
        return !honourPercent || draw("pct", message) < record.percent();
    }

    /** Whether the message is in the share that this receiver enforces policies on. */
    boolean isRolledOut(MessageFingerprint message) {
        return draw("enforce", message) < enforce;
    }

    /** This receiver's own share, in percent. */
    int enforce() {
        return enforce;
    }

    // From 0 up to, but not including, 100. Each purpose draws for itself: pct=50 under enforce=50 is a quarter of all messages.
    private double draw(String purpose, MessageFingerprint message) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            mac.update(purpose.getBytes(StandardCharsets.US_ASCII));
            mac.update((byte) 0);
            byte[] hash = mac.doFinal(message.hex().getBytes(StandardCharsets.US_ASCII));
            return (ByteBuffer.wrap(hash).getLong() >>> 11) * 0x1p-53 * 100;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + MAC, e);
        }
    }
}
