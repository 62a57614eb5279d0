// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.smtp.Envelope;
import dev.signet.smtp.SmtpClient;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Mail of many clients to one user, for as long as something goes wrong: each client sends message after message on its connection, no
 * faster than James delivers them. What the server said of each is remembered, and what it accepted is counted in the mailbox.
 */
final class Load implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int BACKLOG = 100;
    private static final Pattern ID = Pattern.compile("^Message-ID: <(\\d+)@load\\.example>", Pattern.MULTILINE);

    private final Ports ports;
    private final WebAdmin admin;
    private final Account user;
    private final IntFunction<String> messages;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<CompletableFuture<Void>> clients;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLong slowest = new AtomicLong();
    private final Map<Integer, Integer> replies = new ConcurrentHashMap<>();
    private volatile boolean enough;
    private volatile boolean over;

    private Load(Ports ports, Account user, int clients, IntFunction<String> messages) {
        this.ports = ports;
        this.admin = new WebAdmin(ports.webAdmin());
        this.user = user;
        this.messages = messages;
        this.clients = Stream.concat(
                        Stream.of(CompletableFuture.runAsync(this::watch, threads)),
                        Stream.generate(() -> CompletableFuture.runAsync(this::run, threads)).limit(clients))
                .toList();
    }

    /**
     * Begins.
     *
     * @param kind a word for this load, and its user, who gets no other mail
     * @param messages for each number a message that has the field of {@link #id} in it
     */
    static Load begin(Ports ports, String kind, int clients, IntFunction<String> messages) throws IOException, InterruptedException {
        Account user = new Account(kind + "@" + JamesInstall.DOMAIN, "secret");
        new WebAdmin(ports.webAdmin()).addUser(user);
        return new Load(ports, user, clients, messages);
    }

    /** The field by which a message is found again. */
    static String id(int number) {
        return "Message-ID: <" + number + "@load.example>\r\n";
    }

    /** James accepts far more than its mailboxes in memory can take. */
    private void watch() {
        try {
            while (!over) {
                enough = admin.queued("spool") > BACKLOG;
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (SmtpClient smtp = SmtpClient.connectAs(ports.proxiedMx(), "192.0.2.25")) {
            smtp.ehlo("mail.load.example");
            while (!over) {
                if (enough) {
                    LockSupport.parkNanos(PAUSE.toNanos());
                    continue;
                }
                int number = next.getAndIncrement();
                String message = messages.apply(number);
                long begin = System.nanoTime();
                replies.put(number, smtp.send(new Envelope("a@load.example", user.address()), message).code());
                slowest.accumulateAndGet(System.nanoTime() - begin, Math::max);
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** Waits until so many messages that were not begun before this call have their replies. */
    void await(int count) {
        int first = next.get();
        while (replies.keySet().stream().filter(number -> number >= first).count() < count) {
            clients.stream().filter(CompletableFuture::isDone).forEach(CompletableFuture::join);
            // The time limit of the test ends this.
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** Waits for the last replies. */
    void end() {
        over = true;
        clients.forEach(CompletableFuture::join);
    }

    /** How many messages got this reply. */
    long replies(int code) {
        return replies.values().stream().filter(reply -> reply == code).count();
    }

    /** How many messages there were. */
    long messages() {
        return replies.size();
    }

    Duration slowest() {
        return Duration.ofNanos(slowest.get());
    }

    /**
     * The messages of this load in the mailbox, once James has done with all: each that it accepted, once, and no other; each with one
     * Authentication-Results field, which is ours.
     */
    List<String> delivered() throws IOException, InterruptedException {
        List<Integer> accepted = replies.entrySet().stream().filter(reply -> reply.getValue() == 250).map(Map.Entry::getKey).toList();
        while (admin.queued("spool") > 0) {
            // The time limit of the test ends this.
            LockSupport.parkNanos(50_000_000);
        }
        try (ImapMailbox inbox = ImapMailbox.open(ports.imap(), user, "INBOX")) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (inbox.messages().size() < accepted.size() && System.nanoTime() < end) {
                LockSupport.parkNanos(50_000_000);
            }
            List<String> mails = inbox.messages();
            assertThat(mails).extracting(Load::number).as("accepted and delivered").containsExactlyInAnyOrderElementsOf(accepted);
            mails.forEach(mail -> Post.results(mail, "dmarc"));
            return mails;
        }
    }

    private static int number(String mail) {
        Matcher id = ID.matcher(mail);
        return id.find() ? Integer.parseInt(id.group(1)) : -1;
    }

    @Override
    public void close() {
        over = true;
        threads.close();
    }
}
