// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * One header field as it came: a view on the bytes of its header block, nothing unfolded, decoded or trimmed.
 *
 * <p>Strings handed out are ISO-8859-1, one char per byte, so that an index in a string is an index in the bytes.
 */
public final class HeaderField {

    // Of another value in each JVM, so that nobody can send names that all have one hash: String's own hash, which everybody can
    // compute, made 10,000 such names cost seconds.
    private static final long SEED = new SecureRandom().nextLong();
    // 2^64 over the golden ratio, odd.
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private final byte[] block;
    private final int start;
    private final int nameEnd;
    private final int bodyStart;
    private final int end;

    /**
     * @param start first byte of the name
     * @param end behind the last byte of the body, before the CRLF that ends the field
     */
    HeaderField(byte[] block, int start, int end) {
        this.block = block;
        this.start = start;
        this.end = end;
        int colon = start;
        while (colon < end && block[colon] != ':') {
            colon++;
        }
        // A line without a colon is no field. It keeps its place and its bytes, under a name that nobody asks for.
        this.bodyStart = colon < end ? colon + 1 : start;
        int lastOfName = colon < end ? colon : start;
        // RFC 5322 §4.5.3, obs-optional: white space between the name and the colon.
        while (lastOfName > start && isWsp(block[lastOfName - 1])) {
            lastOfName--;
        }
        this.nameEnd = lastOfName;
    }

    /** A field of our own making. {@code body} is what stands behind the colon, folded with CRLF as it shall be written. */
    public static HeaderField of(String name, String body) {
        byte[] bytes = (name + ":" + body).getBytes(StandardCharsets.ISO_8859_1);
        return new HeaderField(bytes, 0, bytes.length);
    }

    /**
     * One field by itself.
     *
     * @param bytes not copied; must not change while the field is in use
     * @param start first byte of its name
     * @param end behind its last byte, with or without the CRLF that ends it
     */
    public static HeaderField read(byte[] bytes, int start, int end) {
        boolean ended = end - start >= 2 && bytes[end - 2] == '\r' && bytes[end - 1] == '\n';
        return new HeaderField(bytes, start, ended ? end - 2 : end);
    }

    /** The name as written, without white space before the colon; empty where the line has no colon. */
    public String name() {
        return new String(block, start, nameEnd - start, StandardCharsets.ISO_8859_1);
    }

    /** Whether the name equals {@code name}, whatever the case of ASCII letters. */
    public boolean nameIs(String name) {
        int length = nameEnd - start;
        if (length != name.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (lower(block[start + i]) != lower((byte) name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** What stands behind the colon, with its folding and leading space, without the CRLF that ends the field. */
    public String body() {
        return new String(block, bodyStart, end - bodyStart, StandardCharsets.ISO_8859_1);
    }

    /** The body with CRLFs of folding taken out (RFC 5322 §2.2.3) and without white space at both ends. */
    public String unfolded() {
        String body = body();
        return (body.indexOf('\r') < 0 ? body : body.replace("\r\n", "")).strip();
    }

    /** The exact bytes, without the CRLF that ends the field. */
    public byte[] bytes() {
        return Arrays.copyOfRange(block, start, end);
    }

    /** How many bytes the field has, without the CRLF that ends it. */
    public int length() {
        return end - start;
    }

    /** Whether there is a CR or LF in it that is not one of a pair: no line end to us, but one to other readers. */
    public boolean hasBareLineEnd() {
        return bareLineEnd(start) < end;
    }

    /**
     * Where the next of these is, or {@link #end}.
     *
     * @param from an index in the block, within the field
     */
    int bareLineEnd(int from) {
        for (int i = from; i < end; i++) {
            byte b = block[i];
            // Most octets are neither, and all fields of all mail are read here.
            boolean bare = (b == '\r' && (i + 1 >= end || block[i + 1] != '\n')) || (b == '\n' && (i == start || block[i - 1] != '\r'));
            if (bare) {
                return i;
            }
        }
        return end;
    }

    byte[] block() {
        return block;
    }

    int start() {
        return start;
    }

    int nameEnd() {
        return nameEnd;
    }

    int bodyStart() {
        return bodyStart;
    }

    int end() {
        return end;
    }

    /** Equal for names that differ only in the case of ASCII letters. */
    int nameHash() {
        long hash = SEED;
        for (int i = start; i < nameEnd; i++) {
            hash = mixed(hash, lower(block[i]));
        }
        return Long.hashCode(hash);
    }

    /** The hash that {@link #nameHash} has for a field of this name. */
    static int hashOfName(String name) {
        long hash = SEED;
        for (int i = 0; i < name.length(); i++) {
            hash = mixed(hash, lower((byte) name.charAt(i)));
        }
        return Long.hashCode(hash);
    }

    private static long mixed(long hash, byte next) {
        long mixed = (hash ^ (next & 0xFF)) * MULTIPLIER;
        return mixed ^ (mixed >>> 32);
    }

    boolean sameName(HeaderField other) {
        int length = nameEnd - start;
        if (length != other.nameEnd - other.start) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (lower(block[start + i]) != lower(other.block[other.start + i])) {
                return false;
            }
        }
        return true;
    }

    static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b;
    }

    static boolean isWsp(byte b) {
        return b == ' ' || b == '\t';
    }

    @Override
    public String toString() {
        return new String(block, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
