// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import com.google.common.base.Splitter;
import dev.signet.report.ReportedMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of the journal that nobody writes any more: one batch. Its name says what it is, so that it counts once however often it is
 * read.
 */
record Segment(Path path, JournalPosition position) {

    /** The ending of what was {@linkplain #setAside set aside}. */
    static final String REFUSED = ".refused";

    private static final Logger LOGGER = LoggerFactory.getLogger(Segment.class);
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{12}-[0-9a-f]{16})-([0-9]{12})\\.journal");

    /** Names sort by time: of the process, then within it. */
    static String name(JournalPosition position) {
        return "%s-%012d.journal".formatted(position.journal(), position.position());
    }

    static Optional<Segment> of(Path path) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        return name.matches()
                ? Optional.of(new Segment(path, new JournalPosition(name.group(1), Long.parseLong(name.group(2)))))
                : Optional.empty();
    }

    /** A line that is none, cut off where the process was killed or the disk was full, is left out and logged. */
    List<ReportedMessage> read() throws IOException {
        List<ReportedMessage> messages = new ArrayList<>();
        // Not readAllLines: whatever a torn file holds, bytes are characters here, and what is sound is ASCII.
        String lines = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
        for (String line : Splitter.on('\n').omitEmptyStrings().split(lines)) {
            try {
                messages.add(ReportJson.readMessage(line));
            } catch (RuntimeException torn) {
                LOGGER.warn("{}: a line of {} characters is left out: {}", path, line.length(), torn.getMessage());
            }
        }
        return messages;
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
    }

    /** Writes these of its messages to a file of their own, for somebody to look at; nothing reads it any more. */
    Path setAside(List<ReportedMessage> messages) throws IOException {
        Path aside = path.resolveSibling(path.getFileName() + REFUSED);
        Files.write(aside, messages.stream().map(ReportJson::write).toList(), StandardCharsets.US_ASCII);
        return aside;
    }
}
