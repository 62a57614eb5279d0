// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import dev.signet.report.ReportedMessage;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Records messages without holding them up. One thread writes them to a journal on disk within a moment; another counts what is in the
 * journal in the database, a batch each second, or each five seconds where much comes.
 *
 * <p>What is promised: a process that is killed loses what came within its last second at most, and what it left is counted when the
 * next one starts. While the database is down the journal grows on disk, and is counted afterwards, in order, and once. On a full disk
 * messages are kept in memory as long as there is room, then not recorded; that is an error in the log and a
 * {@link RecorderState.Failing}, never an exception.
 */
public final class Recorder implements AutoCloseable {

    private final Losses losses;
    private final JournalCounter counter;
    private final JournalWriter writer;

    /**
     * @param folder of the journal, of this process alone; what an earlier process left there is counted
     * @param retentionDays days older than this are forgotten
     */
    public Recorder(ReportStore store, Path folder, int retentionDays, InstantSource clock, RandomGenerator random) {
        Journal journal = new Journal(folder, "%012x-%016x".formatted(clock.millis(), random.nextLong()));
        this.losses = new Losses(clock);
        this.counter = new JournalCounter(journal, store, retentionDays, clock);
        this.writer = new JournalWriter(journal, counter, losses);
    }

    /** Begins with what an earlier process left. */
    public void start() {
        writer.start();
        counter.start();
    }

    /** Takes a message and returns at once. */
    public void record(ReportedMessage message) {
        writer.offer(message);
    }

    public RecorderState state() {
        Optional<String> failure = writer.trouble().or(losses::recent);
        return failure.isPresent() ? new RecorderState.Failing(failure.get()) : counter.state();
    }

    /**
     * Writes and counts what has come, where that can be done within some seconds. What still comes is written, and counted after the next
     * start.
     */
    @Override
    public void close() {
        try {
            writer.close();
            counter.close();
        } catch (InterruptedException e) {
            // What is in the journal is counted at the next start.
            Thread.currentThread().interrupt();
        }
    }

    /** Whether nothing waits to be written; for tests that record more than there is room for. */
    boolean isIdle() {
        return writer.isIdle();
    }
}
