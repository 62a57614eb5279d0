// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import dev.signet.report.ReportedMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** A thread that writes what is recorded to the journal within a moment. */
final class JournalWriter {

    private static final Logger LOGGER = LoggerFactory.getLogger(JournalWriter.class);

    // Messages in memory, on their way to the journal. A few kilobytes each.
    private static final int ROOM = 4096;
    // Of one write, a quarter of a megabyte or so: one that does not fit on a disk that is almost full must not keep smaller ones waiting.
    private static final int LINES = 256;
    private static final Duration TICK = Duration.ofMillis(200);
    // One write for many, and nobody who records has to wake the writer up each time.
    private static final Duration GATHER = Duration.ofMillis(50);
    private static final Duration BATCH = Duration.ofSeconds(1);
    // Of much mail a larger batch costs little more: messages share rows, and each policy has its statements once.
    private static final Duration LARGE_BATCH = Duration.ofSeconds(5);
    private static final int LARGE_BYTES = 1 << 16;

    private final Journal journal;
    private final JournalCounter counter;
    private final Losses losses;
    private final BlockingQueue<ReportedMessage> queue = new ArrayBlockingQueue<>(ROOM);
    private final Thread thread = Thread.ofPlatform().daemon().name("signet-reports-journal").unstarted(this::run);
    private volatile boolean closing;
    private volatile boolean ended;
    private volatile int unwritten;
    private volatile @Nullable String trouble;

    /** @param counter is told of each complete file */
    JournalWriter(Journal journal, JournalCounter counter, Losses losses) {
        this.journal = journal;
        this.counter = counter;
        this.losses = losses;
    }

    void start() {
        thread.start();
    }

    /** Returns at once. */
    void offer(ReportedMessage message) {
        if (!queue.offer(message)) {
            losses.add(1, "there is no room for more in memory, " + trouble().orElse("the disk is too slow"));
        } else if (ended) {
            writeTheRest();
        }
    }

    /** Why nothing can be written, if so. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    boolean isIdle() {
        return queue.isEmpty() && unwritten == 0;
    }

    /** Writes what has come, where that can be done within some seconds. */
    void close() throws InterruptedException {
        closing = true;
        thread.join(Duration.ofSeconds(5));
    }

    private void run() {
        List<String> lines = new ArrayList<>();
        long begun = System.nanoTime();
        while (!closing || !queue.isEmpty() || (!lines.isEmpty() && trouble == null)) {
            try {
                if (lines.isEmpty()) {
                    take(lines);
                } else {
                    TimeUnit.NANOSECONDS.sleep(TICK.toNanos());
                }
                append(lines);
                Duration batch = journal.bytes() < LARGE_BYTES ? BATCH : LARGE_BATCH;
                boolean time = System.nanoTime() - begun >= batch.toNanos();
                // While the database is down, few large files and not one for each second.
                if (journal.bytes() >= Journal.SEGMENT_BYTES || (time && !counter.isBehind() && journal.bytes() > 0)) {
                    journal.complete();
                    counter.hurry();
                    begun = System.nanoTime();
                }
            } catch (InterruptedException e) {
                break;
            } catch (Throwable surprise) {
                // An Error, too: a class that is missing among the jars must not end this without a word.
                LOGGER.error("A surprise in the journal of reports", surprise);
                losses.add(lines.size(), String.valueOf(surprise));
                lines.clear();
            }
        }
        journal.complete();
        ended = true;
        writeTheRest();
    }

    /** What comes after the end, while James takes its servers down, is written by whoever brings it, and counted after the next start. */
    private synchronized void writeTheRest() {
        List<ReportedMessage> messages = new ArrayList<>();
        queue.drainTo(messages);
        append(lines(messages));
    }

    private void take(List<String> lines) throws InterruptedException {
        ReportedMessage first = queue.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
            if (!closing && queue.size() < LINES) {
                TimeUnit.NANOSECONDS.sleep(GATHER.toNanos());
            }
            List<ReportedMessage> messages = new ArrayList<>(List.of(first));
            queue.drainTo(messages, LINES - 1);
            lines.addAll(lines(messages));
            unwritten = lines.size();
        }
    }

    private List<String> lines(List<ReportedMessage> messages) {
        List<String> lines = new ArrayList<>(messages.size());
        for (ReportedMessage message : messages) {
            try {
                lines.add(ReportJson.write(message));
            } catch (Throwable surprise) {
                // This one alone.
                losses.add(1, String.valueOf(surprise));
            }
        }
        return lines;
    }

    private void append(List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        try {
            journal.append(lines);
            lines.clear();
            unwritten = 0;
            if (trouble != null) {
                trouble = null;
                LOGGER.info("The journal of reports is written again");
            }
            if (queue.isEmpty()) {
                losses.end();
            }
        } catch (IOException e) {
            if (trouble == null) {
                LOGGER.error("The journal of reports cannot be written, mail goes on without it", e);
            }
            trouble = String.valueOf(e);
        }
    }
}
