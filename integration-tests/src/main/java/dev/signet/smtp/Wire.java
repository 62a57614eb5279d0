// SPDX-License-Identifier: Apache-2.0
package dev.signet.smtp;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Lines and DATA of one socket: CRLF ends a line and nothing else does, one char is one byte. */
final class Wire {

    private final InputStream in;
    private final OutputStream out;

    Wire(Socket socket) throws IOException {
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream());
    }

    /** The next line without its CRLF; null at the end of the stream. */
    @Nullable String readLine() throws IOException {
        byte[] line = readLineBytes();
        return line == null ? null : new String(line, 0, line.length - 2, StandardCharsets.ISO_8859_1);
    }

    void writeLine(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /**
     * Sends a message and the final dot (RFC 5321 §4.5.2). A message that does not end with CRLF gets one: SMTP's DATA has no
     * way to leave it out.
     */
    void writeMessage(String message) throws IOException {
        byte[] octets = message.getBytes(StandardCharsets.ISO_8859_1);
        boolean lineStart = true;
        for (int i = 0; i < octets.length; i++) {
            if (lineStart && octets[i] == '.') {
                out.write('.');
            }
            out.write(octets[i]);
            lineStart = octets[i] == '\n' && i > 0 && octets[i - 1] == '\r';
        }
        out.write((lineStart ? ".\r\n" : "\r\n.\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** Reads up to the line with the final dot, which is not part of the message. */
    String readMessage() throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        while (true) {
            byte[] line = readLineBytes();
            if (line == null) {
                throw new IOException("connection closed within DATA");
            }
            boolean stuffed = line[0] == '.';
            if (stuffed && line.length == 3) {
                return message.toString(StandardCharsets.ISO_8859_1);
            }
            message.write(line, stuffed ? 1 : 0, line.length - (stuffed ? 1 : 0));
        }
    }

    private byte @Nullable [] readLineBytes() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        int previous = -1;
        while (true) {
            int octet = in.read();
            if (octet < 0) {
                return null;
            }
            line.write(octet);
            if (octet == '\n' && previous == '\r') {
                return line.toByteArray();
            }
            previous = octet;
        }
    }
}
