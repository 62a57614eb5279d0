// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import com.google.common.hash.Hashing;
import dev.signet.report.ReportDestination;
import dev.signet.report.ReportFile;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Brings the files of one report to its recipients. Not for several threads. */
final class Mailing {

    private static final Duration POLL = Duration.ofMillis(10);

    private final Outbox outbox;
    private final ReportQueue queue;
    private final SendingOptions options;
    private final int maxPerHost;
    private final Supplier<String> words;
    private final InstantSource clock;
    private final ReportState report;
    private final ReportDecision.Send decision;
    private final List<String> outcomes = new ArrayList<>();
    private int files;

    /**
     * @param maxPerHost mails about one day to addresses of one host
     * @param words that nobody can guess, for where mails come back to
     */
    Mailing(Outbox outbox, ReportQueue queue, SendingOptions options, int maxPerHost, Supplier<String> words, InstantSource clock,
            ReportState report, ReportDecision.Send decision) {
        this.outbox = outbox;
        this.queue = queue;
        this.options = options;
        this.maxPerHost = maxPerHost;
        this.words = words;
        this.clock = clock;
        this.report = report;
        this.decision = decision;
    }

    /** What stops the writing of files half-way: the database or the queue, or another node that took over. */
    @SuppressWarnings("serial")
    static final class Stopped extends RuntimeException {

        private Stopped(@Nullable Exception cause) {
            super(cause);
        }

        boolean byAnother() {
            return getCause() == null;
        }
    }

    /** @throws Stopped where the rest of the files is not to be written either */
    void send(ReportFile file) {
        files++;
        try {
            for (ReportDestination.Allowed to : decision.to()) {
                send(file, to.address());
            }
        } catch (SQLException | IOException e) {
            throw new Stopped(e);
        }
    }

    private void send(ReportFile file, String to) throws SQLException, IOException {
        String id = Hashing.sha256().hashString(file.reportId() + "\n" + to, StandardCharsets.UTF_8).toString().substring(0, 32);
        Outbox.ClaimedMail mail = outbox.claimMail(report, id, to, new Outbox.Offer(words.get(), clock.instant(), maxPerHost));
        switch (mail.claim()) {
            case SEND -> {
                OutgoingMail outgoing = new OutgoingMail(
                        id, mail.copy(), options.sender(mail.bounceToken()), to, file.mail(options.from(), to, mail.dated()));
                queue.put(outgoing);
                outbox.queued(outgoing);
                pace(id);
                outcomes.add("sent to " + to + " (" + file.messages() + " messages)");
            }
            case HAS_BEEN_SENT -> outcomes.add("has been sent to " + to);
            case TOO_MANY -> outcomes.add("not sent to " + to + ", its host has got " + maxPerHost + " about this day");
            case LOST -> throw new Stopped(null);
        }
    }

    /** So that as few mails as can be are under way when a node dies: what is may arrive twice. */
    private void pace(String id) throws SQLException {
        long end = System.nanoTime() + options.pace().toNanos();
        while (outbox.isUnderWay(id) && System.nanoTime() < end) {
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** For people. */
    String note() {
        List<String> all = new ArrayList<>(outcomes);
        all.addAll(decision.others());
        if (files > 1) {
            all.add("in " + files + " files");
        }
        return all.isEmpty() ? "none: the record names nobody" : String.join("; ", all);
    }
}
