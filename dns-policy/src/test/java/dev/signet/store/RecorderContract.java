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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What is promised of recording, over a database that can be stopped. */
@Timeout(120)
// Waits more than it works, so beside other classes; but one test at a time, since it stops the database.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("a database that is stopped")
abstract class RecorderContract {

    private static final LocalDate DAY = LocalDate.parse("2026-11-22");

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(GeneratedMail.DAY);
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

    final ReportStore store() {
        return new ReportStore(closing(database()));
    }

    final Path journal() {
        return folder.resolve("journal");
    }

    final Recorder started(ReportStore store, Path journal) {
        return started(store, journal, now::get);
    }

    private Recorder started(ReportStore store, Path journal, InstantSource clock) {
        Recorder recorder = closing(new Recorder(store, journal, 30, clock, new Random()));
        recorder.start();
        return recorder;
    }

    final List<ReportedMessage> generated(int count) {
        return Stream.generate(mail::next).limit(count).toList();
    }

    static void await(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            // The time limit of the test ends this.
            LockSupport.parkNanos(10_000_000);
        }
    }

    static long counted(ReportStore store) throws SQLException {
        return store.policies(DAY).stream().mapToLong(PolicyDay::messages).sum();
    }

    static void assertCounted(ReportStore store, List<ReportedMessage> messages) throws SQLException {
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
    void whileTheDatabaseIsDownForAnHourNothingIsLostAndNobodyWaits() throws Exception {
        ReportStore store = store();
        Recorder recorder = started(store, journal());
        List<ReportedMessage> messages = new ArrayList<>(generated(100));
        messages.forEach(recorder::record);
        await(() -> counted(store) == 100);
        stopDatabase();

        // Five a second for an hour: larger than one file of the journal, so that it comes in several batches.
        for (int i = 0; i < 20; i++) {
            List<ReportedMessage> more = generated(900);
            more.forEach(recorder::record);
            now.updateAndGet(time -> time.plus(Duration.ofMinutes(3)));
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
    void whatTheDatabaseRefusesIsSetAsideAloneAndTold() throws Exception {
        Database database = closing(database());
        ReportStore store = new ReportStore(database);
        assertThat(store.policies(DAY)).isEmpty();
        // A database with less room than ours: what else one might refuse, nobody knows beforehand.
        database.transaction(connection -> {
            try (Statement alter = connection.createStatement()) {
                return alter.execute("alter table signet_row alter column observation set data type varchar(4000)");
            }
        });
        ReportedMessage tooLong = mail.next();
        Observation seen = tooLong.observation();
        tooLong = new ReportedMessage(tooLong.time(), tooLong.policyDomain(), tooLong.record(), tooLong.discovery(), tooLong.report(),
                new Observation(seen.source(), seen.action(), seen.dkimAligned(), seen.spfAligned(), seen.reasons(), "x".repeat(4000),
                        seen.envelopeFrom(), seen.envelopeTo(), seen.dkim(), seen.spf()));
        List<ReportedMessage> messages = generated(50).stream()
                .filter(message -> ReportJson.write(message.observation()).length() <= 4000)
                .toList();
        Recorder recorder = started(store, journal());

        messages.forEach(recorder::record);
        recorder.record(tooLong);

        await(() -> recorder.state() instanceof RecorderState.Refused && new Journal(journal(), "").segments().isEmpty());
        assertCounted(store, messages);
        Path aside;
        try (Stream<Path> files = Files.list(journal())) {
            aside = files.filter(file -> file.toString().endsWith(".refused")).toList().getFirst();
        }
        assertThat(Files.readAllLines(aside)).containsExactly(ReportJson.write(tooLong));
        assertThat(recorder.state()).isEqualTo(new RecorderState.Refused("1 of " + journal() + "/*.refused"));

        Files.delete(aside);
        await(() -> recorder.state() instanceof RecorderState.Sound);
    }

    @Test
    void whatWasSetAsideGoesWithAllElseThatIsOld() throws Exception {
        Files.createDirectories(journal());
        Path old = aside("old.journal.refused", now.get().minus(Duration.ofDays(32)));
        Path recent = aside("recent.journal.refused", now.get().minus(Duration.ofDays(29)));
        Recorder recorder = started(store(), journal());

        await(() -> recorder.state().equals(new RecorderState.Refused("1 of " + journal() + "/*.refused")));
        assertThat(old).doesNotExist();
        assertThat(recent).exists();

        now.updateAndGet(time -> time.plus(Duration.ofDays(2)));
        await(() -> recorder.state() instanceof RecorderState.Sound);
        assertThat(recent).doesNotExist();
    }

    private Path aside(String name, Instant time) throws IOException {
        Path file = Files.createFile(journal().resolve(name));
        return Files.setLastModifiedTime(file, FileTime.from(time));
    }

    @Test
    void whatThereIsNoRoomForIsAFailureThoughTheDiskIsWell() throws Exception {
        ReportStore store = store();
        Recorder recorder = closing(new Recorder(store, journal(), 30, now::get, new Random()));
        // As slow as a disk can be: nothing is written yet.
        generated(5000).forEach(recorder::record);
        assertThat(recorder.state()).isEqualTo(new RecorderState.Failing(
                "lost so far: 904, the last one at " + now.get() + ": there is no room for more in memory, the disk is too slow"));

        recorder.start();
        await(() -> counted(store) == 4096);
        assertThat(recorder.state()).isInstanceOf(RecorderState.Failing.class);
        now.updateAndGet(time -> time.plus(Duration.ofMinutes(10)));
        await(() -> recorder.state() instanceof RecorderState.Sound);
    }

    @Test
    void aMessageThatCannotBeWrittenIsLostAlone() throws Exception {
        ReportStore store = store();
        List<ReportedMessage> messages = generated(100);
        ReportedMessage any = messages.getFirst();
        Recorder recorder = closing(new Recorder(store, journal(), 30, now::get, new Random()));
        messages.subList(0, 50).forEach(recorder::record);
        recorder.record(new ReportedMessage(null, any.policyDomain(), any.record(), any.discovery(), any.report(), any.observation()));
        messages.subList(50, 100).forEach(recorder::record);
        recorder.start();

        await(() -> counted(store) == messages.size());
        assertCounted(store, messages);
        assertThat(((RecorderState.Failing) recorder.state()).why()).contains("lost so far: 1,").contains("NullPointerException");
    }

    @Test
    void whatComesAfterTheEndIsCountedAfterTheNextStart() throws Exception {
        ReportStore store = store();
        List<ReportedMessage> messages = generated(300);
        Recorder first = started(store, journal());
        messages.subList(0, 100).forEach(first::record);
        first.close();
        assertThat(counted(store)).isEqualTo(100);
        // James closes us before its own servers.
        messages.subList(100, 300).forEach(first::record);

        started(store, journal());
        await(() -> counted(store) == messages.size());
        assertCounted(store, messages);
    }

    @Test
    void anErrorEndsNoThread() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        ReportStore store = store();
        Recorder recorder = started(store, journal(), () -> {
            if (broken.get()) {
                throw new NoClassDefFoundError("as if a jar were missing");
            }
            return now.get();
        });
        broken.set(true);
        await(() -> recorder.state().equals(new RecorderState.Behind("java.lang.NoClassDefFoundError: as if a jar were missing")));

        broken.set(false);
        List<ReportedMessage> messages = generated(100);
        messages.forEach(recorder::record);
        await(() -> recorder.state() instanceof RecorderState.Sound && counted(store) == messages.size());
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
            await(() -> counted(store) >= messages.size());
            await(() -> recorder.isIdle());
            // What is lost stays a matter of health for a while.
            assertThat(((RecorderState.Failing) recorder.state()).why()).contains("lost so far: ").contains("No space left on device");
            now.updateAndGet(time -> time.plus(Duration.ofMinutes(10)));
            await(() -> recorder.state() instanceof RecorderState.Sound);
            assertThat(counted(store)).isLessThan(messages.size() + 5000L);
        }
    }
}
