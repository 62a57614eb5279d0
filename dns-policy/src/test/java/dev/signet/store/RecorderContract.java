// SPDX-License-Identifier: Apache-2.0
package dev.signet.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.report.Observation;
import dev.signet.report.ReportTally;
import dev.signet.report.ReportedMessage;
import dev.signet.testing.GeneratedMail;
import dev.signet.testing.SmallDisk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What is promised of recording, over a database that can be stopped. */
@Timeout(120)
abstract class RecorderContract {

    private static final LocalDate DAY = LocalDate.parse("2026-11-22");
    private static final InstantSource CLOCK = InstantSource.fixed(GeneratedMail.DAY);

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final GeneratedMail mail = new GeneratedMail(7);

    abstract Database database();

    abstract void stopDatabase();

    abstract void startDatabase();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable thing : open.reversed()) {
            thing.close();
        }
    }

    private <T extends AutoCloseable> T closing(T thing) {
        open.add(thing);
        return thing;
    }

    private ReportStore store() {
        return new ReportStore(closing(database()));
    }

    private Path journal() {
        return folder.resolve("journal");
    }

    private Recorder started(ReportStore store, Path journal) {
        Recorder recorder = closing(new Recorder(store, journal, 30, CLOCK, new Random()));
        recorder.start();
        return recorder;
    }

    private List<ReportedMessage> generated(int count) {
        return Stream.generate(mail::next).limit(count).toList();
    }

    static void await(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            // The time limit of the test ends this.
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static long counted(ReportStore store) throws SQLException {
        return store.policies(DAY).stream().mapToLong(PolicyDay::messages).sum();
    }

    private static void assertCounted(ReportStore store, List<ReportedMessage> messages) throws SQLException {
        ReportTally tally = new ReportTally();
        messages.forEach(tally::add);
        Map<String, Map<Observation, Long>> expected = new HashMap<>();
        tally.groups().forEach(group -> group.rows().forEach(row ->
                expected.computeIfAbsent(group.policy().toString(), policy -> new HashMap<>()).put(row.observation(), row.count())));
        Map<String, Map<Observation, Long>> found = new HashMap<>();
        for (PolicyDay policy : store.policies(DAY)) {
            store.rows(policy.id()).forEachRemaining(row ->
                    found.computeIfAbsent(policy.policy().toString(), day -> new HashMap<>()).put(row.observation(), row.count()));
        }
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void whatIsRecordedIsSoonCounted() throws Exception {
        ReportStore store = store();
        Recorder recorder = started(store, journal());
        List<ReportedMessage> messages = generated(2000);
        messages.forEach(recorder::record);

        await(() -> counted(store) == messages.size());
        assertCounted(store, messages);
        assertThat(recorder.state()).isEqualTo(new RecorderState.Sound());
        await(() -> new Journal(journal(), "").segments().isEmpty());
    }

    @Test
    void whileTheDatabaseIsDownNothingIsLostAndNobodyWaits() throws Exception {
        ReportStore store = store();
        Recorder recorder = started(store, journal());
        List<ReportedMessage> messages = new ArrayList<>(generated(100));
        messages.forEach(recorder::record);
        await(() -> counted(store) == 100);
        stopDatabase();

        // Larger than one file of the journal, so that it comes in several batches.
        for (int i = 0; i < 20; i++) {
            List<ReportedMessage> more = generated(400);
            more.forEach(recorder::record);
            messages.addAll(more);
            await(() -> recorder.isIdle());
        }
        await(() -> recorder.state() instanceof RecorderState.Behind);
        assertThat(new Journal(journal(), "").segments()).hasSizeGreaterThan(1);

        startDatabase();
        await(() -> recorder.state() instanceof RecorderState.Sound && counted(store) == messages.size());
        assertCounted(store, messages);
    }

    @Test
    void whatAnEarlierProcessLeftIsCountedOnceThoughItsLastLineIsTorn() throws Exception {
        List<ReportedMessage> messages = generated(300);
        Journal left = new Journal(journal(), "%012x-%016x".formatted(1, 2));
        left.append(messages.stream().map(ReportJson::write).toList());
        left.append(List.of(ReportJson.write(mail.next()).substring(0, 60)));
        left.close();
        ReportStore store = store();
        // As if the other process had been killed between counting and deleting.
        Path file = new Journal(journal(), "").segments().getFirst().path();
        byte[] content = Files.readAllBytes(file);
        Recorder first = started(store, journal());
        await(() -> counted(store) == messages.size() && !Files.exists(file));
        first.close();
        Files.write(file, content);

        started(store, journal());

        await(() -> !Files.exists(file));
        assertCounted(store, messages);
    }

    @Test
    void aFullDiskIsAFailureOfReportsAlone() throws Exception {
        try (SmallDisk disk = SmallDisk.mount("aFullDiskIsAFailureOfReportsAlone", folder.resolve("disk"), 2)) {
            ReportStore store = store();
            Recorder recorder = started(store, disk.path().resolve("journal"));
            List<ReportedMessage> messages = new ArrayList<>(generated(100));
            messages.forEach(recorder::record);
            await(() -> counted(store) == 100);
            disk.fill();

            List<ReportedMessage> more = generated(1000);
            more.forEach(recorder::record);
            messages.addAll(more);
            await(() -> recorder.state() instanceof RecorderState.Failing);
            assertThat(((RecorderState.Failing) recorder.state()).why()).contains("No space left on device");
            // More than there is room for: taken without an exception, and let go.
            generated(5000).forEach(recorder::record);

            disk.free();
            await(() -> recorder.state() instanceof RecorderState.Sound && counted(store) >= messages.size());
            await(() -> recorder.isIdle());
            assertThat(counted(store)).isLessThan(messages.size() + 5000L);
        }
    }
}
