// SPDX-License-Identifier: Apache-2.0
package dev.signet.demo;

import dev.signet.james.DropIn;
import dev.signet.scenario.MailingLists;
import dev.signet.scenario.Outcome;
import dev.signet.scenario.Scenario;
import dev.signet.scenario.ScenarioRunner;
import dev.signet.scenario.Scenarios;
import dev.signet.scenario.World;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts a real James with Signet in it, sends it mail over SMTP and shows what each message got.
 *
 * <p>Arguments: the directory to lay James out in, the directory with the jars of James 3.8, the zip of Signet for James 3.8,
 * and {@code true} to keep everything running afterwards. Ends with status 0 only if each message met its expected fate.
 */
public final class Demonstration {

    private final PrintStream out;
    private final long begin = System.nanoTime();

    private Demonstration(PrintStream out) {
        this.out = out;
    }

    /** See the class. */
    public static void main(String[] args) throws Exception {
        boolean allWell =
                new Demonstration(System.out).run(Path.of(args[0]), Path.of(args[1]), new DropIn(Path.of(args[2])), Boolean.parseBoolean(args[3]));
        System.exit(allWell ? 0 : 1);
    }

    private boolean run(Path directory, Path libraries, DropIn signet, boolean keep) throws Exception {
        try (World world = World.start(directory, libraries, signet, MailingLists::layOut, this::say)) {
            MailingLists.open(world);
            ScenarioRunner runner = new ScenarioRunner(world);
            List<Outcome> outcomes = new ArrayList<>();
            for (Scenario scenario : Scenarios.of(world)) {
                say("Sending: " + scenario.title().replace('\n', ' '));
                outcomes.add(runner.run(scenario));
            }
            boolean allWell = report(outcomes);
            if (!allWell) {
                out.println("\nWhat James logged is in " + world.james().install().log());
            }
            if (keep) {
                new Invitation(world, out).waitForEnter();
            }
            return allWell;
        }
    }

    private boolean report(List<Outcome> outcomes) {
        Table table = new Table("Message", "Expected", "Found in the mailbox, or outside", "");
        for (Outcome outcome : outcomes) {
            Scenario scenario = outcome.scenario();
            table.row(scenario.title(), scenario.expectation().toString(), outcome.seen(), outcome.isAsExpected() ? "ok" : "WRONG");
        }
        out.println("\n" + table.render());
        outcomes.forEach(outcome -> outcome.problems()
                .forEach(problem -> out.println(outcome.scenario().title() + ": " + problem)));
        long wrong = outcomes.stream().filter(outcome -> !outcome.isAsExpected()).count();
        out.println(wrong == 0
                ? "Each of the " + outcomes.size() + " messages met its expected fate."
                : wrong + " of " + outcomes.size() + " messages did not meet their expected fate.");
        return wrong == 0;
    }

    private void say(String what) {
        Duration since = Duration.ofNanos(System.nanoTime() - begin);
        out.printf("[%2d.%01d s] %s%n", since.toSeconds(), since.toMillisPart() / 100, what);
        out.flush();
    }
}
