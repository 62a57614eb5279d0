// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Sound archives and others. */
final class Archives {

    private Archives() {}

    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    static byte[] gzip(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            content.writeTo(gzip);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] gzip(byte[] content) {
        return gzip(out -> out.write(content));
    }

    /** The same content under each name. */
    static byte[] zip(Content content, String... names) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                if (!name.endsWith("/")) {
                    content.writeTo(zip);
                }
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] zip(byte[] content, String... names) {
        return zip(out -> out.write(content), names);
    }

    static byte[] cutOff(byte[] archive) {
        return Arrays.copyOf(archive, archive.length / 2);
    }

    static byte[] damaged(byte[] archive, int at) {
        byte[] damaged = archive.clone();
        damaged[at < 0 ? archive.length + at : at] ^= 0x55;
        return damaged;
    }

    /** Sets the bit that says that a zip file's entry is encrypted. */
    static byte[] encrypted(byte[] zip) {
        byte[] encrypted = zip.clone();
        encrypted[6] |= 1;
        return encrypted;
    }

    /** A report whose one text goes on for as long as is wanted. */
    static Content endless(int length) {
        return out -> {
            out.write("<feedback><report_metadata><org_name>".getBytes(StandardCharsets.US_ASCII));
            spaces(out, length);
        };
    }

    static void spaces(OutputStream out, int length) throws IOException {
        byte[] spaces = new byte[64 * 1024];
        Arrays.fill(spaces, (byte) ' ');
        for (int left = length; left > 0; left -= spaces.length) {
            out.write(spaces, 0, Math.min(left, spaces.length));
        }
    }
}
