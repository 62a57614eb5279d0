// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.report.ReadReport.Reason;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the report in a mail, aggregate or failure, and reads it. Which part of the mail is the report shows in its bytes: names and
 * media types in the wild say anything. A mail within the mail is not opened: its author is not the one who sent us a report.
 *
 * <p>Whatever a stranger wrote, the answer is a report or a reason. Immutable.
 */
public final class ReportMailReader {

    // A report mail has three parts at most, and some have a picture and a footer.
    private static final int MAX_PARTS = 50;
    private static final int MAX_DEPTH = 10;
    // Files that might be a report: each may take as long to read as the largest report does.
    private static final int MAX_FILES = 4;
    // Of the header of the reported message; real ones reach 60 KB.
    private static final int MAX_FIELDS_BYTES = 1 << 18;
    private static final int START = 512;
    // Of parts of these types it is said why they are no report; others must look like one.
    private static final Set<String> TYPES = Set.of(
            "application/gzip",
            "application/x-gzip",
            "application/zip",
            "application/x-zip",
            "application/x-zip-compressed",
            "application/xml",
            "text/xml");

    private static final MimeConfig MIME = new MimeConfig.Builder()
            .setMaxLineLen(-1)
            .setMaxHeaderLen(MAX_FIELDS_BYTES)
            .setMaxHeaderCount(1_000)
            .build();

    private final ReadLimits limits;
    private final AggregateReportReader aggregate;

    public ReportMailReader(ReadLimits limits) {
        this.limits = limits;
        this.aggregate = new AggregateReportReader(limits);
    }

    /**
     * Reads one mail.
     *
     * @param mail read as far as is needed, not closed
     * @throws IOException what the stream threw, never for what is in it
     */
    public MailedReport read(InputStream mail) throws IOException {
        Bounded bounded = new Bounded(mail, 2L * limits.maxFileBytes());
        try {
            return new Walk(bounded).result();
        } catch (Unusable e) {
            return unreadable(e.result());
        } catch (MimeException e) {
            return new MailedReport.Unreadable(Reason.NOT_MIME, ReportMail.line(String.valueOf(e.getMessage())));
        } catch (IOException e) {
            if (bounded.failure != null) {
                throw bounded.failure;
            }
            // Of a decoder: base64 that is none, a header over its limits.
            return new MailedReport.Unreadable(Reason.NOT_MIME, ReportMail.line(String.valueOf(e.getMessage())));
        } catch (RuntimeException | StackOverflowError surprise) {
            return new MailedReport.Unreadable(Reason.SURPRISE, ReportMail.line(surprise.toString()));
        }
    }

    private static MailedReport.Unreadable unreadable(ReadReport.Unreadable read) {
        return new MailedReport.Unreadable(read.reason(), read.detail());
    }

    /** One mail on its way through the parser. */
    private final class Walk {

        private final List<ReadReport> files = new ArrayList<>();
        private byte @Nullable [] feedback;
        private byte @Nullable [] original;

        Walk(InputStream mail) throws IOException, MimeException {
            MimeTokenStream tokens = new MimeTokenStream(MIME);
            tokens.setRecursionMode(RecursionMode.M_NO_RECURSE);
            tokens.parse(mail);
            int parts = 0;
            int depth = 0;
            for (EntityState state = tokens.getState(); state != EntityState.T_END_OF_STREAM; state = tokens.next()) {
                if (state == EntityState.T_START_MULTIPART && ++depth > MAX_DEPTH) {
                    throw new Unusable(Reason.TOO_DEEP, "more than " + MAX_DEPTH + " multiparts within each other");
                } else if (state == EntityState.T_END_MULTIPART) {
                    depth--;
                } else if (state == EntityState.T_BODY) {
                    if (++parts > MAX_PARTS) {
                        throw new Unusable(Reason.TOO_MANY_PARTS, "more than " + MAX_PARTS + " parts");
                    }
                    part(tokens.getBodyDescriptor().getMimeType().toLowerCase(Locale.ROOT), tokens.getDecodedInputStream());
                }
            }
        }

        private void part(String type, InputStream content) throws IOException {
            switch (type) {
                case "message/feedback-report" -> {
                    if (feedback != null) {
                        throw new Unusable(Reason.SEVERAL_REPORTS, "more than one message/feedback-report");
                    }
                    feedback = content.readNBytes(MAX_FIELDS_BYTES);
                }
                case "message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers" -> {
                    if (original == null) {
                        original = content.readNBytes(MAX_FIELDS_BYTES);
                    }
                }
                default -> file(type, content);
            }
        }

        private void file(String type, InputStream content) throws IOException {
            byte[] start = content.readNBytes(START);
            if (TYPES.contains(type) || mayBeReport(start)) {
                if (files.size() == MAX_FILES) {
                    throw new Unusable(Reason.TOO_MANY_PARTS, "more than " + MAX_FILES + " files that might be a report");
                }
                files.add(aggregate.read(new SequenceInputStream(new ByteArrayInputStream(start), content)));
            }
        }

        MailedReport result() throws Unusable {
            List<ReadReport.Sound> sound = files.stream()
                    .filter(ReadReport.Sound.class::isInstance)
                    .map(ReadReport.Sound.class::cast)
                    .toList();
            if (sound.size() + (feedback == null ? 0 : 1) > 1) {
                // Which of them its sender means is not ours to guess, and a mail is counted as one.
                throw new Unusable(Reason.SEVERAL_REPORTS, "more than one report in a mail");
            }
            if (feedback != null) {
                return FailureReportReader.read(feedback, Optional.ofNullable(original));
            }
            if (!sound.isEmpty()) {
                return new MailedReport.Aggregate(sound.getFirst().report(), sound.getFirst().repairs());
            }
            return switch (files.isEmpty() ? null : files.getFirst()) {
                case ReadReport.Unreadable broken -> unreadable(broken);
                case ReadReport.Sound ignored -> throw new IllegalStateException("there are none");
                case null -> throw new Unusable(Reason.NO_REPORT, "no part of the mail is a report");
            };
        }
    }

    /** Gzip, zip, or XML, whatever it is called. */
    private static boolean mayBeReport(byte[] start) {
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (text.startsWith("\u001f\u008b") || text.startsWith("PK\u0003") || text.startsWith("PK\u0005")) {
            return true;
        }
        if (text.startsWith("\u00fe\u00ff") || text.startsWith("\u00ff\u00fe")) {
            return true;
        }
        String xml = text.replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading().toLowerCase(Locale.ROOT);
        return xml.startsWith("<?xml") || xml.startsWith("<feedback") || xml.startsWith("<!doctype feedback");
    }

    /** Tells what a stream threw from what the parser throws, and ends where no mail should go on. */
    private static final class Bounded extends InputStream {

        private final InputStream in;
        private long left;
        private @Nullable IOException failure;

        Bounded(InputStream in, long max) {
            this.in = in;
            this.left = max;
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
                // As much as is asked for: Mime4j takes the beginning of what it gets for the beginning of a line, and would find
                // boundaries where the network cut the bytes.
                read = in.readNBytes(buffer, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
            left -= read;
            if (left < 0) {
                throw new Unusable(Reason.FILE_TOO_LARGE, "a mail too large for any report");
            }
            return read == 0 && length > 0 ? -1 : read;
        }
    }
}
