// SPDX-License-Identifier: Apache-2.0
package dev.signet.smtp;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A mail client or server that talks to a server on this machine, and sends exactly the bytes it is given. */
public final class SmtpClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private Socket socket;
    private Wire wire;

    private SmtpClient(Socket socket) throws IOException {
        this.socket = socket;
        this.wire = new Wire(socket);
    }

    /**
     * Opens a connection and reads the greeting.
     *
     * @throws IOException if nobody listens, or somebody else than an SMTP server
     */
    public static SmtpClient connect(int port) throws IOException {
        SmtpClient client = open(port);
        client.expectGreeting();
        return client;
    }

    /**
     * As {@link #connect}, but tells the server which client it stands for, as a load balancer does.
     *
     * @param clientAddress an IPv4 or IPv6 address, as numbers
     */
    public static SmtpClient connectAs(int port, String clientAddress) throws IOException {
        SmtpClient client = open(port);
        boolean ipv6 = clientAddress.indexOf(':') >= 0;
        // The PROXY protocol's first version, a line of text before anything else.
        client.wire.writeLine(
                "PROXY " + (ipv6 ? "TCP6 " : "TCP4 ") + clientAddress + (ipv6 ? " ::1" : " 127.0.0.1") + " 40000 25");
        client.expectGreeting();
        return client;
    }

    private static SmtpClient open(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return new SmtpClient(socket);
    }

    private void expectGreeting() throws IOException {
        SmtpReply greeting = readReply();
        if (greeting.code() != 220) {
            throw new IOException("no SMTP greeting but: " + greeting);
        }
    }

    /** Sends one command and reads its reply. */
    public SmtpReply command(String line) throws IOException {
        wire.writeLine(line);
        return readReply();
    }

    /** Says EHLO. */
    public SmtpReply ehlo(String name) throws IOException {
        return command("EHLO " + name);
    }

    /** Goes over to TLS; any certificate will do. */
    public SmtpReply startTls() throws IOException {
        SmtpReply reply = command("STARTTLS");
        if (reply.isPositive()) {
            SSLSocket tls = (SSLSocket) trustingEverybody().getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
            tls.startHandshake();
            socket = tls;
            wire = new Wire(tls);
        }
        return reply;
    }

    /** Logs in (RFC 4616). */
    public SmtpReply authPlain(String user, String password) throws IOException {
        String secret = "\0" + user + "\0" + password;
        return command("AUTH PLAIN " + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Sends one mail.
     *
     * @param message its bytes, one char each
     * @return the last reply, or the first one that refused
     */
    public SmtpReply send(Envelope envelope, String message) throws IOException {
        List<String> commands = new ArrayList<>();
        commands.add("MAIL FROM:<" + envelope.sender() + ">");
        envelope.recipients().forEach(recipient -> commands.add("RCPT TO:<" + recipient + ">"));
        commands.add("DATA");
        for (String command : commands) {
            SmtpReply reply = command(command);
            if (!reply.isPositive()) {
                return reply;
            }
        }
        wire.writeMessage(message);
        return readReply();
    }

    /** Says QUIT and hangs up; a server that has gone already is no error. */
    @Override
    public void close() {
        try (Socket closing = socket) {
            if (!closing.isClosed()) {
                wire.writeLine("QUIT");
            }
        } catch (IOException alreadyGone) {
            // Nothing was promised after the last reply.
        }
    }

    private SmtpReply readReply() throws IOException {
        List<String> lines = new ArrayList<>();
        while (true) {
            String line = wire.readLine();
            if (line == null) {
                throw new IOException("server hung up" + (lines.isEmpty() ? "" : " after: " + lines));
            }
            if (line.length() < 3) {
                throw new IOException("not an SMTP reply: " + line);
            }
            lines.add(line.length() > 4 ? line.substring(4) : "");
            // RFC 5321 §4.2.1: a hyphen after the code says that more lines follow.
            if (line.length() == 3 || line.charAt(3) != '-') {
                return new SmtpReply(Integer.parseInt(line.substring(0, 3)), lines);
            }
        }
    }

    private static SSLContext trustingEverybody() {
        TrustManager everybody = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String authType) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String authType) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {everybody}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }
}
