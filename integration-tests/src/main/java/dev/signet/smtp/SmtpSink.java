// SPDX-License-Identifier: Apache-2.0
package dev.signet.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;

/** The outside world: an SMTP server on a free loopback port that takes any mail and keeps its bytes. */
public final class SmtpSink implements AutoCloseable {

    private final ServerSocket server;
    private final List<ReceivedMail> received = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> refusals = new ConcurrentLinkedQueue<>();
    private volatile Predicate<ReceivedMail> hangUp = mail -> false;
    private volatile Function<ReceivedMail, Optional<String>> refusal = mail -> Optional.empty();
    private int connections;

    private SmtpSink(ServerSocket server) {
        this.server = server;
    }

    /** Begins to listen. */
    public static SmtpSink start() throws IOException {
        SmtpSink sink = new SmtpSink(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().name("smtp-sink").start(sink::acceptAll);
        return sink;
    }

    /** Where it listens. */
    public int port() {
        return server.getLocalPort();
    }

    /** The next mail gets this reply after its DATA, such as {@code "451 4.3.0 later"}, and is not kept. */
    public void refuseNext(String reply) {
        refusals.add(reply);
    }

    /** From now on each such mail gets this reply after its DATA, and is not kept. */
    public void refuse(Predicate<ReceivedMail> unwanted, String reply) {
        refusal = mail -> unwanted.test(mail) ? Optional.of(reply) : Optional.empty();
    }

    /**
     * From now on asks about each mail at the end of its DATA, before the reply: where the answer is yes, the client gets none, and the
     * mail is not kept.
     */
    public void hangUpOn(Predicate<ReceivedMail> unwanted) {
        hangUp = unwanted;
    }

    /**
     * Waits for a mail.
     *
     * @throws TimeoutException if it does not come in time
     */
    public ReceivedMail await(Predicate<ReceivedMail> wanted, Duration patience) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (received) {
            while (true) {
                Optional<ReceivedMail> found = received.stream().filter(wanted).findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new TimeoutException("no such mail among " + received.size() + " within " + patience.toSeconds() + " s");
                }
                received.wait(left);
            }
        }
    }

    /**
     * Waits until nobody is connected: what a client that is dead had sent is read by then.
     *
     * @throws TimeoutException if somebody stays for longer
     */
    public void awaitIdle(Duration patience) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (received) {
            while (connections > 0) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new TimeoutException(connections + " connections after " + patience.toSeconds() + " s");
                }
                received.wait(left);
            }
        }
    }

    /** All that came so far, in the order it came. */
    public List<ReceivedMail> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    /** How many that are. */
    public int count() {
        synchronized (received) {
            return received.size();
        }
    }

    /** Begins anew, as if nothing had come. */
    public void forget() {
        synchronized (received) {
            received.clear();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket socket = server.accept();
                count(1);
                Thread.ofVirtual().name("smtp-sink-connection").start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // close() ends the loop.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Wire wire = new Wire(socket);
            wire.writeLine("220 sink.example ESMTP");
            String helo = "";
            String sender = "";
            List<String> recipients = new ArrayList<>();
            String line;
            while ((line = wire.readLine()) != null) {
                switch (verb(line)) {
                    case "EHLO", "HELO" -> {
                        helo = line.substring(4).strip();
                        wire.writeLine("250-sink.example");
                        wire.writeLine("250 8BITMIME");
                    }
                    case "MAIL" -> {
                        sender = path(line);
                        recipients.clear();
                        wire.writeLine("250 2.1.0 sender ok");
                    }
                    case "RCPT" -> {
                        recipients.add(path(line));
                        wire.writeLine("250 2.1.5 recipient ok");
                    }
                    case "DATA" -> {
                        wire.writeLine("354 go ahead");
                        ReceivedMail mail = new ReceivedMail(new Envelope(sender, recipients), helo, wire.readMessage());
                        if (hangUp.test(mail)) {
                            return;
                        }
                        wire.writeLine(take(mail));
                    }
                    case "RSET", "NOOP" -> wire.writeLine("250 2.0.0 ok");
                    case "QUIT" -> {
                        wire.writeLine("221 2.0.0 bye");
                        return;
                    }
                    default -> wire.writeLine("500 5.5.1 what?");
                }
            }
        } catch (IOException hungUp) {
            // A mail counts once its DATA is complete; what came before is the client's loss.
        } finally {
            count(-1);
        }
    }

    private void count(int more) {
        synchronized (received) {
            connections += more;
            received.notifyAll();
        }
    }

    private String take(ReceivedMail mail) {
        Optional<String> refused = Optional.ofNullable(refusals.poll()).or(() -> refusal.apply(mail));
        if (refused.isPresent()) {
            return refused.get();
        }
        synchronized (received) {
            received.add(mail);
            received.notifyAll();
        }
        return "250 2.0.0 taken";
    }

    private static String verb(String line) {
        return line.substring(0, Math.min(4, line.length())).toUpperCase(Locale.ROOT);
    }

    private static String path(String line) {
        int open = line.indexOf('<');
        int close = line.indexOf('>', open);
        return open < 0 || close < 0 ? "" : line.substring(open + 1, close);
    }
}
