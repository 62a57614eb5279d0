// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Header text of bytes, taken for what RFC 6532 says it is. */
public final class Utf8 {

    private Utf8() {}

    /** The Unicode text of a string of one char per byte; empty where that is not well-formed UTF-8 (RFC 3629 §3). */
    public static Optional<String> decode(String bytes) {
        if (isBelow(0x80, bytes)) {
            return Optional.of(bytes);
        }
        if (!isBelow(0x100, bytes)) {
            return Optional.empty();
        }
        try {
            ByteBuffer octets = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(octets).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The string of one char per byte that {@link #decode} takes back to this text. */
    public static String encode(String text) {
        return isBelow(0x80, text) ? text : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static boolean isBelow(int limit, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= limit) {
                return false;
            }
        }
        return true;
    }
}
