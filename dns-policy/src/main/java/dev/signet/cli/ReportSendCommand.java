// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.sending.SendRequest;
import dev.signet.store.Database;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code signet report send}: has a running James send the aggregate reports about a day. */
@Command(
        name = "send",
        description = {
            "Has a running James send the aggregate reports about a day at once, and shows what became of each. What has been sent is not "
                    + "sent again.",
            "Exit status 0 means that James answered, also where nobody gets a report.",
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ReportSendCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Option(names = "--day", required = true, paramLabel = "YYYY-MM-DD", description = "In UTC; it has to be over.")
    private LocalDate day;

    @Option(names = "--dry-run", description = "Sends nothing: shows what would be sent, to whom, and why others would get nothing.")
    private boolean dryRun;

    @Option(names = "--wait", paramLabel = "DURATION", converter = DurationConverter.class, defaultValue = "60s",
            description = "How long to wait until James begins, and again until it has an answer; ${DEFAULT-VALUE} without it.")
    private Duration patience;

    @Mixin
    private ReportDatabase source = new ReportDatabase();

    ReportSendCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Database database = source.open(spec)) {
            SendRequest request = new SendRequest(database, day, dryRun);
            if (!await(request::taken)) {
                request.withdraw();
                return failed("no James took the request; expected one that runs with this database and reports.send = true");
            }
            if (!await(() -> request.answer().isPresent())) {
                return failed("James is still at it; what it sends is sent, and asking again shows what became of it");
            }
            Optional<List<String>> answer = request.answer();
            answer.orElse(List.of()).forEach(console.out()::println);
            return Signet.OK;
        } catch (SQLException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private int failed(String why) {
        console.err().println(spec.qualifiedName() + ": " + why);
        return Signet.FAILED;
    }

    private interface Condition {
        boolean holds() throws SQLException;
    }

    private boolean await(Condition condition) throws SQLException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(POLL);
        }
        return true;
    }
}
