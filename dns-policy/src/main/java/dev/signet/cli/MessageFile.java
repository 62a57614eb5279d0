// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.message.HeaderField;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A message named on the command line; {@code -} is standard input.
 *
 * <p>Mail has CRLF at its line ends (RFC 5322 §2.1), but many tools keep messages with the LF of Unix. Such a file is read
 * with CRLF for each LF, and a note says so. A file that has CRLF is mail, and read byte for byte.
 */
final class MessageFile {

    // As much of a header as can be parsed; where it is longer there is no verdict anyway.
    private static final int HEADER = 1 << 20;
    private static final byte[] CRLF = {'\r', '\n'};

    /** Opens the same bytes every time. */
    private interface Source {
        InputStream open() throws IOException;
    }

    private final String name;
    private final Source source;
    private final boolean unix;

    private MessageFile(String name, Source source) throws IOException {
        this.name = name;
        this.source = source;
        try (InputStream in = source.open()) {
            this.unix = hasUnixHeader(new BufferedInputStream(in));
        }
    }

    /**
     * Finds out what kind of file it is. Standard input is read to its end and kept in memory.
     *
     * @throws IOException if the file cannot be read
     */
    static MessageFile of(String name, Console console) throws IOException {
        MessageFile file = new MessageFile(name, sourceOf(name, console));
        if (file.unix) {
            console.err().println("note: " + file + ": found Unix line ends (LF); read as if they were those of mail (CRLF)");
        }
        return file;
    }

    private static Source sourceOf(String name, Console console) throws IOException {
        if (!name.equals("-")) {
            Path path = Path.of(name);
            return () -> Files.newInputStream(path);
        }
        byte[] bytes = console.in().readAllBytes();
        return () -> new ByteArrayInputStream(bytes);
    }

    /** The bytes of the message, from their beginning. */
    InputStream open() throws IOException {
        InputStream in = source.open();
        return unix ? new CrlfInputStream(new BufferedInputStream(in)) : in;
    }

    /** Writes the message with these fields in front. */
    void writeBehind(List<HeaderField> fields, PrintStream out) throws IOException {
        for (HeaderField field : fields) {
            out.writeBytes(field.bytes());
            out.writeBytes(CRLF);
        }
        try (InputStream in = open()) {
            in.transferTo(out);
        }
    }

    @Override
    public String toString() {
        return name.equals("-") ? "standard input" : name;
    }

    /** Whether lines end with a bare LF up to the first empty line, and none with CRLF. */
    private static boolean hasUnixHeader(InputStream in) throws IOException {
        int before = -1;
        int lines = 0;
        for (int i = 0; i < HEADER; i++) {
            int c = in.read();
            if (c < 0 || (c == '\n' && before == '\n')) {
                break;
            }
            if (c == '\n') {
                if (before == '\r') {
                    return false;
                }
                lines++;
            }
            before = c;
        }
        return lines > 0;
    }
}
