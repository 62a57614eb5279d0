// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.scenario.World;
import dev.signet.store.Database;
import dev.signet.store.DatabaseSettings;
import dev.signet.store.PolicyDay;
import dev.signet.store.ReportStore;
import dev.signet.testing.PostgresServer;
import dev.signet.testing.SmallDisk;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A whole James 3.8 under load while what records DMARC results fails: mail does not notice, the health check does, and in the end each
 * message, accepted or refused, is in the store once.
 */
@Timeout(240)
class StoreFaultsIT {

    private static final int CLIENTS = 20;
    private static final int MESSAGES = 100;

    @TempDir
    private static Path folder;

    private static PostgresServer postgres;
    private static SmallDisk disk;
    private static World world;
    private static Database database;

    @BeforeAll
    static void start() throws Exception {
        postgres = PostgresServer.start("StoreFaultsIT");
        disk = SmallDisk.mount("StoreFaultsIT", Files.createDirectories(folder.resolve("disk")), 16);
        String url = postgres.newDatabase();
        // More patient than James, who is told to fail soon.
        database = Database.open(new DatabaseSettings(url, postgres.user(), "", 4, Duration.ofSeconds(60)));
        world = World.start(
                TestBuild.emptyDirectory("james-3.8-store-faults"),
                TestBuild.james38(),
                TestBuild.signetFor38(),
                install -> record(install, url),
                System.out::println);
    }

    @AfterAll
    static void stop() throws Exception {
        // The reverse of the order above, as far as it came.
        for (AutoCloseable each : Stream.of(world, database, disk, postgres).filter(each -> each != null).toList()) {
            each.close();
        }
    }

    private static void record(JamesInstall install, String url) throws IOException {
        install.set(Map.of(
                "reports", "true",
                "reports.database", url,
                "reports.user", postgres.user(),
                "reports.journal", "file://" + journal()));
        Files.copy(
                install.conf().resolve("signet-samples/healthcheck.properties"),
                install.conf().resolve("healthcheck.properties"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path journal() {
        return disk.path().resolve("journal");
    }

    /** One message in four is forged, and refused for that. */
    private static Load load(String kind) throws Exception {
        world.dns().txt("_dmarc." + kind + ".example", "v=DMARC1; p=none; rua=mailto:r@" + kind + ".example");
        world.dns().txt("_dmarc." + kind + "-forged.example", "v=DMARC1; p=reject; rua=mailto:r@" + kind + "-forged.example");
        return Load.begin(world.ports(), kind, CLIENTS, number -> "From: a@" + kind
                + (number % 4 == 3 ? "-forged" : "") + ".example\r\n" + Load.id(number) + "\r\nText.\r\n");
    }

    @Test
    void aDatabaseThatGoesAndComesBackCostsNoMailAndNoRecord() throws Exception {
        try (Load load = load("outage")) {
            load.await(MESSAGES);
            await(() -> health().equals("healthy"));
            postgres.stop();
            await(() -> health().equals("degraded"));
            // Answered while it is gone: a load that had to wait for it would not come to the next line.
            load.await(MESSAGES);
            assertThat(health()).isEqualTo("degraded");
            postgres.start();
            load.await(MESSAGES);
            load.end();

            assertDeliveredAndRecorded("outage", load);
        }
    }

    @Test
    void aFullDiskUnderTheJournalCostsNoMailAndIsToldAndMended() throws Exception {
        try (Load load = load("full")) {
            load.await(MESSAGES);
            fill();
            load.await(MESSAGES);
            fill();
            assertThat(Files.readString(world.james().install().log()))
                    .contains("The journal of reports cannot be written, mail goes on without it")
                    // What was recorded meanwhile found room in memory.
                    .doesNotContain("No room for reports any more");
            disk.free();
            load.await(MESSAGES);
            load.end();

            assertDeliveredAndRecorded("full", load);
        }
    }

    /** Until there is no room to write: what is counted meanwhile leaves some. */
    private static void fill() throws Exception {
        await(() -> {
            disk.fill();
            return health().equals("unhealthy");
        });
    }

    private static void assertDeliveredAndRecorded(String kind, Load load) throws Exception {
        assertThat(load.replies(250) + load.replies(550)).isEqualTo(load.messages());
        int delivered = load.delivered().size();
        System.out.println(kind + ": " + delivered + " messages delivered, " + load.replies(550) + " refused, slowest reply after "
                + load.slowest().toMillis() + " ms");
        ReportStore store = new ReportStore(database);
        await(() -> counted(store).getOrDefault(kind + ".example", 0L) + counted(store).getOrDefault(kind + "-forged.example", 0L)
                >= load.messages());
        await(() -> health().equals("healthy") && isEmpty(journal()));
        assertThat(counted(store))
                .containsEntry(kind + ".example", load.replies(250))
                .containsEntry(kind + "-forged.example", load.replies(550));
    }

    private static String health() throws IOException, InterruptedException {
        return new WebAdmin(world.ports().webAdmin()).health("Signet reports");
    }

    /** By author domain; of today and, around midnight, the day before. */
    private static Map<String, Long> counted(ReportStore store) throws SQLException {
        Map<String, Long> counted = new HashMap<>();
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        for (LocalDate day : List.of(today.minusDays(1), today)) {
            for (PolicyDay policy : store.policies(day)) {
                store.rows(policy.id()).forEachRemaining(row -> counted.merge(row.observation().headerFrom(), row.count(), Long::sum));
            }
        }
        return counted;
    }

    private static boolean isEmpty(Path journal) throws IOException {
        try (Stream<Path> files = Files.list(journal)) {
            return files.findAny().isEmpty();
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            // The time limit of the test ends this.
            LockSupport.parkNanos(20_000_000);
        }
    }
}
