// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.dkim.DkimState;
import dev.signet.dmarc.DiscoveryMethod;
import dev.signet.dmarc.DmarcRecord;
import dev.signet.dns.DomainName;
import dev.signet.report.ActionTaken;
import dev.signet.report.AggregateReportWriter;
import dev.signet.report.DkimOutcome;
import dev.signet.report.Observation;
import dev.signet.report.ReportFile;
import dev.signet.report.ReportFormat;
import dev.signet.report.ReportedMessage;
import dev.signet.report.Reporter;
import dev.signet.report.SpfOutcome;
import dev.signet.spf.SpfIdentity;
import dev.signet.spf.SpfResult;
import dev.signet.store.Database;
import dev.signet.store.DatabaseSettings;
import dev.signet.store.JournalPosition;
import dev.signet.store.PolicyDay;
import dev.signet.store.ReportStore;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * A million evaluations of one day, recorded in the built-in database and made into reports, in a process of its own with 128 MB of
 * heap. The usual day: some domains send most of the mail, each from a few hosts. The worst day: no two messages share a row.
 */
final class RecordedDay {

    private static final int EVALUATIONS = 1_000_000;
    private static final int BATCH = 2000;
    private static final int DOMAINS = 5000;
    private static final String HEAP = "-Xmx128m";
    private static final Instant DAY = Instant.parse("2026-11-22T00:00:00Z");

    private RecordedDay() {}

    /** Runs both in processes of their own, which print a row each. */
    static void run() throws IOException, InterruptedException {
        System.out.println();
        System.out.println(String.format(Locale.ROOT, "%,d evaluations of one day to reports, built-in database, %s", EVALUATIONS, HEAP));
        System.out.println();
        System.out.println("| day | rows | reports | recorded, s | to reports, s |");
        System.out.println("|---|---:|---:|---:|---:|");
        for (String day : List.of("usual", "worst")) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(), HEAP,
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                            "-cp", System.getProperty("java.class.path"), RecordedDay.class.getName(), day)
                    .inheritIO()
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException("the " + day + " day failed");
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        String kind = arguments[0];
        Path folder = Files.createTempDirectory("day");
        try (Database database = Database.open(DatabaseSettings.embedded(folder.resolve("reports")))) {
            ReportStore store = new ReportStore(database);
            long start = System.nanoTime();
            Random random = new Random(1);
            List<ReportedMessage> batch = new ArrayList<>(BATCH);
            for (int i = 0; i < EVALUATIONS; i++) {
                batch.add(message(random, kind.equals("worst") ? i : random.nextInt(8)));
                if (batch.size() == BATCH) {
                    store.record(new JournalPosition("benchmark", i), batch);
                    batch.clear();
                }
            }
            double recorded = (System.nanoTime() - start) / 1e9;
            System.out.println(report(store, kind, recorded));
        }
    }

    private static String report(ReportStore store, String kind, double recorded) throws Exception {
        long start = System.nanoTime();
        AggregateReportWriter writer = new AggregateReportWriter(
                new Reporter(DomainName.of("mx.example.net"), "Receiver", "dmarc@example.net", "", "Signet"), ReportFormat.RFC9990, 10 << 20);
        long[] counts = new long[3];
        for (PolicyDay policy : store.policies(LocalDate.parse("2026-11-22"))) {
            store.close(policy.id());
            writer.write(policy.policy(), policy.day(), "", store.rows(policy.id()), file -> add(counts, file));
        }
        if (counts[0] != EVALUATIONS) {
            throw new IllegalStateException("of " + EVALUATIONS + " evaluations " + counts[0] + " are in reports");
        }
        return String.format(Locale.ROOT, "| %s | %,d | %,d | %.1f | %.1f |",
                kind, counts[1], counts[2], recorded, (System.nanoTime() - start) / 1e9);
    }

    private static void add(long[] counts, ReportFile file) {
        counts[0] += file.messages();
        counts[1] += file.rows();
        counts[2]++;
    }

    /** @param host of the sender: of few values rows are shared, of many they are not */
    private static ReportedMessage message(Random random, int host) throws UnknownHostException {
        // Half of all mail comes from one in thirty of all domains.
        int domain = (int) (DOMAINS * Math.pow(random.nextDouble(), 5));
        String name = "sender" + domain + ".example";
        boolean pass = random.nextInt(10) > 0;
        Observation observation = new Observation(
                InetAddress.getByAddress(new byte[] {10, (byte) (host >> 16), (byte) (host >> 8), (byte) host}),
                pass ? ActionTaken.PASS : ActionTaken.REJECT,
                pass,
                pass,
                List.of(),
                name,
                Optional.of("bounces." + name),
                Optional.of("example.net"),
                List.of(
                        new DkimOutcome(name, "s2026", pass ? DkimState.PASS : DkimState.FAIL, pass ? "" : "the body hash does not match"),
                        new DkimOutcome("esp.example", "key1", DkimState.PASS, "")),
                Optional.of(new SpfOutcome("bounces." + name, SpfIdentity.MAIL_FROM, pass ? SpfResult.State.PASS : SpfResult.State.FAIL, "")));
        return new ReportedMessage(
                DAY.plusSeconds(random.nextInt(86_400)),
                DomainName.of(name),
                DmarcRecord.parse("v=DMARC1; p=reject; rua=mailto:dmarc@" + name).orElseThrow(),
                DiscoveryMethod.TREEWALK,
                false,
                observation);
    }
}
