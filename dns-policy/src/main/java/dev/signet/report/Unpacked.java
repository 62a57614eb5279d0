// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * The XML in a file, whichever of plain, gzip and zip the file is: by its first bytes, since names and media types in the wild say
 * anything. Names of entries are not looked at, so there is no path to get wrong. Reads no further than the limits.
 */
final class Unpacked extends FilterInputStream {

    // Below this a high ratio is no harm: a report of equal rows may be small and compress well.
    private static final int RATIO_COUNTS_FROM = 1 << 20;
    private static final int MAGIC = 4;

    private final ReadLimits limits;
    private final long maxByRatio;
    private long expanded;

    private Unpacked(InputStream in, int fileBytes, ReadLimits limits) {
        super(in);
        this.limits = limits;
        this.maxByRatio = Math.max(RATIO_COUNTS_FROM, (long) fileBytes * limits.maxRatio());
    }

    /** @throws Unusable for what has no XML in it */
    static InputStream of(byte[] file, ReadLimits limits) throws IOException {
        if (file.length == 0) {
            throw new Unusable(ReadReport.Reason.EMPTY, "no bytes");
        }
        InputStream bytes = new ByteArrayInputStream(file);
        if (isGzip(file, file.length)) {
            return content(new Unpacked(opened(bytes), file.length, limits), true);
        }
        if (isZip(file, file.length)) {
            return content(new Unpacked(new OnlyEntry(new ZipInputStream(bytes)), file.length, limits), true);
        }
        return content(new Unpacked(bytes, file.length, limits), false);
    }

    private static InputStream opened(InputStream bytes) throws IOException {
        try {
            return new GZIPInputStream(bytes);
        } catch (EOFException | ZipException e) {
            throw broken(e);
        }
    }

    private static InputStream content(InputStream in, boolean unpacked) throws IOException {
        PushbackInputStream content = new PushbackInputStream(in, MAGIC);
        int next = content.read();
        // White space in front of the XML declaration is an error to every parser, and all that some reports have wrong.
        boolean byteOrderMark = next == 0xEF && content.read() == 0xBB && content.read() == 0xBF;
        next = byteOrderMark ? content.read() : next;
        while (next == ' ' || next == '\t' || next == '\r' || next == '\n') {
            next = content.read();
        }
        if (next < 0) {
            throw new Unusable(ReadReport.Reason.EMPTY, "nothing but white space");
        }
        content.unread(next);
        byte[] start = new byte[MAGIC];
        int length = content.readNBytes(start, 0, MAGIC);
        content.unread(start, 0, length);
        if (unpacked && (isGzip(start, length) || isZip(start, length))) {
            throw new Unusable(ReadReport.Reason.NESTED_ARCHIVE, "an archive in an archive");
        }
        // '<' in UTF-8 and everything like it, and the marks in front of UTF-16.
        if (next != '<' && next != 0xFE && next != 0xFF) {
            throw new Unusable(ReadReport.Reason.NOT_XML, "neither XML nor gzip nor zip");
        }
        return content;
    }

    private static boolean isGzip(byte[] start, int length) {
        return length >= 2 && start[0] == 0x1F && start[1] == (byte) 0x8B;
    }

    private static boolean isZip(byte[] start, int length) {
        // A zip file of nothing begins with its end: PK 5 6.
        return length >= 4 && start[0] == 'P' && start[1] == 'K' && (start[2] == 3 || start[2] == 5);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read;
        try {
            read = super.read(buffer, offset, length);
        } catch (EOFException | ZipException e) {
            throw broken(e);
        }
        expanded += Math.max(0, read);
        if (expanded > maxByRatio) {
            throw new Unusable(ReadReport.Reason.BOMB, "grows to more than " + limits.maxRatio() + " times its size");
        }
        if (expanded > limits.maxExpandedBytes()) {
            throw new Unusable(ReadReport.Reason.EXPANDS_TOO_FAR, "more than " + limits.maxExpandedBytes() + " bytes of XML");
        }
        return read;
    }

    private static Unusable broken(IOException e) {
        return new Unusable(ReadReport.Reason.BROKEN_ARCHIVE, String.valueOf(e.getMessage()));
    }

    /** The one file of a zip file; that there is no second one shows when the first has been read to its end. */
    private static final class OnlyEntry extends FilterInputStream {

        private final ZipInputStream zip;
        private boolean ended;

        OnlyEntry(ZipInputStream zip) throws IOException {
            super(zip);
            this.zip = zip;
            try {
                if (nextFile() == null) {
                    throw new Unusable(ReadReport.Reason.NO_ENTRY, "a zip file of nothing");
                }
            } catch (EOFException | ZipException e) {
                throw broken(e);
            }
        }

        private ZipEntry nextFile() throws IOException {
            ZipEntry entry = zip.getNextEntry();
            while (entry != null && entry.isDirectory()) {
                // What a directory holds would be inflated, whatever its size, by going on to the next entry.
                if (zip.read() >= 0) {
                    throw new Unusable(ReadReport.Reason.BROKEN_ARCHIVE, "a directory with bytes in it");
                }
                entry = zip.getNextEntry();
            }
            return entry;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (ended) {
                return -1;
            }
            int read = super.read(buffer, offset, length);
            if (read < 0) {
                ended = true;
                if (nextFile() != null) {
                    throw new Unusable(ReadReport.Reason.SEVERAL_ENTRIES, "more than one file in a zip file");
                }
            }
            return read;
        }
    }
}
