// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is not counted yet, on disk: lines, in files that each become one batch. What {@link #append} has written outlives a killed
 * process. A journal is of one process; files that an earlier one left are batches like any other.
 *
 * <p>One thread writes; another may ask for {@link #segments}.
 */
final class Journal implements AutoCloseable {

    /** At least this much makes a file complete. */
    static final int SEGMENT_BYTES = 1 << 20;

    private final Path folder;
    private final String id;
    private @Nullable FileChannel channel;
    private long position;
    private long bytes;
    private volatile String current = "";

    /**
     * @param folder is made where it is missing
     * @param id 12 hexadecimal digits that grow with time, a hyphen, 16 at random: see {@link Segment}
     */
    Journal(Path folder, String id) {
        this.folder = folder;
        this.id = id;
    }

    /**
     * Writes all these lines, or none of them.
     *
     * @throws IOException where the disk is full, say; the same lines may be tried again
     */
    void append(List<String> lines) throws IOException {
        ByteBuffer text = ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII));
        try {
            FileChannel open = open();
            while (text.hasRemaining()) {
                open.write(text);
            }
            bytes += text.limit();
        } catch (IOException e) {
            takeBack(e);
            throw e;
        }
    }

    private FileChannel open() throws IOException {
        if (channel == null) {
            if (position == 0 || !Files.exists(folder)) {
                PrivateFolder.make(folder, file -> Segment.of(file).isPresent() || file.toString().endsWith(Segment.REFUSED));
            }
            String name = Segment.name(new JournalPosition(id, position + 1));
            current = name;
            channel = FileChannel.open(folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            position++;
        }
        return channel;
    }

    /** Half a line must not stay: the next one would be lost with it. */
    private void takeBack(IOException cause) {
        try {
            if (channel != null) {
                channel.truncate(bytes);
                channel.position(bytes);
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
            complete();
        }
    }

    /** Bytes of the file that is being written. */
    long bytes() {
        return bytes;
    }

    /** Makes a batch of what was written so far, if anything was. */
    void complete() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // What was written is written: nothing is buffered on this side.
        }
        channel = null;
        bytes = 0;
        current = "";
    }

    /** Complete batches in the order in which they were written; those of earlier processes come first. */
    List<Segment> segments() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.flatMap(path -> Segment.of(path).stream())
                    // Set before the file is there: what is on the list and is not current is complete.
                    .filter(segment -> !segment.path().getFileName().toString().equals(current))
                    .sorted(Comparator.comparing(segment -> segment.path().getFileName().toString()))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Files of messages that the database refused. */
    List<Path> setAside() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(path -> path.getFileName().toString().endsWith(Segment.REFUSED)).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Deletes what was set aside before. */
    void forgetSetAside(Instant before) throws IOException {
        for (Path file : setAside()) {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                Files.deleteIfExists(file);
            }
        }
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        complete();
    }
}
