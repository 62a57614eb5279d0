// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import static dev.signet.sending.SendingWorld.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Several nodes with one database, some of which die; asked of every database. */
// Waits more than it works, so beside others.
@Execution(ExecutionMode.CONCURRENT)
abstract class SendingNodesContract extends WithSendingWorld {

    // The common pool has one on two processors, and what waits in it keeps all answers of name servers waiting.
    private static final Executor OWN_THREAD = Thread::startVirtualThread;

    @Test
    void roundAfterRoundAndNodeAfterNodeSendItOnce() throws Exception {
        world.add("one.example", "p=none; rua=mailto:r@one.example,mailto:s@one.example", 3).record();
        ReportSender first = world.node();
        ReportSender second = world.node();

        for (int i = 0; i < 3; i++) {
            first.round();
            second.round();
            world.later(Duration.ofHours(2));
        }

        assertThat(world.recipients()).containsExactly("r@one.example", "s@one.example");
    }

    @Test
    void nodesAtTheSameMomentSendItOnce() throws Exception {
        for (int i = 0; i < 60; i++) {
            world.add("d" + i + ".example", "p=none; rua=mailto:r@d" + i + ".example", 1);
        }
        world.record();
        List<String> sent = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Void>> nodes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ReportSender node = world.node(mail -> sent.add(mail.recipient()));
            nodes.add(CompletableFuture.runAsync(() -> {
                try {
                    world.roundWithBeats(node);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }, OWN_THREAD));
        }
        CompletableFuture.allOf(nodes.toArray(CompletableFuture[]::new)).join();

        assertThat(sent).hasSize(60).doesNotHaveDuplicates();
    }

    /** What kills a node without a word: no code of it runs any more. */
    @SuppressWarnings("serial")
    private static final class Killed extends Error {}

    private ReportSender killedAfter(int mails, boolean accepted) throws SQLException {
        List<OutgoingMail> put = new ArrayList<>();
        return world.node(mail -> {
            put.add(mail);
            if (put.size() <= mails || accepted) {
                world.queued.add(mail);
            }
            if (put.size() > mails) {
                throw new Killed();
            }
        });
    }

    private static String messageId(OutgoingMail mail) {
        return text(mail).lines().filter(line -> line.startsWith("Message-ID")).findFirst().orElseThrow();
    }

    @Test
    void whatAKilledNodeLeftIsSentByAnotherOnceItsLeaseIsOver() throws Exception {
        for (int i = 0; i < 6; i++) {
            world.add("d" + i + ".example", "p=none; rua=mailto:r@d" + i + ".example", 1);
        }
        world.record();
        assertThatThrownBy(killedAfter(3, false)::round).isInstanceOf(Killed.class);
        ReportSender other = world.node();
        other.round();
        assertThat(world.queued).hasSize(5);

        SendingWorld.untilTheLeaseIsOver();
        other.beat();
        other.round();

        assertThat(world.recipients()).hasSize(6).doesNotHaveDuplicates();
        assertThat(world.states()).allMatch(state -> state.state().equals("done"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void ofTwoCopiesTheFirstOneThatLeavesIsTheOnlyOne(int first) throws Exception {
        world.add("one.example", "p=none; rua=mailto:r@one.example", 3).record();
        assertThatThrownBy(killedAfter(0, true)::round).isInstanceOf(Killed.class);
        SendingWorld.untilTheLeaseIsOver();
        world.node().round();

        // The dead node's queue had it, and nobody could know.
        assertThat(world.queued).hasSize(2);
        assertThat(world.queued.get(0).message()).isEqualTo(world.queued.get(1).message());
        String winner = world.queued.get(first).tag();
        String loser = world.queued.get(1 - first).tag();
        assertThat(world.progress().departs(winner)).isTrue();
        assertThat(world.progress().departs(loser)).isFalse();
        assertThat(world.progress().departs(winner)).as("once more, after a restart of its server").isTrue();
        world.progress().delivered(winner);
        assertThat(world.progress().departs(loser)).isFalse();
    }

    @Test
    void aCopyThatDepartsWhileAnotherNodeTakesItsReportOverIsTheOnlyOne() throws Exception {
        world.add("one.example", "p=none; rua=mailto:r@one.example", 3).record();
        assertThatThrownBy(killedAfter(0, true)::round).isInstanceOf(Killed.class);
        SendingWorld.untilTheLeaseIsOver();
        ReportSender other = world.node();

        CompletableFuture<Void> takingOver = world.database.transaction(connection -> {
            // As MailProgress does, which is not done yet.
            try (Statement departs = connection.createStatement()) {
                departs.executeUpdate("update signet_outgoing_mail set departed_copy = 1, state = 'departed'");
            }
            CompletableFuture<Void> round = CompletableFuture.runAsync(() -> round(other), OWN_THREAD);
            try {
                round.get(500, TimeUnit.MILLISECONDS);
                throw new AssertionError("decided without knowing that it departs");
            } catch (TimeoutException e) {
                // It waits, or has not come as far.
                return round;
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
            }
        });
        takingOver.join();

        assertThat(world.queued).as("no other copy").hasSize(1);
        assertThat(world.progress().departs(world.queued.getFirst().tag())).isTrue();
    }

    private static void round(ReportSender node) {
        try {
            node.round();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatAQueueInMemoryHadIsSentAgainUnlessItWasDelivered() throws Exception {
        world.durable = false;
        for (int i = 0; i < 4; i++) {
            world.add("d" + i + ".example", "p=none; rua=mailto:r@d" + i + ".example", 1);
        }
        world.record();
        world.roundWithBeats(world.node());
        List<OutgoingMail> before = List.copyOf(world.queued);
        assertThat(before).hasSize(4);
        world.queued.clear();
        world.progress().departs(before.get(0).tag());
        world.progress().delivered(before.get(0).tag());
        world.progress().departs(before.get(1).tag());
        world.progress().failed(before.get(2).tag(), true, "550 no such user");

        ReportSender other = world.node();
        other.round();
        assertThat(world.queued).isEmpty();
        SendingWorld.untilTheLeaseIsOver();
        world.roundWithBeats(other);

        assertThat(world.queued).extracting(SendingNodesContract::messageId)
                .containsExactlyInAnyOrder(messageId(before.get(1)), messageId(before.get(3)));
        for (OutgoingMail mail : world.queued) {
            assertThat(world.progress().departs(mail.tag())).isTrue();
            world.progress().delivered(mail.tag());
        }
        other.round();
        assertThat(world.states()).allMatch(state -> state.state().equals("done"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theNextMailWaitsUntilTheOneBeforeHasLeftTheQueueOrWhereThatIsInMemoryArrived(boolean durable) throws Exception {
        world.durable = durable;
        world.pace = Duration.ofMinutes(1);
        for (int i = 0; i < 5; i++) {
            world.add("d" + i + ".example", "p=none; rua=mailto:r@d" + i + ".example", 1);
        }
        world.record();
        AtomicReference<OutgoingMail> underWay = new AtomicReference<>();
        AtomicBoolean over = new AtomicBoolean();
        ReportSender node = world.node(mail -> {
            assertThat(underWay.getAndSet(mail)).as("under way when the next one comes").isNull();
            world.queued.add(mail);
        });
        CompletableFuture<Void> james = CompletableFuture.runAsync(() -> {
            while (!over.get()) {
                OutgoingMail mail = underWay.get();
                LockSupport.parkNanos(20_000_000);
                if (mail != null) {
                    if (durable) {
                        underWay.set(null);
                    }
                    assertThat(departs(mail)).isTrue();
                    LockSupport.parkNanos(20_000_000);
                    if (!durable) {
                        underWay.set(null);
                        delivered(mail);
                    }
                }
            }
        }, OWN_THREAD);
        world.roundWithBeats(node);
        over.set(true);
        james.join();

        assertThat(world.queued).hasSize(5);
    }

    @Test
    void aMailThatStaysInTheQueueHoldsUpTheNextForALittleWhileOnly() throws Exception {
        world.pace = Duration.ofMillis(50);
        world.add("one.example", "p=none; rua=mailto:r@one.example,mailto:s@one.example", 3).record();

        world.node().round();

        assertThat(world.recipients()).containsExactly("r@one.example", "s@one.example");
    }

    @Test
    void aNodeThatWasSilentForTooLongSendsNothingMore() throws Exception {
        for (int i = 0; i < 4; i++) {
            world.add("d" + i + ".example", "p=none; rua=mailto:r@d" + i + ".example,mailto:s@d" + i + ".example", 1);
        }
        world.record();
        ReportSender sleeper = world.node(mail -> {
            world.queued.add(mail);
            SendingWorld.untilTheLeaseIsOver();
            try {
                ReportSender other = world.node();
                other.round();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });

        sleeper.round();

        // All but the one that it had put into its queue before: a second copy, which does not leave.
        assertThat(world.queued).hasSize(9);
        assertThat(world.queued.stream().filter(mail -> departs(mail)).map(OutgoingMail::recipient)).hasSize(8).doesNotHaveDuplicates();
    }

    private void delivered(OutgoingMail mail) {
        try {
            world.progress().delivered(mail.tag());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean departs(OutgoingMail mail) {
        try {
            return world.progress().departs(mail.tag());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
