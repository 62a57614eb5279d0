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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A thread that counts what is in the journal in the database, and forgets what is old. */
final class JournalCounter {

    private static final Logger LOGGER = LoggerFactory.getLogger(JournalCounter.class);
    private static final Duration BATCH = Duration.ofSeconds(1);
    // How long it tries when it is closed. A database that is down takes it as long to find out.
    private static final Duration LAST_ATTEMPTS = Duration.ofSeconds(5);

    private final Journal journal;
    private final ReportStore store;
    private final int retentionDays;
    private final InstantSource clock;
    private final Semaphore complete = new Semaphore(0);
    private final Thread thread = Thread.ofPlatform().daemon().name("signet-reports-count").unstarted(this::run);
    private volatile boolean closing;
    private volatile long closed;
    private volatile boolean behind;
    private volatile @Nullable String trouble;
    private volatile long refused;
    private LocalDate pruned = LocalDate.MIN;

    JournalCounter(Journal journal, ReportStore store, int retentionDays, InstantSource clock) {
        this.journal = journal;
        this.store = store;
        this.retentionDays = retentionDays;
        this.clock = clock;
    }

    void start() {
        thread.start();
    }

    /** There is more. */
    void hurry() {
        complete.release();
    }

    /** Whether the last round got through. */
    boolean isBehind() {
        return behind;
    }

    RecorderState state() {
        String now = trouble;
        if (now != null) {
            return new RecorderState.Behind(now);
        }
        return refused > 0
                ? new RecorderState.Refused(refused + " of " + journal.folder() + "/*" + Segment.REFUSED)
                : new RecorderState.Sound();
    }

    /** Counts what is there, where that can be done within some seconds. */
    void close() throws InterruptedException {
        closed = System.nanoTime();
        closing = true;
        hurry();
        thread.join(Duration.ofSeconds(10));
    }

    private void run() {
        boolean done = false;
        while (!done) {
            // Before the round: all that was complete by then is counted in it.
            boolean last = closing;
            try {
                round();
                if (trouble != null) {
                    trouble = null;
                    LOGGER.info("Reports are counted again");
                }
                behind = false;
                done = last;
                if (!done) {
                    complete.tryAcquire(BATCH.toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                return;
            } catch (Throwable e) {
                // An Error, too: a class that is missing among the jars must not end this without a word.
                behind = true;
                if (trouble == null) {
                    LOGGER.error("Reports cannot be counted now, they are kept in the journal", e);
                }
                trouble = String.valueOf(e);
                done = last && System.nanoTime() - closed >= LAST_ATTEMPTS.toNanos();
                if (!done) {
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

    private void round() throws SQLException, IOException {
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
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        if (today.isAfter(pruned)) {
            LocalDate first = today.minusDays(retentionDays);
            store.prune(first);
            journal.forgetSetAside(first.atStartOfDay().toInstant(ZoneOffset.UTC));
            pruned = today;
        }
        refused = journal.setAside().size();
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
}
