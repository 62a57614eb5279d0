// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * What has to be known of a body before it is written anew. Goes through it once, a line at a time, and keeps no more of a line
 * than a boundary can be long.
 *
 * @param has8bit whether some byte is not ASCII
 * @param endsInLine whether the last line has no end
 * @param endsInSoftBreak whether the last line that holds something ends with {@code =} (RFC 2045 §6.7, rule 5)
 * @param pgp whether a block of inline PGP begins in it
 * @param opened whether the boundary was seen
 * @param closedAt where the line of the closing boundary begins; negative where there is none
 */
record BodyScan(boolean has8bit, boolean endsInLine, boolean endsInSoftBreak, boolean pgp, boolean opened, long closedAt) {

    // RFC 2046 §5.1.1 allows 70 characters; many take more.
    static final int MAX_BOUNDARY = 200;

    private static final int KEPT = MAX_BOUNDARY + 32;

    /** @param boundary of the multipart that this is the body of; empty for one that is none */
    static BodyScan of(InputStream body, String boundary) throws IOException {
        BufferedInputStream in = new BufferedInputStream(body, 8192);
        ByteArrayOutputStream line = new ByteArrayOutputStream(KEPT);
        boolean has8bit = false;
        boolean endsInLine = false;
        boolean soft = false;
        boolean pgp = false;
        boolean opened = false;
        long closedAt = -1;
        long lineStart = 0;
        long position = 0;
        int lastVisible = 0;
        for (int c = in.read(); ; c = in.read()) {
            if (c == '\n' || (c < 0 && position > lineStart)) {
                String start = line.toString(StandardCharsets.ISO_8859_1);
                pgp |= start.startsWith("-----BEGIN PGP") || start.startsWith("=2D----BEGIN PGP");
                opened |= isDelimiter(start, boundary, "");
                if (closedAt < 0 && isDelimiter(start, boundary, "--")) {
                    closedAt = lineStart;
                }
                endsInLine = c < 0;
                soft = lastVisible == '=';
                line.reset();
                lastVisible = 0;
                lineStart = position + 1;
            }
            if (c < 0) {
                return new BodyScan(has8bit, endsInLine, soft, pgp, opened, closedAt);
            }
            position++;
            has8bit |= c >= 0x80;
            if (c > ' ') {
                lastVisible = c;
            }
            if (c != '\n' && line.size() < KEPT) {
                line.write(c);
            }
        }
    }

    /** RFC 2046 §5.1.1: the whole line, but for white space behind it. */
    private static boolean isDelimiter(String line, String boundary, String end) {
        String delimiter = "--" + boundary + end;
        return !boundary.isEmpty() && line.startsWith(delimiter) && line.substring(delimiter.length()).isBlank() && line.length() < KEPT;
    }
}
