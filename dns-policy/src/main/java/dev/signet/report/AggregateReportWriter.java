// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import javax.xml.stream.XMLStreamException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/**
 * Writes aggregate reports. Rows stream through: what is kept in memory is one file, however many rows there are. Immutable.
 */
public final class AggregateReportWriter {

    /** In less there may be no room for one row with 100 signatures. */
    public static final int MIN_BYTES = 128 * 1024;

    // What ending the XML and the gzip stream takes at most.
    private static final int TAIL = 256;

    private final Reporter reporter;
    private final ReportFormat format;
    private final int maxBytes;

    /**
     * @param maxBytes of one file, compressed; a third more travels, since mail makes text of it. At least {@link #MIN_BYTES}
     * @throws IllegalArgumentException for less
     */
    public AggregateReportWriter(Reporter reporter, ReportFormat format, int maxBytes) {
        if (maxBytes < MIN_BYTES) {
            throw new IllegalArgumentException("maxBytes: found " + maxBytes + ", expected " + MIN_BYTES + " or more");
        }
        this.reporter = reporter;
        this.format = format;
        this.maxBytes = maxBytes;
    }

    /**
     * Writes the report about one policy and one day, in as many files as the bound on their size calls for. Each row is in
     * exactly one of them. The same rows in the same order make the same files.
     *
     * @param error what is wrong with the DMARC record, for its owner; empty for nothing
     * @param rows read once; without any there is no report ("There MUST be at least one record", RFC 9990 §3.1.1.2)
     * @param files takes each file as soon as it is complete
     */
    public void write(
            PublishedPolicy policy, LocalDate day, String error, Iterator<ReportRow> rows, Consumer<ReportFile> files) {
        try {
            Part part = null;
            int number = 1;
            while (rows.hasNext()) {
                ReportRow row = rows.next();
                if (part == null) {
                    part = new Part(policy, metadata(policy, day, error, number));
                }
                if (!part.add(row)) {
                    files.accept(part.end());
                    number++;
                    part = new Part(policy, metadata(policy, day, error, number));
                    part.add(row);
                }
            }
            if (part != null) {
                files.accept(part.end());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory refused a byte", e);
        } catch (XMLStreamException e) {
            throw new IllegalStateException("text that XML cannot hold has been replaced before", e);
        }
    }

    private ReportMetadata metadata(PublishedPolicy policy, LocalDate day, String error, int part) {
        Instant begin = day.atStartOfDay(ZoneOffset.UTC).toInstant();
        return new ReportMetadata(
                reporter.organization(),
                reporter.email(),
                reporter.extraContact(),
                ReportId.of(reporter.domain(), policy, day, part),
                begin,
                begin.plus(Duration.ofDays(1)).minusSeconds(1),
                error,
                reporter.generator());
    }

    /** One file in the making. */
    private final class Part {

        private final PublishedPolicy policy;
        private final ReportMetadata metadata;
        private final ByteArrayOutputStream piece = new ByteArrayOutputStream(4096);
        private final AggregateXml xml = new AggregateXml(piece, format);
        private final ByteArrayOutputStream compressed = new ByteArrayOutputStream(16 * 1024);
        private final GZIPOutputStream gzip = new GZIPOutputStream(compressed, 8192, true);
        private long pending;
        private int rows;
        private long messages;

        Part(PublishedPolicy policy, ReportMetadata metadata) throws IOException, XMLStreamException {
            this.policy = policy;
            this.metadata = metadata;
            xml.begin(metadata, policy);
            writePiece();
        }

        /** Returns false, and has added nothing, where the row might not fit any more. The first one always does. */
        boolean add(ReportRow row) throws IOException, XMLStreamException {
            xml.row(row);
            // The largest row that the bounds of ReportText allow compresses to half of MIN_BYTES, and &lt; to less.
            if (rows > 0 && !fits()) {
                // What the compressor still holds back is counted at its full size until it is flushed: about as often as
                // the free space shrinks to a tenth, so seldom that it costs no compression to speak of.
                gzip.flush();
                pending = 0;
                if (!fits()) {
                    piece.reset();
                    return false;
                }
            }
            writePiece();
            rows++;
            messages += row.count();
            return true;
        }

        private boolean fits() {
            return compressed.size() + pending + piece.size() + TAIL <= maxBytes;
        }

        private void writePiece() throws IOException {
            pending += piece.size();
            piece.writeTo(gzip);
            piece.reset();
        }

        ReportFile end() throws IOException, XMLStreamException {
            xml.end();
            writePiece();
            gzip.close();
            return new ReportFile(reporter.domain(), policy, metadata, rows, messages, compressed.toByteArray());
        }
    }
}
