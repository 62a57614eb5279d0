// SPDX-License-Identifier: Apache-2.0
package dev.signet.scenario;

import dev.signet.james.ImapMailbox;
import dev.signet.scenario.Scenario.Origin;
import dev.signet.smtp.SmtpClient;
import dev.signet.smtp.SmtpReply;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Sends messages through a world and tells what became of them. */
public final class ScenarioRunner {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final World world;

    public ScenarioRunner(World world) {
        this.world = world;
    }

    /** Sends one message and waits for it to arrive where it should. */
    public Outcome run(Scenario scenario) throws InterruptedException {
        try (SmtpClient smtp = connect(scenario.origin())) {
            return switch (scenario.expectation()) {
                case Expectation.Delivered expected -> {
                    accept(smtp, scenario);
                    yield new DeliveredMail(delivered(scenario.messageId(), expected.folder())).judge(scenario, expected);
                }
                case Expectation.LeavesSigned expected -> {
                    accept(smtp, scenario);
                    yield new SentMail(sent(scenario), world.dns()).judge(scenario, expected);
                }
                case Expectation.Posted expected -> {
                    accept(smtp, scenario);
                    yield new SentMail(sent(scenario), world.dns()).judge(scenario, expected);
                }
                case Expectation.Refused expected -> refused(smtp.send(scenario.envelope(), scenario.message()), scenario, expected);
                case Expectation.RefusedByLot expected -> drawLots(smtp, scenario, expected);
            };
        } catch (IOException | TimeoutException e) {
            return new Outcome(scenario, "lost", List.of(String.valueOf(e.getMessage())));
        }
    }

    private static void accept(SmtpClient smtp, Scenario scenario) throws IOException {
        SmtpReply reply = smtp.send(scenario.envelope(), scenario.message());
        if (!reply.isPositive()) {
            throw new IOException("James refused it: " + reply);
        }
    }

    private static Outcome refused(SmtpReply reply, Scenario scenario, Expectation.Refused expected) {
        // Not wider than a table can bear.
        String seen = reply.toString().replaceAll("(.{1,44})( |$)", "$1\n");
        boolean asExpected = reply.toString().startsWith(expected.reply());
        return new Outcome(scenario, seen, asExpected ? List.of() : List.of("expected " + expected.reply() + ", found " + reply));
    }

    private Outcome drawLots(SmtpClient smtp, Scenario scenario, Expectation.RefusedByLot expected) throws IOException, TimeoutException {
        List<String> accepted = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (int number = 1; number <= expected.messages(); number++) {
            String id = scenario.messageId().replace("<", "<" + number + ".");
            SmtpReply reply = smtp.send(scenario.envelope(), scenario.message().replace(scenario.messageId(), id));
            if (reply.isPositive()) {
                accepted.add(id);
            } else if (reply.code() != 550) {
                problems.add("number " + number + ": " + reply);
            }
        }
        int refused = expected.messages() - accepted.size();
        if (!expected.admits(refused)) {
            problems.add(refused + " of " + expected.messages() + " refused, expected about " + expected.percent() + "%");
        }
        try (ImapMailbox folder = world.openFolder(expected.folder())) {
            for (String id : accepted) {
                folder.await(message -> message.contains(id), PATIENCE);
            }
        }
        return new Outcome(
                scenario, "550 for " + refused + " of " + expected.messages() + ",\n" + accepted.size() + " in folder " + expected.folder(), problems);
    }

    private SmtpClient connect(Scenario.Origin origin) throws IOException {
        return switch (origin) {
            case Origin.Outsider(String address, String helo) -> {
                SmtpClient smtp = SmtpClient.connectAs(world.ports().proxiedMx(), address);
                smtp.ehlo(helo);
                yield smtp;
            }
            case Origin.Submission() -> {
                SmtpClient smtp = SmtpClient.connect(world.ports().submission());
                smtp.ehlo("laptop.home.example");
                smtp.startTls();
                smtp.ehlo("laptop.home.example");
                smtp.authPlain(world.user().address(), world.user().password());
                yield smtp;
            }
        };
    }

    private String delivered(String messageId, String folder) throws IOException, TimeoutException {
        try (ImapMailbox mailbox = world.openFolder(folder)) {
            return mailbox.await(message -> message.contains(messageId), PATIENCE);
        }
    }

    private String sent(Scenario scenario) throws InterruptedException, TimeoutException {
        return world.outside().await(mail -> mail.message().contains(scenario.messageId()), PATIENCE).message();
    }
}
