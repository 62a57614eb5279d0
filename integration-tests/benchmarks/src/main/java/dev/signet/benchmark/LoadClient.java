// SPDX-License-Identifier: Apache-2.0
package dev.signet.benchmark;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * One connection to James over which mail after mail goes. It costs as little as possible, for it takes its time from the processors that
 * James has: a command for the envelope and DATA in one packet (RFC 2920), the mail in another, and of the replies the codes alone.
 */
final class LoadClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;

    private LoadClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 1024);
    }

    /** @param port one that expects the PROXY protocol */
    static LoadClient connect(int port, int number) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        LoadClient client = new LoadClient(socket);
        client.write("PROXY TCP4 " + LoadMail.client(number) + " 127.0.0.1 40000 25\r\n");
        client.expect(220);
        client.write("EHLO " + LoadMail.helo(number) + "\r\n");
        client.expect(250);
        return client;
    }

    /** Returns when the server has taken the mail. */
    void send(LoadMail mail, String recipient) throws IOException {
        write("MAIL FROM:<" + mail.sender() + ">\r\nRCPT TO:<" + recipient + ">\r\nDATA\r\n");
        expect(250);
        expect(250);
        expect(354);
        socket.getOutputStream().write(mail.data());
        expect(250);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void write(String lines) throws IOException {
        socket.getOutputStream().write(lines.getBytes(StandardCharsets.US_ASCII));
    }

    private void expect(int wanted) throws IOException {
        while (true) {
            int code = 0;
            for (int i = 0; i < 3; i++) {
                code = 10 * code + in.read() - '0';
            }
            // RFC 5321 §4.2.1: a hyphen after the code says that more lines follow.
            boolean last = in.read() != '-';
            int octet = in.read();
            while (octet >= 0 && octet != '\n') {
                octet = in.read();
            }
            if (code != wanted || octet < 0) {
                throw new IOException("the server said " + code + " where " + wanted + " was expected, or hung up");
            }
            if (last) {
                return;
            }
        }
    }
}
