// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * One folder of a user, read over IMAP (RFC 3501) as the literal bytes that James stored, one char each. Of IMAP only what that takes.
 */
public final class ImapMailbox implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    // A message that arrives while a mailbox is being selected is sometimes missing from that session for good, and one that
    // arrives as IDLE begins sometimes leaves that command without any answer. Hence a new SELECT each time.
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final String TAG = "a";

    private final int port;
    private final Account account;
    private final String folder;
    private final List<String> fetched = new ArrayList<>();
    private Socket socket;
    private InputStream in;
    private int exists;

    private ImapMailbox(int port, Account account, String folder) throws IOException {
        this.port = port;
        this.account = account;
        this.folder = folder;
        logIn();
    }

    /**
     * Logs in.
     *
     * @param folder such as {@code INBOX}; it may come to exist later
     */
    public static ImapMailbox open(int port, Account account, String folder) throws IOException {
        return new ImapMailbox(port, account, folder);
    }

    private void logIn() throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        in = new BufferedInputStream(socket.getInputStream());
        readLine();
        command("LOGIN \"" + account.address() + "\" \"" + account.password() + "\"");
    }

    /**
     * Waits for a message.
     *
     * @throws TimeoutException if it does not come in time
     */
    public String await(Predicate<String> wanted, Duration patience) throws IOException, TimeoutException {
        long deadline = System.nanoTime() + patience.toNanos();
        int seen = 0;
        while (true) {
            look();
            Optional<String> found = fetched.subList(seen, fetched.size()).stream().filter(wanted).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            seen = fetched.size();
            if (System.nanoTime() - deadline >= 0) {
                throw new TimeoutException("no such message among " + seen + " within " + patience.toSeconds() + " s");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** All that is there. */
    public List<String> messages() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        look();
        while (exists > fetched.size()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new IOException("of " + exists + " messages James lets only " + fetched.size() + " be fetched");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            look();
        }
        return List.copyOf(fetched);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void look() throws IOException {
        write(TAG + " SELECT " + folder);
        String selected = readResult();
        // RFC 3501 §6.3.1: NO, "no such mailbox". James makes a folder when the first message comes for it.
        if (!selected.startsWith(TAG + " NO")) {
            require("SELECT", selected);
            fetchNew();
        }
    }

    private void fetchNew() throws IOException {
        if (exists > fetched.size()) {
            write(TAG + " FETCH " + (fetched.size() + 1) + ":" + exists + " (BODY.PEEK[])");
            if (!readResult().startsWith(TAG + " OK")) {
                // Of a message that arrives just then James says that it exists, and yet refuses to fetch it. It remembers the
                // mailbox as it was when it was selected first, and does not always answer a CLOSE.
                socket.close();
                logIn();
            }
        }
    }

    private void command(String command) throws IOException {
        write(TAG + " " + command);
        require(command.substring(0, command.indexOf(' ')), readResult());
    }

    private static void require(String command, String result) throws IOException {
        if (!result.startsWith(TAG + " OK")) {
            throw new IOException(command + " refused: " + result);
        }
    }

    /** Reads up to the line that ends the command, and returns it. */
    private String readResult() throws IOException {
        String line = readLine();
        while (!line.startsWith(TAG + " ")) {
            readUntagged(line);
            line = readLine();
        }
        return line;
    }

    private void readUntagged(String line) throws IOException {
        if (line.endsWith(" EXISTS")) {
            exists = Integer.parseInt(line.substring(2, line.indexOf(' ', 2)));
        } else if (line.endsWith("}")) {
            int size = Integer.parseInt(line.substring(line.lastIndexOf('{') + 1, line.length() - 1));
            byte[] message = in.readNBytes(size);
            if (message.length < size) {
                throw new IOException("connection closed within a message");
            }
            fetched.add(new String(message, StandardCharsets.ISO_8859_1));
            readLine();
        }
    }

    private void write(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        int octet;
        while ((octet = in.read()) != '\n') {
            if (octet < 0) {
                throw new IOException("server hung up");
            }
            line.write(octet);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
