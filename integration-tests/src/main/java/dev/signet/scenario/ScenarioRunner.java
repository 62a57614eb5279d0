// SPDX-License-Identifier: Apache-2.0
package dev.signet.scenario;

import dev.signet.james.ImapMailbox;
import dev.signet.scenario.Scenario.Origin;
import dev.signet.smtp.SmtpClient;
import dev.signet.smtp.SmtpReply;

import java.io.IOException;
import java.time.Duration;
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
        try {
            SmtpReply reply = send(scenario);
            if (!reply.isPositive()) {
                return new Outcome(scenario, "refused", List.of("James refused it: " + reply));
            }
            return switch (scenario.expectation()) {
                case Expectation.Delivered expected -> new DeliveredMail(delivered(scenario)).judge(scenario, expected);
                case Expectation.LeavesSigned expected -> new SentMail(sent(scenario), world.dns()).judge(scenario, expected);
            };
        } catch (IOException | TimeoutException e) {
            return new Outcome(scenario, "lost", List.of(String.valueOf(e.getMessage())));
        }
    }

    private SmtpReply send(Scenario scenario) throws IOException {
        return switch (scenario.origin()) {
            case Origin.Outsider(String address, String helo) -> {
                try (SmtpClient smtp = SmtpClient.connectAs(world.ports().proxiedMx(), address)) {
                    smtp.ehlo(helo);
                    yield smtp.send(scenario.envelope(), scenario.message());
                }
            }
            case Origin.Submission() -> {
                try (SmtpClient smtp = SmtpClient.connect(world.ports().submission())) {
                    smtp.ehlo("laptop.home.example");
                    smtp.startTls();
                    smtp.ehlo("laptop.home.example");
                    smtp.authPlain(world.user().address(), world.user().password());
                    yield smtp.send(scenario.envelope(), scenario.message());
                }
            }
        };
    }

    private String delivered(Scenario scenario) throws IOException, TimeoutException {
        try (ImapMailbox inbox = world.openInbox()) {
            return inbox.await(message -> message.contains(scenario.messageId()), PATIENCE);
        }
    }

    private String sent(Scenario scenario) throws InterruptedException, TimeoutException {
        return world.outside().await(mail -> mail.message().contains(scenario.messageId()), PATIENCE).message();
    }
}
