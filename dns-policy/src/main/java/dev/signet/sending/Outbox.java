// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import dev.signet.store.Database;
import dev.signet.store.PolicyDay;
import dev.signet.store.ReportStore;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * The reports on their way, in the database that all nodes share. Who may do what is decided here, by updates that change a row
 * only if it still is what it was. Leases run by the clock of the database, so that nodes need not agree on the time.
 */
final class Outbox {

    // Of a mail that has not left its node's queue.
    private static final String NOT_DEPARTED = "m.state in ('claimed', 'queued')";

    // Of a mail that is lost if its node's queue is.
    private static final String IN_THE_AIR = "m.state in ('claimed', 'queued', 'departed')";

    private static final String CLAIMABLE = "((r.state = 'open' and r.send_at <= ? and (r.node is null or " + silent("r.node") + "))"
            + " or (r.state = 'waiting' and exists (select 1 from signet_outgoing_mail m where m.policy_day = r.policy_day"
            + " and " + IN_THE_AIR + " and " + silent("m.node") + ")))";

    private static final int MAX_NOTE = 2000;

    private final Database database;
    private final String node;
    private final boolean durableQueue;
    private final Duration lease;

    /**
     * @param node unique among those that share the database, and new at each start: what an earlier process had is lost to this one
     * @param durableQueue whether what the queue accepted outlives its node
     * @param lease for which a node is believed to be alive after each sign of life
     */
    Outbox(Database database, String node, boolean durableQueue, Duration lease) {
        this.database = database;
        this.node = node;
        this.durableQueue = durableQueue;
        this.lease = lease;
    }

    /** The condition that a node has said nothing for the length of its lease. */
    static String silent(String column) {
        return "not exists (select 1 from signet_sending_node n where n.node = " + column + " and n.alive_until > current_timestamp)";
    }

    /** Says that this node is alive, and will be for a while. */
    void beat() throws SQLException {
        Sql.in(database, sql -> {
            Instant until = sql.now().plus(lease);
            if (sql.update("update signet_sending_node set alive_until = ? where node = ?", until, node) == 0) {
                sql.update("insert into signet_sending_node (node, alive_until) values (?, ?)", node, until);
                sql.update("delete from signet_sending_node where alive_until < ?", until.minus(Duration.ofDays(7)));
            }
            return until;
        });
    }

    /** Whether the last sign of life of this node is recent enough. */
    boolean alive() throws SQLException {
        return Sql.in(database, this::alive);
    }

    private boolean alive(Sql sql) throws SQLException {
        return sql.exists("select node from signet_sending_node where node = ? and alive_until > current_timestamp", node);
    }

    /** Enters a report. Nothing changes where it is entered already. */
    void enter(PolicyDay report, Instant sendAt, Instant giveUpAt) throws SQLException {
        Sql.in(database, sql -> sql.exists("select policy_day from signet_outgoing_report where policy_day = ?", report.id())
                ? 0
                : sql.update("insert into signet_outgoing_report (policy_day, state, send_at, give_up_at, attempts, note) values (?, 'open', ?, ?, 0, '')",
                        report.id(), sendAt, giveUpAt));
    }

    /** What stands in the outbox about a day. */
    List<ReportState> states(LocalDate day) throws SQLException {
        return Sql.query(database, ReportState.SELECT + "where p.utc_day = ? order by p.domain, r.policy_day", ReportState::of, day);
    }

    /** Has the reports of a day sent at once, those that were given up too. */
    void hurry(LocalDate day, Instant now, Instant giveUpAt) throws SQLException {
        Sql.update(database, "update signet_outgoing_report set state = 'open', send_at = ?, attempts = 0,"
                + " give_up_at = case when give_up_at < ? then ? else give_up_at end"
                + " where (state = 'given-up' or (state = 'open' and send_at > ?))"
                + " and policy_day in (select id from signet_policy_day where utc_day = ?)", now, giveUpAt, giveUpAt, now, day);
    }

    /** Gives back what this node began and did not end, because the database failed in between. */
    void letGo() throws SQLException {
        Sql.update(database, "update signet_outgoing_report set node = null where state = 'open' and node = ?", node);
    }

    /** What is to be sent now and held by no living node, some of it: the oldest first. */
    List<ReportState> due(Instant now) throws SQLException {
        return Sql.query(database, ReportState.SELECT + "where " + CLAIMABLE + " order by r.send_at, r.policy_day limit 100", ReportState::of, now);
    }

    /** Takes a report for this node, and ends the counting: it says the same from now on. False where another node was faster. */
    boolean claim(ReportState report, Instant now) throws SQLException {
        return Sql.in(database, sql -> {
            boolean ours = sql.update("update signet_outgoing_report r set node = ?, state = 'open', attempts = attempts + 1"
                    + " where r.policy_day = ? and " + CLAIMABLE, node, report.policyDay(), now) == 1;
            if (ours) {
                ReportStore.close(sql.connection(), report.policyDay());
            }
            return ours;
        });
    }

    /** Gives a report back, to be tried again. */
    void release(ReportState report, Instant sendAt, String note) throws SQLException {
        Sql.update(database, "update signet_outgoing_report set node = null, send_at = ?, note = ? where policy_day = ? and node = ?",
                sendAt, Sql.printable(note, MAX_NOTE), report.policyDay(), node);
    }

    /** There is no more trying by itself. What a queue has not got stays as it is, for {@link #hurry}. */
    void giveUp(ReportState report, String note) throws SQLException {
        Sql.update(database, "update signet_outgoing_report set node = null, state = 'given-up', note = ? where policy_day = ? and node = ?",
                Sql.printable(note, MAX_NOTE), report.policyDay(), node);
    }

    /** All its mails are with a queue, or there are none. */
    void finish(ReportState report, String note) throws SQLException {
        Sql.in(database, sql -> {
            int ours = sql.update("update signet_outgoing_report set state = ?, note = ? where policy_day = ? and node = ?",
                    durableQueue ? "done" : "waiting", Sql.printable(note, MAX_NOTE), report.policyDay(), node);
            if (ours == 1) {
                // What was not put into a queue by now, or once more after it was lost, never will be.
                sql.update("update signet_outgoing_mail m set state = 'failed' where m.policy_day = ? and (m.state = 'claimed'"
                        + (durableQueue ? "" : " or (" + IN_THE_AIR + " and " + silent("m.node") + ")") + ")", report.policyDay());
            }
            return ours;
        });
        settle();
    }

    /** Closes reports all of whose mails have come to their end. */
    void settle() throws SQLException {
        Sql.update(database, "update signet_outgoing_report r set state = 'done' where r.state = 'waiting' and not exists"
                + " (select 1 from signet_outgoing_mail m where m.policy_day = r.policy_day and " + IN_THE_AIR + ")");
    }

    /** What may be done with one mail. */
    enum Claim { SEND, HAS_BEEN_SENT, TOO_MANY, LOST }

    /** @param copy of {@link Claim#SEND}; else 0 */
    record ClaimedMail(Claim claim, int copy, String bounceToken, Instant dated) {}

    /**
     * Takes a mail for this node before it goes into the queue.
     *
     * @param offered what is remembered with a new mail
     * @return {@link Claim#LOST} where the report is not ours any more, because this node was silent for too long
     */
    ClaimedMail claimMail(ReportState report, String id, String recipient, Offer offered) throws SQLException {
        return Sql.in(database, sql -> {
            // Locks the row: who takes over waits for the end of this transaction.
            boolean ours = sql.exists("select policy_day from signet_outgoing_report where policy_day = ? and node = ? for update",
                    report.policyDay(), node);
            if (!ours || !alive(sql)) {
                return new ClaimedMail(Claim.LOST, 0, "", offered.dated());
            }
            // Locked, too: a copy in the queue of a node that is not dead but late may depart right now.
            List<MailState> known = sql.query("select m.*, case when " + silent("m.node") + " then 1 else 0 end as node_dead"
                    + " from signet_outgoing_mail m where m.mail_id = ? for update", MailState::of, id);
            if (known.isEmpty()) {
                return first(sql, report, id, recipient, offered);
            }
            MailState mail = known.getFirst();
            if (!mail.mayBeLost(durableQueue)) {
                return new ClaimedMail(Claim.HAS_BEEN_SENT, 0, mail.bounceToken(), mail.dated());
            }
            // A copy in a queue that is gone cannot leave any more; one in a queue that is not may still be the first to.
            sql.update("update signet_outgoing_mail set state = 'claimed', node = ?, copy_number = ?, departed_copy = ? where mail_id = ?",
                    node, mail.copy() + 1, durableQueue ? mail.departedCopy() : null, id);
            return new ClaimedMail(Claim.SEND, mail.copy() + 1, mail.bounceToken(), mail.dated());
        });
    }

    /**
     * Of a mail that there has not been.
     *
     * @param bounceToken nobody can guess it
     * @param maxPerHost about one day
     */
    record Offer(String bounceToken, Instant dated, int maxPerHost) {}

    private ClaimedMail first(Sql sql, ReportState report, String id, String recipient, Offer offered) throws SQLException {
        String host = ReportPlanner.hostOf(recipient);
        long sent = sql.query("select count(*) as sent from signet_outgoing_mail where utc_day = ? and recipient_host = ?",
                row -> row.number("sent"), report.day(), host).getFirst();
        if (sent >= offered.maxPerHost()) {
            return new ClaimedMail(Claim.TOO_MANY, 0, "", offered.dated());
        }
        sql.update("""
                insert into signet_outgoing_mail
                  (mail_id, policy_day, utc_day, recipient, recipient_host, dated, bounce_token, state, node, copy_number)
                values (?, ?, ?, ?, ?, ?, ?, 'claimed', ?, 1)""",
                id, report.policyDay(), report.day(), recipient, host, offered.dated(), offered.bounceToken(), node);
        return new ClaimedMail(Claim.SEND, 1, offered.bounceToken(), offered.dated());
    }

    /** The queue accepted it. It may have gone on its way already. */
    void queued(OutgoingMail mail) throws SQLException {
        Sql.update(database, "update signet_outgoing_mail set state = 'queued' where mail_id = ? and copy_number = ? and state = 'claimed'",
                mail.id(), mail.copy());
    }

    /** Whether the last that can be seen of a mail has not been seen: of a queue on disk its departure, else its end. */
    boolean isUnderWay(String mailId) throws SQLException {
        return Sql.in(database, sql -> sql.exists("select m.mail_id from signet_outgoing_mail m where m.mail_id = ? and "
                + (durableQueue ? NOT_DEPARTED : IN_THE_AIR), mailId));
    }

    /** Forgets addresses that may be written to again. */
    void forgetSuppressed(Instant now) throws SQLException {
        Sql.update(database, "delete from signet_suppressed_address where suppressed_until < ?", now);
    }
}
