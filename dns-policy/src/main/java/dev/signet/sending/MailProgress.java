// SPDX-License-Identifier: Apache-2.0
package dev.signet.sending;

import dev.signet.store.Database;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What mails with reports say of themselves on their way, by their {@link OutgoingMail#tag}. Safe for many threads. */
public final class MailProgress {

    private record Tag(String id, int copy) {

        static Optional<Tag> of(String text) {
            String[] words = text.split(" ", -1);
            try {
                return words.length == 2 ? Optional.of(new Tag(words[0], Integer.parseInt(words[1]))) : Optional.empty();
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
    }

    private final Database database;
    private final Duration suppression;
    private final InstantSource clock;

    /** @param suppression how long an address that sent a mail back gets none */
    public MailProgress(Database database, Duration suppression, InstantSource clock) {
        this.database = database;
        this.suppression = suppression;
        this.clock = clock;
    }

    /**
     * A mail is about to leave. Of several copies of a mail the first one that gets here leaves, as often as it comes, and no other
     * one ever does. One that nothing is known of any more, since the database is another or has forgotten it, leaves as well.
     *
     * @return whether it may leave
     */
    public boolean departs(String tag) throws SQLException {
        Optional<Tag> mail = Tag.of(tag);
        return mail.isEmpty() || Sql.in(database, sql -> departs(sql, mail.get()));
    }

    private static boolean departs(Sql sql, Tag mail) throws SQLException {
        int first = sql.update("update signet_outgoing_mail set departed_copy = ?,"
                + " state = case when state in ('claimed', 'queued') then 'departed' else state end"
                + " where mail_id = ? and (departed_copy is null or departed_copy = ?)", mail.copy(), mail.id(), mail.copy());
        return first == 1 || !sql.exists("select mail_id from signet_outgoing_mail where mail_id = ?", mail.id());
    }

    /** The server of its recipient has it. */
    public void delivered(String tag) throws SQLException {
        Optional<Tag> mail = Tag.of(tag);
        if (mail.isPresent()) {
            Sql.update(database, "update signet_outgoing_mail set state = 'delivered' where mail_id = ?", mail.get().id());
        }
    }

    /**
     * It could not be delivered, and no more attempts are made.
     *
     * @param permanent whether its recipient refused it, and gets no more for a while
     * @param reason for people
     */
    public void failed(String tag, boolean permanent, String reason) throws SQLException {
        Optional<Tag> mail = Tag.of(tag);
        if (mail.isPresent() && permanent) {
            suppress("mail_id", mail.get().id(), reason);
        } else if (mail.isPresent()) {
            Sql.update(database, "update signet_outgoing_mail set state = 'failed' where mail_id = ?", mail.get().id());
        }
    }

    /**
     * It came back.
     *
     * @param bounceToken from the address that it came back to
     * @return whether a mail of ours had this token
     */
    public boolean bounced(String bounceToken, String reason) throws SQLException {
        return suppress("bounce_token", bounceToken, reason);
    }

    private boolean suppress(String column, String value, String reason) throws SQLException {
        Instant until = clock.instant().plus(suppression);
        return Sql.in(database, sql -> {
            List<String> recipients = sql.query("select recipient from signet_outgoing_mail where " + column + " = ? for update",
                    row -> row.text("recipient"), value);
            if (recipients.isEmpty()) {
                return false;
            }
            sql.update("update signet_outgoing_mail set state = 'failed' where " + column + " = ?", value);
            SuppressionList.add(sql, recipients.getFirst(), reason, until);
            return true;
        });
    }

    /** Local parts may differ by case and hardly ever do; whoever sent mail back is to get none in any case. */
    static String key(String address) {
        return address.toLowerCase(Locale.ROOT);
    }
}
