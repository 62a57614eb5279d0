// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What stays the same when a message is tried again or reaches a second node: what its author wrote and who sent it, not the
 * trace fields, whose times and hosts change with each try.
 *
 * @param hex a SHA-256 in hexadecimal digits
 */
public record MessageFingerprint(String hex) {

    private static final List<String> FIELDS = List.of("From", "To", "Cc", "Subject", "Date", "Message-ID");

    /**
     * Takes the fingerprint of a message.
     *
     * @param mailFrom the address of MAIL FROM; empty for a null sender
     */
    public static MessageFingerprint of(HeaderBlock header, String mailFrom) {
        MessageDigest digest = sha256();
        // Each part with its length, so that no two messages run together to the same bytes.
        add(digest, mailFrom);
        for (String name : FIELDS) {
            List<HeaderField> fields = header.all(name);
            digest.update(ByteBuffer.allocate(4).putInt(fields.size()).flip());
            for (HeaderField field : fields) {
                add(digest, field.unfolded());
            }
        }
        return new MessageFingerprint(HexFormat.of().formatHex(digest.digest()));
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
