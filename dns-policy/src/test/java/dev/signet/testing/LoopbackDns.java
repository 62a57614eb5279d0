// SPDX-License-Identifier: Apache-2.0
package dev.signet.testing;

import com.google.common.net.InetAddresses;
import dev.signet.dns.DomainName;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A real name server on a free port of 127.0.0.1, over UDP and TCP, that misbehaves as told. Records may come and go while
 * it runs. Whatever it has no record of does not exist.
 *
 * <p>Each query has its own virtual thread: an answer that is delayed does not delay others.
 */
public final class LoopbackDns implements AutoCloseable {

    private static final int MAX_MESSAGE = 65_535;
    private static final int PLAIN_UDP_PAYLOAD = 512;
    private static final int RECEIVE_BUFFER = 4 * 1024 * 1024;
    private static final int BACKLOG = 200;
    private static final InetAddress LOOPBACK = InetAddresses.forString("127.0.0.1");

    private volatile DatagramSocket udp;
    private volatile ServerSocket tcp;
    private final int port;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final LoopbackZone zone = new LoopbackZone();
    private final Map<Name, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final Queue<String> queries = new ConcurrentLinkedQueue<>();
    private final Queue<String> tcpQueries = new ConcurrentLinkedQueue<>();
    private volatile Duration delay = Duration.ZERO;

    private LoopbackDns(DatagramSocket udp, ServerSocket tcp) throws IOException {
        this.port = tcp.getLocalPort();
        serve(udp, tcp);
    }

    private void serve(DatagramSocket nextUdp, ServerSocket nextTcp) throws IOException {
        nextUdp.setReceiveBufferSize(RECEIVE_BUFFER);
        udp = nextUdp;
        tcp = nextTcp;
        threads.execute(() -> serveUdp(nextUdp));
        threads.execute(() -> serveTcp(nextTcp));
    }

    /** Starts on a port that is free for UDP and TCP alike. */
    public static LoopbackDns start() {
        try {
            int port = FreePorts.next();
            return new LoopbackDns(new DatagramSocket(port, LOOPBACK), new ServerSocket(port, BACKLOG, LOOPBACK));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a TXT record, one char per octet, in strings of 255 octets. */
    public LoopbackDns txt(String name, String octets) {
        byte[] value = octets.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        int start = 0;
        do {
            int length = Math.min(255, value.length - start);
            data.write(length);
            data.write(value, start, length);
            start += length;
        } while (start < value.length);
        return add(name, Type.TXT, data.toByteArray());
    }

    /** Adds an A or AAAA record, whichever the address literal is. */
    public LoopbackDns address(String name, String literal) {
        byte[] octets = octetsOf(literal);
        return add(name, octets.length == 4 ? Type.A : Type.AAAA, octets);
    }

    public LoopbackDns mx(String name, int preference, String host) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.write(preference >> 8);
        data.write(preference);
        data.writeBytes(nameOf(host).toWireCanonical());
        return add(name, Type.MX, data.toByteArray());
    }

    /** Adds a PTR record at the reverse name of an address literal. */
    public LoopbackDns ptr(String literal, String name) {
        try {
            DomainName reverse = DomainName.reverseOf(InetAddress.getByAddress(octetsOf(literal)));
            return add(reverse.ascii(), Type.PTR, nameOf(name).toWireCanonical());
        } catch (IOException e) {
            throw new UncheckedIOException(literal, e);
        }
    }

    public LoopbackDns cname(String name, String target) {
        return add(name, Type.CNAME, nameOf(target).toWireCanonical());
    }

    /** Adds the records of a master file (RFC 1035 §5); names are full ones until the first {@code $ORIGIN}. */
    public LoopbackDns zone(String masterFile) {
        zone.addAll(masterFile);
        return this;
    }

    /** Removes all records at a name. */
    public LoopbackDns remove(String name) {
        zone.remove(nameOf(name));
        return this;
    }

    /** How long clients may keep what is added from now on, and that there is nothing; 60 s unless set. */
    public LoopbackDns ttl(Duration ttl) {
        zone.ttl(ttl.toSeconds());
        return this;
    }

    /** How long each reply takes. */
    public LoopbackDns delay(Duration time) {
        delay = time;
        return this;
    }

    /** Misbehaves about one name from now on. */
    public LoopbackDns behave(String name, Behaviour behaviour) {
        behaviours.put(nameOf(name), behaviour);
        return this;
    }

    /** Behaves about one name again. */
    public LoopbackDns behave(String name) {
        behaviours.remove(nameOf(name));
        return this;
    }

    /** Closes its port, as a server does whose process is gone: whoever asks is told that nobody is there. */
    public LoopbackDns die() {
        try {
            udp.close();
            tcp.close();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Is there again, on the same port and with the same records. */
    public LoopbackDns revive() {
        try {
            serve(new DatagramSocket(port, LOOPBACK), new ServerSocket(port, BACKLOG, LOOPBACK));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every query so far, as {@code "TXT example.com"}, in the order received. */
    public List<String> queries() {
        return List.copyOf(queries);
    }

    /** Those of {@link #queries} that came over TCP. */
    public List<String> tcpQueries() {
        return List.copyOf(tcpQueries);
    }

    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(LOOPBACK, port);
    }

    @Override
    public void close() {
        die();
        // Interrupting a virtual thread closes the socket it reads from.
        threads.shutdownNow();
    }

    private LoopbackDns add(String name, int type, byte[] data) {
        zone.add(nameOf(name), type, data);
        return this;
    }

    private static byte[] octetsOf(String literal) {
        try {
            byte[] octets = InetAddress.getByName(literal).getAddress();
            if (octets.length == 16 || !literal.contains(":")) {
                return octets;
            }
            // Java makes an IPv4 address of an IPv4-mapped one.
            byte[] mapped = new byte[16];
            mapped[10] = (byte) 0xFF;
            mapped[11] = (byte) 0xFF;
            System.arraycopy(octets, 0, mapped, 12, 4);
            return mapped;
        } catch (IOException e) {
            throw new UncheckedIOException(literal, e);
        }
    }

    private static Name nameOf(String text) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (String label : DomainName.of(text).labels()) {
            wire.write(label.length());
            wire.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        wire.write(0);
        try {
            return new Name(wire.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    private void serveUdp(DatagramSocket socket) {
        byte[] buffer = new byte[MAX_MESSAGE];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
            } catch (IOException e) {
                // Closed, or the notice that a client is gone already.
                continue;
            }
            byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
            InetSocketAddress client = (InetSocketAddress) packet.getSocketAddress();
            threads.execute(() -> answerUdp(query, client));
        }
    }

    private void answerUdp(byte[] octets, InetSocketAddress client) {
        try {
            Message query = received(octets, false);
            Optional<byte[]> reply = replyTo(query, false);
            if (reply.isPresent()) {
                udp.send(new DatagramPacket(reply.get(), reply.get().length, client));
            }
        } catch (IOException e) {
            // No query, or closed meanwhile: nothing to say, as on the real net.
            return;
        }
    }

    private void serveTcp(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                threads.execute(() -> serveConnection(connection));
            } catch (IOException e) {
                // Closed: the loop ends. Anything else concerns one connection only.
            }
        }
    }

    private void serveConnection(Socket connection) {
        try (connection) {
            DataInputStream in = new DataInputStream(connection.getInputStream());
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            ReentrantLock writing = new ReentrantLock();
            while (true) {
                byte[] octets = new byte[in.readUnsignedShort()];
                in.readFully(octets);
                Message query = received(octets, true);
                if (behaviourOf(query) == Behaviour.TRUNCATED_AND_TCP_CLOSES) {
                    return;
                }
                threads.execute(() -> answerTcp(query, out, writing));
            }
        } catch (IOException e) {
            // The client has closed the connection, or sent what is no query.
            return;
        }
    }

    private void answerTcp(Message query, DataOutputStream out, ReentrantLock writing) {
        try {
            Optional<byte[]> reply = replyTo(query, true);
            if (reply.isPresent()) {
                byte[] framed = new byte[reply.get().length + 2];
                framed[0] = (byte) (reply.get().length >> 8);
                framed[1] = (byte) reply.get().length;
                System.arraycopy(reply.get(), 0, framed, 2, reply.get().length);
                writing.lock();
                try {
                    out.write(framed);
                } finally {
                    writing.unlock();
                }
            }
        } catch (IOException e) {
            // Closed meanwhile.
            return;
        }
    }

    private Message received(byte[] octets, boolean overTcp) throws IOException {
        Message query = new Message(octets);
        if (query.getQuestion() == null) {
            throw new IOException("no question");
        }
        String asked = Type.string(query.getQuestion().getType()) + " "
                + query.getQuestion().getName().toString(true).toLowerCase(Locale.ROOT);
        queries.add(asked);
        if (overTcp) {
            tcpQueries.add(asked);
        }
        return query;
    }

    private @Nullable Behaviour behaviourOf(Message query) {
        return behaviours.get(query.getQuestion().getName());
    }

    /** Empty for silence. */
    private Optional<byte[]> replyTo(Message query, boolean overTcp) {
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            return Optional.empty();
        }
        Behaviour behaviour = behaviourOf(query);
        int udpLimit = query.getOPT() == null ? PLAIN_UDP_PAYLOAD : query.getOPT().getPayloadSize();
        int limit = overTcp ? MAX_MESSAGE : udpLimit;
        Message sound = zone.reply(query, behaviour == Behaviour.ONE_CNAME_A_REPLY);
        return behaviour == null
                ? Optional.of(sound.toWire(limit))
                : Misbehaviour.reply(behaviour, query, sound, overTcp, limit);
    }
}
