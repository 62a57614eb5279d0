// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.scenario.World;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.SmtpClient;
import dev.signet.store.Database;
import dev.signet.store.DatabaseSettings;
import dev.signet.store.PolicyDay;
import dev.signet.store.ReportStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** What DMARC finds is recorded by a real James 3.8, in the database that is built in. */
@Timeout(240)
class RecordingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void aJamesThatIsKilledLosesTheLastSecondAtMost() throws Exception {
        try (World world = start()) {
            world.dns().txt("_dmarc.victim.example", "v=DMARC1; p=reject; rua=mailto:reports@victim.example");
            world.dns().txt("_dmarc.wary.example", "v=DMARC1; p=quarantine; rua=mailto:reports@wary.example");
            // Takes the way through VerifyMail and ApplyDmarc; the others are refused by the hook.
            assertThat(send(world, "wary.example", 1)).containsOnly(250);
            try (ImapMailbox spam = world.openFolder("Spam")) {
                spam.await(message -> message.contains("ceo@wary.example"), PATIENCE);
            }
            assertThat(healthChecks(world)).contains("Signet reports").doesNotContain("unhealthy");

            List<Long> answered = new ArrayList<>();
            long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
            while (System.nanoTime() < end) {
                assertThat(send(world, "victim.example", 5)).containsOnly(550);
                answered.add(System.nanoTime());
            }
            long killed = System.nanoTime();
            world.james().close();
            long safe = 5 * answered.stream().filter(time -> killed - time >= Duration.ofSeconds(1).toNanos()).count();
            assertThat(safe).isPositive();

            try (JamesProcess again = JamesProcess.start(world.james().install(), "256m");
                    // While James has it open, as the command line does.
                    Database database = Database.open(DatabaseSettings.embedded(var(world).resolve("reports")))) {
                ReportStore store = new ReportStore(database);
                awaitEmptyJournal(var(world).resolve("journal"));

                Map<String, Long> counted = counted(store);
                System.out.println("Killed " + (5L * answered.size()) + " refused messages after the first: " + counted);
                assertThat(counted.keySet()).containsExactlyInAnyOrder("wary.example quarantine", "victim.example reject");
                assertThat(counted.get("wary.example quarantine")).isEqualTo(1);
                assertThat(counted.get("victim.example reject")).isBetween(safe, 5L * answered.size());
                assertThat(again.isAlive()).isTrue();
            }
        }
    }

    @Test
    void aJamesThatIsStoppedHasCountedAll() throws Exception {
        try (World world = start()) {
            world.dns().txt("_dmarc.victim.example", "v=DMARC1; p=reject; rua=mailto:reports@victim.example");
            assertThat(send(world, "victim.example", 20)).containsOnly(550);
            assertThat(world.james().stop()).isTrue();

            assertThat(var(world).resolve("journal")).isEmptyDirectory();
            try (Database database = Database.open(DatabaseSettings.embedded(var(world).resolve("reports")))) {
                assertThat(counted(new ReportStore(database))).isEqualTo(Map.of("victim.example reject", 20L));
            }
        }
    }

    private static World start() throws IOException, InterruptedException {
        return World.start(
                TestBuild.emptyDirectory("james-3.8-recording"),
                TestBuild.james38(),
                TestBuild.signetFor38(),
                RecordingIT::record,
                System.out::println);
    }

    private static void record(JamesInstall install) throws IOException {
        install.set(Map.of("reports", "true"));
        Files.copy(
                install.conf().resolve("signet-samples/healthcheck.properties"),
                install.conf().resolve("healthcheck.properties"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static String healthChecks(World world) throws IOException, InterruptedException {
        return new WebAdmin(world.ports().webAdmin()).healthChecks();
    }

    private static Path var(World world) {
        return world.james().install().directory().resolve("var/signet");
    }

    private static List<Integer> send(World world, String author, int count) throws IOException {
        List<Integer> replies = new ArrayList<>();
        try (SmtpClient smtp = SmtpClient.connectAs(world.ports().proxiedMx(), "192.0.2.66")) {
            smtp.ehlo("spoofer.example");
            for (int i = 0; i < count; i++) {
                String message = "From: ceo@" + author + "\r\nMessage-ID: <" + i + "@spoofer.example>\r\n\r\nPay at once.\r\n";
                replies.add(smtp.send(new Envelope("somebody@spoofer.example", world.user().address()), message).code());
            }
        }
        return replies;
    }

    private static void awaitEmptyJournal(Path journal) throws IOException {
        while (true) {
            try (var files = Files.list(journal)) {
                if (files.findAny().isEmpty()) {
                    return;
                }
            }
            // The time limit of the test ends this.
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** By author domain and what was done; of today and, around midnight, the day before. */
    private static Map<String, Long> counted(ReportStore store) throws SQLException {
        Map<String, Long> counted = new HashMap<>();
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        for (LocalDate day : List.of(today.minusDays(1), today)) {
            for (PolicyDay policy : store.policies(day)) {
                store.rows(policy.id()).forEachRemaining(row -> counted.merge(
                        row.observation().headerFrom() + " " + row.observation().action().word(), row.count(), Long::sum));
            }
        }
        return counted;
    }
}
