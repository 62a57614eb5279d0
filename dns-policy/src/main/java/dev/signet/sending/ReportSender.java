// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import dev.signet.report.AggregateReportWriter;
import dev.signet.report.ReportDestination;
import dev.signet.store.Database;
import dev.signet.store.PolicyDay;
import dev.signet.store.ReportStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Sends the aggregate reports that are due, once across all nodes that share a database. {@code docs/architecture.md} says what that
 * rests on. Not for several threads.
 */
public final class ReportSender {

    private static final Logger LOGGER = LoggerFactory.getLogger(ReportSender.class);

    private static final Duration PREPARE_EVERY = Duration.ofHours(1);
    private static final Duration FIRST_RETRY = Duration.ofMinutes(10);
    private static final int MAX_DOUBLINGS = 5;
    private static final int REQUESTS_KEPT_DAYS = 60;

    private final Database database;
    private final Outbox outbox;
    private final Requests requests;
    private final ReportStore store;
    private final ReportPlanner planner;
    private final AggregateReportWriter writer;
    private final SendingOptions options;
    private final ReportQueue queue;
    private final InstantSource clock;
    private final SecureRandom random;
    private @Nullable Instant prepared;

    /**
     * A new node among those that share a database.
     *
     * @param random names the node, and makes words that nobody can guess
     */
    public ReportSender(Database database, ReportPlanner planner, AggregateReportWriter writer,
            SendingOptions options, ReportQueue queue, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.store = new ReportStore(database);
        this.planner = planner;
        this.writer = writer;
        this.options = options;
        this.queue = queue;
        this.clock = clock;
        this.random = random;
        String node = SendingOptions.word(random);
        this.outbox = new Outbox(database, node, options.durableQueue(), options.lease());
        this.requests = new Requests(database, node);
    }

    /** Says that this node is alive; to be said more often than a lease lasts. Safe beside a round. */
    public void beat() throws SQLException {
        outbox.beat();
    }

    /**
     * Does what is to be done now.
     *
     * @throws SQLException where the database does not answer: nothing is lost, and the next round goes on from here
     */
    public void round() throws SQLException {
        Instant now = clock.instant();
        outbox.letGo();
        if (prepared == null || !now.isBefore(prepared.plus(PREPARE_EVERY)) || !day(now).equals(day(prepared)) || windowOpened(now, prepared)) {
            prepare(now);
            prepared = now;
        }
        outbox.settle();
        List<Requests.Request> asked = requests.take();
        for (Requests.Request request : asked) {
            begin(request, now);
        }
        sendWhatIsDue();
        for (Requests.Request request : asked) {
            answer(request);
        }
    }

    private void sendWhatIsDue() throws SQLException {
        List<ReportState> due = outbox.due(clock.instant());
        while (!due.isEmpty()) {
            for (ReportState report : due) {
                if (!outbox.alive()) {
                    // Silent for too long, or not yet heard of: what this node holds may be another's by now.
                    return;
                }
                if (requests.waiting()) {
                    // A night's reports take hours, and somebody sits in front of a terminal: the next round begins with him.
                    return;
                }
                if (outbox.claim(report, clock.instant())) {
                    send(report);
                }
            }
            due = outbox.due(clock.instant());
        }
    }

    private void begin(Requests.Request request, Instant now) throws SQLException {
        if (!request.dryRun() && request.day().isBefore(day(now))) {
            enter(request.day());
            outbox.hurry(request.day(), now, now.plus(options.patience()));
        }
    }

    private void answer(Requests.Request request) throws SQLException {
        Instant now = clock.instant();
        if (!request.day().isBefore(day(now))) {
            requests.answer(request, List.of(request.day() + " is not over in UTC, it is now " + now));
        } else if (request.dryRun()) {
            requests.answer(request, dryRun(request.day()));
        } else {
            List<ReportState> states = outbox.states(request.day());
            // What another node has at the moment is answered for in a later round.
            if (states.stream().noneMatch(state -> state.isOpen() && !state.sendAt().isAfter(now))) {
                requests.answer(request, states.stream().map(ReportState::line).toList());
            }
        }
    }

    /** What would be sent, to whom, and why others get nothing. */
    private List<String> dryRun(LocalDate day) throws SQLException {
        Map<Long, ReportState> known = outbox.states(day).stream().collect(Collectors.toMap(ReportState::policyDay, Function.identity()));
        List<String> lines = new ArrayList<>();
        for (PolicyDay report : store.policies(day)) {
            ReportState state = known.get(report.id());
            lines.add(state != null && !state.isOpen()
                    ? state.line()
                    : report.policy().domain() + " (" + report.messages() + " messages): "
                            + planner.decide(report, this::suppressed).join().line());
        }
        return lines;
    }

    /** Enters what was recorded of a day that is over; what is entered already stays as it is. */
    private void enter(LocalDate day) throws SQLException {
        Set<Long> known = outbox.states(day).stream().map(ReportState::policyDay).collect(Collectors.toSet());
        for (PolicyDay report : store.policies(day)) {
            if (!known.contains(report.id())) {
                outbox.enter(report, options.sendAt(report), options.giveUpAt(day));
            }
        }
    }

    private void prepare(Instant now) throws SQLException {
        LocalDate today = day(now);
        for (LocalDate day = day(now.minus(options.patience())); day.isBefore(today); day = day.plusDays(1)) {
            if (!options.begin(day).isAfter(now)) {
                enter(day);
            }
        }
        requests.forgetBefore(today.minusDays(REQUESTS_KEPT_DAYS));
        outbox.forgetSuppressed(now);
    }

    private boolean windowOpened(Instant now, Instant before) {
        Instant begin = options.begin(day(now).minusDays(1));
        return before.isBefore(begin) && !now.isBefore(begin);
    }

    private static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }

    private void send(ReportState claimed) throws SQLException {
        try {
            Optional<PolicyDay> report = store.policy(claimed.policyDay());
            if (report.isEmpty()) {
                outbox.finish(claimed, "none: nothing is recorded any more");
                return;
            }
            switch (planner.decide(report.get(), this::suppressed).join()) {
                case ReportDecision.Nothing nothing -> finish(claimed, nothing.line());
                case ReportDecision.Send send -> send(claimed, report.get(), send);
            }
        } catch (RuntimeException surprise) {
            LOGGER.error("Report about {}: a surprise", name(claimed), surprise);
            retry(claimed, surprise.toString());
        }
    }

    private Optional<String> suppressed(ReportDestination.Allowed to) {
        try {
            return SuppressionList.reasonAgainst(database, to.address(), clock.instant());
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not say who gets no mail", e);
        }
    }

    private void send(ReportState claimed, PolicyDay report, ReportDecision.Send decision) throws SQLException {
        Mailing mailing = new Mailing(outbox, queue, options, planner.maxPerHost(), () -> SendingOptions.word(random), clock, claimed, decision);
        if (!decision.to().isEmpty()) {
            try {
                writer.write(report.policy(), report.day(), error(report), store.rows(report.id()), mailing::send);
            } catch (Mailing.Stopped stopped) {
                if (stopped.byAnother()) {
                    LOGGER.warn("Report about {}: another node took over, since this one was silent for too long", name(claimed));
                    return;
                }
                retry(claimed, "not all of it was accepted by the queue: " + stopped.getCause());
                return;
            }
        }
        if (decision.later().isEmpty()) {
            finish(claimed, mailing.note());
        } else {
            retry(claimed, mailing.note());
        }
    }

    /** RFC 9990 §3.1.1.4: the error element tells the owner what is wrong with the record. */
    private static String error(PolicyDay report) {
        return String.join("; ", report.record().problems());
    }

    private void finish(ReportState claimed, String note) throws SQLException {
        outbox.finish(claimed, note);
        LOGGER.info("Report about {}: {}", name(claimed), note);
    }

    private void retry(ReportState claimed, String note) throws SQLException {
        Instant now = clock.instant();
        Instant again = now.plus(FIRST_RETRY.multipliedBy(1L << Math.min(claimed.attempts(), MAX_DOUBLINGS)));
        if (now.isAfter(claimed.giveUpAt())) {
            outbox.giveUp(claimed, "given up until it is asked for: " + note);
            LOGGER.warn("Report about {}: given up, \"signet report send\" tries again: {}", name(claimed), note);
        } else {
            outbox.release(claimed, again, note);
            LOGGER.warn("Report about {}: {}; once more at {}", name(claimed), note, again);
        }
    }

    private static String name(ReportState report) {
        return report.domain() + " on " + report.day();
    }
}
