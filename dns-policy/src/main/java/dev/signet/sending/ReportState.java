// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;

/**
 * A report in the outbox.
 *
 * @param policyDay what it is about; see {@link dev.signet.store.PolicyDay#id}
 * @param state open, waiting (for the delivery of mails that a queue in memory has), done, or given-up
 * @param giveUpAt after this there is no more trying by itself
 * @param attempts how often it was begun
 * @param note what came of it, for people
 */
record ReportState(long policyDay, LocalDate day, String domain, String state, Instant sendAt, Instant giveUpAt, int attempts, String note) {

    static final String SELECT = "select r.*, p.utc_day, p.domain from signet_outgoing_report r join signet_policy_day p on p.id = r.policy_day ";

    static ReportState of(Sql.Row row) throws SQLException {
        return new ReportState(row.number("policy_day"), row.day("utc_day"), row.text("domain"), row.text("state"),
                row.instant("send_at"), row.instant("give_up_at"), Math.toIntExact(row.number("attempts")), row.text("note"));
    }

    boolean isOpen() {
        return state.equals("open");
    }

    /** For people. */
    String line() {
        if (isOpen()) {
            return domain + ": " + (note.isEmpty() ? "to be sent at " : note + "; once more at ") + sendAt;
        }
        return domain + ": " + note;
    }
}
