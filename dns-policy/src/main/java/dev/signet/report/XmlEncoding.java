// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes characters of XML's bytes (XML 1.0 §4.3.3 and Appendix F). The JDK's parser could, but prints each byte that it dislikes to
 * the standard error stream.
 */
final class XmlEncoding {

    // Longer than any declaration.
    private static final int DECLARATION = 256;
    private static final Pattern ENCODING =
            Pattern.compile("^<\\?xml[^>]{1,100}encoding\\s*=\\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,40})[\"']");

    private XmlEncoding() {}

    /**
     * Characters; bytes that are none throw a {@link java.nio.charset.CharacterCodingException} when they are read.
     *
     * @param xml beginning with {@code <}, or with the byte order mark of UTF-16
     * @throws Unusable for an encoding that nobody knows
     */
    static Reader decode(InputStream xml) throws IOException {
        BufferedInputStream bytes = new BufferedInputStream(xml);
        bytes.mark(DECLARATION);
        byte[] start = bytes.readNBytes(DECLARATION);
        bytes.reset();
        return new InputStreamReader(
                bytes,
                charset(start)
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    private static Charset charset(byte[] start) throws Unusable {
        if (start[0] != '<') {
            return StandardCharsets.UTF_16;
        }
        Matcher declared = ENCODING.matcher(new String(start, StandardCharsets.ISO_8859_1));
        if (!declared.find()) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(declared.group(1));
        } catch (UnsupportedCharsetException e) {
            throw new Unusable(ReadReport.Reason.NOT_XML, "unknown encoding " + declared.group(1));
        }
    }
}
