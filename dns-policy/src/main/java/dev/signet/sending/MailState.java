// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Instant;

/**
 * A mail in the outbox.
 *
 * @param state claimed (about to be put into a queue), queued, departed (seen on its way out), delivered, or failed
 * @param copy the newest
 * @param departedCopy which of its copies was seen on its way out; none so far where there is none
 * @param nodeDead whether the node is silent whose queue has it
 */
record MailState(String state, int copy, @Nullable Integer departedCopy, boolean nodeDead, String bounceToken, Instant dated) {

    static MailState of(Sql.Row row) throws SQLException {
        return new MailState(row.text("state"), Math.toIntExact(row.number("copy_number")), row.integer("departed_copy"),
                row.number("node_dead") == 1, row.text("bounce_token"), row.instant("dated"));
    }

    /** Whether nobody can know that it will arrive: a node died with it, or before it could say that the queue had it. */
    boolean mayBeLost(boolean durableQueue) {
        return switch (state) {
            case "claimed" -> true;
            case "queued", "departed" -> !durableQueue && nodeDead;
            default -> false;
        };
    }
}
