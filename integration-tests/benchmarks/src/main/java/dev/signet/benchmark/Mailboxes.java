// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.james.Account;
import dev.signet.james.ImapMailbox;
import dev.signet.james.JamesInstall;
import dev.signet.james.Ports;
import dev.signet.james.WebAdmin;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** The users of one James and what they have got. */
final class Mailboxes {

    // For each new message James's in-memory server looks through the whole mailbox (whose thread is it?) and through all mailboxes (where is
    // it?). With this number neither is most of what is measured.
    private static final List<Account> USERS =
            IntStream.range(0, 192).mapToObj(i -> new Account("user" + i + "@" + JamesInstall.DOMAIN, "secret")).toList();
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int ADMINS = 4;

    private final Ports ports;
    private final WebAdmin admin;

    private Mailboxes(Ports ports) {
        this.ports = ports;
        this.admin = new WebAdmin(ports.webAdmin());
    }

    /** Makes the users of a James, and of the list a user, too: James takes mail for others only where it would relay. */
    static Mailboxes open(Ports ports) throws Exception {
        Mailboxes mailboxes = new Mailboxes(ports);
        mailboxes.admin.addUser(new Account(JamesVariant.LIST, "secret"));
        forAll(user -> {
            mailboxes.admin.addUser(user);
            mailboxes.admin.addInbox(user);
            return null;
        });
        return mailboxes;
    }

    /** To whom a message goes. */
    String recipient(int message) {
        return USERS.get(message % USERS.size()).address();
    }

    /** The first message that {@code recipient(0)} has. */
    String first() throws Exception {
        try (ImapMailbox inbox = ImapMailbox.open(ports.imap(), USERS.getFirst(), "INBOX")) {
            return inbox.await(any -> true, PATIENCE);
        }
    }

    /** Removes all messages. */
    void empty() throws Exception {
        forAll(user -> {
            admin.removeMailboxes(user);
            admin.addInbox(user);
            return null;
        });
    }

    private interface Task {
        Void of(Account user) throws IOException, InterruptedException;
    }

    private static void forAll(Task task) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(ADMINS)) {
            for (Future<Void> done : threads.invokeAll(USERS.stream().<Callable<Void>>map(user -> () -> surely(task, user)).toList())) {
                done.get();
            }
        }
    }

    /** James closes connections that the client has just taken for its next request; each of these tasks may be done twice. */
    private static Void surely(Task task, Account user) throws IOException, InterruptedException {
        try {
            return task.of(user);
        } catch (IOException e) {
            return task.of(user);
        }
    }
}
