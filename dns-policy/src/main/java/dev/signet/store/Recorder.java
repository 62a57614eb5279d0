// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import dev.signet.report.ReportedMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Records messages without holding them up. One thread writes them to a journal on disk within a moment; another counts what is in the
 * journal in the database, a batch each second.
 *
 * <p>What is promised: a process that is killed loses what came within its last second at most, and what it left is counted when the
 * next one starts. While the database is down the journal grows on disk, and is counted afterwards, in order, and once. On a full disk
 * messages are kept in memory as long as there is room, then not recorded; that is an error in the log and a
 * {@link RecorderState.Failing}, never an exception.
 */
public final class Recorder implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Recorder.class);

    // Messages in memory, on their way to the journal. A few kilobytes each.
    private static final int ROOM = 4096;
    // Of one write, a quarter of a megabyte or so: one that does not fit on a disk that is almost full must not keep smaller ones waiting.
    private static final int LINES = 256;
    private static final Duration TICK = Duration.ofMillis(200);
    // One write for many, and nobody who records has to wake the writer up each time.
    private static final Duration GATHER = Duration.ofMillis(50);
    private static final Duration BATCH = Duration.ofSeconds(1);

    private final ReportStore store;
    private final Journal journal;
    private final int retentionDays;
    private final InstantSource clock;
    private final BlockingQueue<ReportedMessage> queue = new ArrayBlockingQueue<>(ROOM);
    private final AtomicLong dropped = new AtomicLong();
    private final Semaphore complete = new Semaphore(0);
    private final Thread writer = daemon("signet-reports-journal", this::write);
    private final Thread counter = daemon("signet-reports-count", this::count);
    private volatile boolean closing;
    private volatile int unwritten;
    private volatile boolean behind;
    private volatile @Nullable String journalTrouble;
    private volatile @Nullable String databaseTrouble;
    private volatile long refused;
    private volatile LocalDate pruned = LocalDate.MIN;

    /**
     * @param folder of the journal, of this process alone; what an earlier process left there is counted
     * @param retentionDays days older than this are forgotten
     */
    public Recorder(ReportStore store, Path folder, int retentionDays, InstantSource clock, RandomGenerator random) {
        this.store = store;
        this.journal = new Journal(folder, "%012x-%016x".formatted(clock.millis(), random.nextLong()));
        this.retentionDays = retentionDays;
        this.clock = clock;
    }

    /** Begins with what an earlier process left. */
    public void start() {
        writer.start();
        counter.start();
    }

    /** Takes a message and returns at once. */
    public void record(ReportedMessage message) {
        if (!queue.offer(message) && dropped.getAndIncrement() == 0) {
            LOGGER.error("No room for reports any more, messages are not recorded: the journal cannot be written, {}", journalTrouble);
        }
    }

    public RecorderState state() {
        String journalNow = journalTrouble;
        String databaseNow = databaseTrouble;
        if (journalNow != null) {
            return new RecorderState.Failing(journalNow);
        }
        if (databaseNow != null) {
            return new RecorderState.Behind(databaseNow);
        }
        return refused > 0
                ? new RecorderState.Refused(refused + " of " + journal.folder() + "/*" + Segment.REFUSED)
                : new RecorderState.Sound();
    }

    /** Writes and counts what has come, where that can be done within some seconds. */
    @Override
    public void close() {
        closing = true;
        try {
            writer.join(Duration.ofSeconds(5));
            complete.release();
            counter.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            // What is in the journal is counted at the next start.
            Thread.currentThread().interrupt();
        }
    }

    /** Whether nothing waits to be written; for tests that record more than there is room for. */
    boolean isIdle() {
        return queue.isEmpty() && unwritten == 0;
    }

    private void write() {
        List<String> lines = new ArrayList<>();
        long begun = System.nanoTime();
        while (!closing || !queue.isEmpty() || (!lines.isEmpty() && journalTrouble == null)) {
            try {
                if (lines.isEmpty()) {
                    take(lines);
                } else {
                    TimeUnit.NANOSECONDS.sleep(TICK.toNanos());
                }
                append(lines);
                boolean time = System.nanoTime() - begun >= BATCH.toNanos();
                // While the database is down, few large files and not one for each second.
                if (journal.bytes() >= Journal.SEGMENT_BYTES || (time && !behind && journal.bytes() > 0)) {
                    journal.complete();
                    complete.release();
                    begun = System.nanoTime();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOGGER.error("A surprise in the journal of reports", e);
                lines.clear();
            }
        }
        journal.close();
    }

    private void take(List<String> lines) throws InterruptedException {
        ReportedMessage first = queue.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
            if (!closing && queue.size() < LINES) {
                TimeUnit.NANOSECONDS.sleep(GATHER.toNanos());
            }
            List<ReportedMessage> messages = new ArrayList<>(List.of(first));
            queue.drainTo(messages, LINES - 1);
            messages.forEach(message -> lines.add(ReportJson.write(message)));
            unwritten = lines.size();
        }
    }

    private void append(List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        try {
            journal.append(lines);
            lines.clear();
            unwritten = 0;
            if (journalTrouble != null) {
                journalTrouble = null;
                LOGGER.info("The journal of reports is written again; {} messages were not recorded", dropped.getAndSet(0));
            }
        } catch (IOException e) {
            if (journalTrouble == null) {
                LOGGER.error("The journal of reports cannot be written, mail goes on without it", e);
            }
            journalTrouble = String.valueOf(e);
        }
    }

    private void count() {
        boolean last = false;
        while (!last) {
            last = closing && !writer.isAlive();
            try {
                countSegments();
                if (databaseTrouble != null) {
                    databaseTrouble = null;
                    LOGGER.info("Reports are counted again");
                }
                behind = false;
                if (!last) {
                    complete.tryAcquire(BATCH.toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                return;
            } catch (SQLException | IOException | RuntimeException e) {
                behind = true;
                if (databaseTrouble == null) {
                    LOGGER.error("Reports cannot be counted now, they are kept in the journal", e);
                }
                databaseTrouble = String.valueOf(e);
                if (!last) {
                    pause();
                }
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(BATCH.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void countSegments() throws SQLException, IOException {
        for (Segment segment : journal.segments()) {
            List<ReportedMessage> messages = segment.read();
            try {
                store.record(segment.position(), messages);
            } catch (SQLException e) {
                if (!ReportStore.isRefusal(e)) {
                    throw e;
                }
                recordWithoutRefused(segment, messages, e);
            }
            segment.delete();
        }
        refused = journal.setAside();
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        if (today.isAfter(pruned)) {
            store.prune(today.minusDays(retentionDays));
            pruned = today;
        }
    }

    /** What the database refuses would be refused tomorrow, too, and keep everything else waiting. */
    private void recordWithoutRefused(Segment segment, List<ReportedMessage> messages, SQLException cause) throws SQLException, IOException {
        List<ReportedMessage> sound = new ArrayList<>();
        List<ReportedMessage> refusedOnes = new ArrayList<>();
        for (ReportedMessage message : messages) {
            (store.refuses(message) ? refusedOnes : sound).add(message);
        }
        // Before the others count: whatever happens in between, each is in one place.
        Path aside = segment.setAside(refusedOnes);
        store.record(segment.position(), sound);
        LOGGER.error("The database refuses {} of {} messages for good, they are set aside in {}", refusedOnes.size(), messages.size(), aside, cause);
    }

    private static Thread daemon(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name(name).unstarted(work);
    }
}
