// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import dev.signet.james.DropIn;
import dev.signet.james.JamesInstall;
import dev.signet.james.JamesProcess;
import dev.signet.james.Ports;
import dev.signet.smtp.SmtpSink;
import dev.signet.testing.LoopbackDns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A real James of one variant, with some users, the outside world of its own, and what it does under load. */
final class MeasuredJames implements AutoCloseable {

    /** So many are always there that James never waits for the senders, and so few that its queue stays short. */
    static final int SMALL_BACKLOG = 200;

    private static final String DELIVERED = "SimpleMailStore - Local delivered mail";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final JamesVariant variant;
    private final JamesStorage storage;
    private final SmtpSink outside;
    private final JamesProcess james;
    private final Mailboxes mailboxes;
    private final AtomicInteger inMailboxes = new AtomicInteger();
    private long sent;

    private MeasuredJames(JamesVariant variant, JamesStorage storage, SmtpSink outside, JamesProcess james) throws Exception {
        this.variant = variant;
        this.storage = storage;
        this.outside = outside;
        this.james = james;
        this.mailboxes = Mailboxes.open(james.install().ports());
        james.read(line -> inMailboxes.addAndGet(line.contains(DELIVERED) ? 1 : 0));
    }

    /**
     * What became of one load.
     *
     * @param accepted replies 250 after DATA, a second
     * @param delivered messages in mailboxes, or at the server outside, a second
     * @param processorMillis what James has worked for each message, all its threads together
     */
    record Round(double accepted, double delivered, double processorMillis) {}

    static MeasuredJames start(JamesVariant variant, JamesStorage storage, LoopbackDns dns) throws Exception {
        SmtpSink outside = SmtpSink.start();
        JamesInstall install = JamesInstall.layOut(
                Path.of("target", "james", storage.name().toLowerCase(Locale.ROOT), variant.name().toLowerCase(Locale.ROOT)),
                Path.of(System.getProperty("james38.lib")),
                new DropIn(Path.of(System.getProperty("dropin38"))),
                Ports.free(),
                outside.port());
        install.set(Map.of("authserv-id", JamesInstall.DOMAIN, "dns.servers", "127.0.0.1:" + dns.socketAddress().getPort()));
        variant.change(install);
        return new MeasuredJames(variant, storage, outside, JamesProcess.startToMeasure(storage.of(install), jvm(variant)));
    }

    // As a server's, not as the tests': C2, G1 and a heap of one size. So large because James's in-memory server keeps 10 KB of each
    // message: else marking what is alive becomes the most of its work. A list's mail leaves. And more threads for what
    // waits for a disk than the 20 that two processors get: with those, a James with mailboxes in a database once stood still.
    private static List<String> jvm(JamesVariant variant) {
        String heap = variant.isList() ? "1g" : "4g";
        return List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+UseG1GC", "-Dreactor.schedulers.defaultBoundedElasticSize=200");
    }

    JamesVariant variant() {
        return variant;
    }

    JamesInstall install() {
        return james.install();
    }

    /** How many messages it has had. */
    long sent() {
        return sent;
    }

    /** In bytes; all garbage is gone afterwards. */
    long liveHeap() throws IOException, InterruptedException {
        return james.liveHeap();
    }

    /**
     * Sends all of this, waits until it is where it belongs, and removes it there.
     *
     * @param backlog how many messages James may have accepted and not delivered: what comes faster than it goes fills the queue, and
     *     what a server accepts while it has room there it cannot accept for long
     */
    Round load(int clients, List<LoadMail> mail, int backlog) throws Exception {
        Duration before = james.processorTime();
        List<LoadClient> connections = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            for (int i = 0; i < clients; i++) {
                connections.add(LoadClient.connect(install().ports().proxiedMx(), i));
            }
            AtomicInteger next = new AtomicInteger();
            long start = System.nanoTime();
            List<Callable<Void>> tasks = connections.stream().<Callable<Void>>map(client -> () -> sendAll(client, mail, next, backlog)).toList();
            for (Future<Void> task : threads.invokeAll(tasks)) {
                task.get();
            }
            double accepted = (System.nanoTime() - start) / 1e9;
            sent += mail.size();
            awaitDelivery(mail.size());
            double delivered = (System.nanoTime() - start) / 1e9;
            Duration worked = james.processorTime().minus(before);
            forget();
            return new Round(mail.size() / accepted, mail.size() / delivered, worked.toNanos() / 1e6 / mail.size());
        } finally {
            for (LoadClient connection : connections) {
                connection.close();
            }
        }
    }

    private Void sendAll(LoadClient client, List<LoadMail> mail, AtomicInteger next, int backlog) throws IOException {
        for (int i = next.getAndIncrement(); i < mail.size(); i = next.getAndIncrement()) {
            awaitDelivery(i - backlog);
            client.send(mail.get(i), recipient(i));
        }
        return null;
    }

    private String recipient(int message) {
        return variant.isList() ? JamesVariant.LIST : mailboxes.recipient(message);
    }

    private int delivered() {
        return variant.isList() ? outside.count() : inMailboxes.get();
    }

    private void awaitDelivery(int count) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (delivered() < count) {
            if (System.nanoTime() - deadline >= 0) {
                throw new IOException(variant + ": not delivered in time\n" + james.logTail());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private void forget() throws Exception {
        outside.forget();
        inMailboxes.set(0);
        if (!variant.isList() && storage.slowsDownWithMail()) {
            mailboxes.empty();
        }
    }

    /** That it does what is to be measured: one message passes DMARC and is said to, or nothing is said without Signet. */
    void check(LoadMail mail) throws Exception {
        try (LoadClient client = LoadClient.connect(install().ports().proxiedMx(), 0)) {
            client.send(mail, recipient(0));
        }
        sent++;
        awaitDelivery(1);
        String message = variant.isList() ? outside.received().getFirst().message() : mailboxes.first();
        String results = variant.isList() ? "ARC-Authentication-Results: " : "Authentication-Results: ";
        int field = message.indexOf("\r\n" + results) + 1;
        boolean passed = message.indexOf("dmarc=pass", field) > 0 && (field > 0 || message.startsWith(results));
        if (passed != variant.hasSignet()) {
            throw new IllegalStateException(variant + " made this of a message:\n" + message.substring(0, 3000));
        }
        String log = Files.readString(install().directory().resolve("james.log"));
        if (log.contains("RSA by AmazonCorrettoCryptoProvider") != (variant == JamesVariant.NATIVE_PROVIDER)) {
            throw new IllegalStateException(variant + " has RSA computed by another provider than it should");
        }
        forget();
    }

    @Override
    public void close() throws IOException {
        james.close();
        outside.close();
    }
}
