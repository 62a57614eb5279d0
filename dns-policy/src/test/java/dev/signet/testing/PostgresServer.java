// SPDX-License-Identifier: Apache-2.0
package dev.signet.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A real PostgreSQL on a free port of 127.0.0.1, in a folder of its own that goes with it. It may be
 * stopped and started again, on the same port and with the same data.
 */
public final class PostgresServer implements AutoCloseable {

    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final int TIMEOUT_SECONDS = 60;

    private final Path programs;
    private final Path folder;
    private final int port;
    private final AtomicInteger databases = new AtomicInteger();
    private final Thread atExit = new Thread(this::stop);

    private PostgresServer(Path programs, Path folder, int port) {
        this.programs = programs;
        this.folder = folder;
        this.port = port;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Skips the test, by name, where there is no PostgreSQL to be started. */
    public static PostgresServer start(String test) {
        Optional<Path> programs = programs();
        String missing = "SKIPPED " + test + ": there is no PostgreSQL server in " + VERSIONS + " (Debian's package postgresql)";
        if (programs.isEmpty()) {
            System.err.println(missing);
        }
        assumeTrue(programs.isPresent(), missing);
        try {
            Path folder = Files.createTempDirectory("signet-postgres");
            if (isRoot()) {
                run(folder, List.of("chown", "postgres", folder.toString()));
            }
            PostgresServer server = new PostgresServer(programs.get(), folder, FreePorts.next());
            server.pg("initdb", "-D", server.data(), "-U", "signet", "-A", "trust", "-E", "UTF8", "--no-sync");
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ready for connections when this returns. */
    public void start() {
        pg("pg_ctl", "-D", data(), "-l", folder.resolve("log").toString(), "-w", "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off", "start");
    }

    /** As a crash does it: connections break off. Does nothing where it is stopped. */
    public void stop() {
        if (Files.exists(folder.resolve("data/postmaster.pid"))) {
            pg("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
        }
    }

    /** The URL of a database with nothing in it. Its user needs no password. */
    public String newDatabase() {
        String name = "signet" + databases.incrementAndGet();
        pg("createdb", "-h", "127.0.0.1", "-p", Integer.toString(port), "-U", user(), name);
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + name;
    }

    public String user() {
        return "signet";
    }

    @Override
    public void close() {
        stop();
        Runtime.getRuntime().removeShutdownHook(atExit);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    /** PostgreSQL refuses to run as root; Debian's package brings a user. */
    private void pg(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        run(folder, command);
    }

    private static void run(Path folder, List<String> command) {
        try {
            Path output = Files.createTempFile("signet-postgres", ".output");
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            String said = Files.readString(output);
            Files.delete(output);
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException(command + (ended ? " failed: " : " takes too long: ") + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static Optional<Path> programs() {
        if (!Files.isDirectory(VERSIONS)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
