// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import dev.signet.smtp.SmtpClient;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A James that runs as a process of its own until it is closed, or until this JVM ends. */
public final class JamesProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Duration FOLLOW = Duration.ofMillis(20);
    private static final int TAIL = 60;
    // Half the time to start; nobody runs it for hours.
    private static final List<String> QUICK_TO_START = List.of("-XX:TieredStopAtLevel=1");

    private final Process process;
    private final JamesInstall install;
    private final CompletableFuture<Boolean> started = new CompletableFuture<>();
    private final Deque<String> tail = new ArrayDeque<>();
    private final List<Consumer<String>> readers = new CopyOnWriteArrayList<>();
    private final Thread killer = new Thread(this::kill, "james-killer");
    private final Thread logFollower;

    private JamesProcess(JamesInstall install, Process process) {
        this.install = install;
        this.process = process;
        this.logFollower = Thread.ofVirtual().name("james-log").unstarted(this::followLog);
    }

    /**
     * Starts James and waits until it answers on all its ports.
     *
     * @param maxHeap as {@code -Xmx} wants it, such as {@code "256m"}
     * @throws IOException if it gives up or does not answer in time; the message ends with what it logged last
     */
    public static JamesProcess start(JamesInstall install, String maxHeap) throws IOException, InterruptedException {
        return start(install, maxHeap, Map.of());
    }

    /**
     * As {@link #start(JamesInstall, String)}.
     *
     * @param environment variables that it gets beside ours
     */
    public static JamesProcess start(JamesInstall install, String maxHeap, Map<String, String> environment)
            throws IOException, InterruptedException {
        return awaitStart(launch(install, withHeap(maxHeap), environment));
    }

    /**
     * Starts a James to be measured: its JVM compiles as well as it can, and has other options only where they are named here.
     *
     * @param jvmOptions such as {@code "-Xmx1g"}
     */
    public static JamesProcess startToMeasure(JamesInstall install, List<String> jvmOptions) throws IOException, InterruptedException {
        return awaitStart(launch(install, jvmOptions, Map.of()));
    }

    private static JamesProcess awaitStart(JamesProcess james) throws IOException, InterruptedException {
        try {
            if (!james.started.get(START.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("James did not start\n" + james.logTail());
            }
            james.checkPorts();
            return james;
        } catch (TimeoutException e) {
            james.close();
            throw new IOException("James is not up after " + START.toMinutes() + " minutes\n" + james.logTail(), e);
        } catch (ExecutionException e) {
            james.close();
            throw new IOException("cannot read what James logs", e);
        } catch (IOException e) {
            james.close();
            throw e;
        }
    }

    /**
     * Starts a James that is expected to give up by itself, and returns all that it logged.
     *
     * @throws IOException if it comes up after all
     */
    public static String startExpectingRefusal(JamesInstall install, String maxHeap) throws IOException, InterruptedException {
        try (JamesProcess james = launch(install, withHeap(maxHeap), Map.of())) {
            if (james.started.get(START.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("James started all the same");
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("James neither started nor gave up", e);
        }
        return Files.readString(install.log());
    }

    private static List<String> withHeap(String maxHeap) {
        List<String> options = new ArrayList<>(QUICK_TO_START);
        options.add("-Xmx" + maxHeap);
        return options;
    }

    private static JamesProcess launch(JamesInstall install, List<String> jvmOptions, Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.add("-Djava.awt.headless=true");
        command.add("-Dworking.directory=" + install.directory());
        command.add("-Dlogback.configurationFile=" + install.directory().resolve("conf/logback.xml"));
        command.add("-cp");
        command.add(String.join(File.pathSeparator, install.classPath()));
        command.add(install.mainClass());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(install.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(install.log().toFile());
        builder.environment().putAll(environment);
        JamesProcess james = new JamesProcess(install, builder.start());
        Runtime.getRuntime().addShutdownHook(james.killer);
        james.logFollower.start();
        return james;
    }

    /** Where it runs. */
    public JamesInstall install() {
        return install;
    }

    /** Has somebody read what it logs from now on, line by line. */
    public void read(Consumer<String> reader) {
        readers.add(reader);
    }

    /** What it logged last. */
    public String logTail() {
        synchronized (tail) {
            return "The end of " + install.log() + ":\n  " + String.join("\n  ", tail);
        }
    }

    /** The stacks of all threads, virtual ones too, as the JDK's {@code jcmd} writes them. */
    public String threads() throws IOException, InterruptedException {
        Path dump = install.directory().resolve("threads.txt");
        jcmd("Thread.dump_to_file", "-overwrite", dump.toString());
        return Files.readString(dump);
    }

    /** How many bytes of its heap are alive, after a whole collection. */
    public long liveHeap() throws IOException, InterruptedException {
        String histogram = jcmd("GC.class_histogram");
        String total = histogram.lines().filter(line -> line.startsWith("Total ")).findFirst()
                .orElseThrow(() -> new IOException("jcmd: " + histogram));
        return Long.parseLong(total.replaceFirst(".*\\s(\\d+)\\s*$", "$1"));
    }

    /** How long processors have worked for it so far. */
    public Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private String jcmd(String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        line.add(Long.toString(process.pid()));
        line.addAll(List.of(command));
        Process jcmd = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!jcmd.waitFor(60, TimeUnit.SECONDS) || jcmd.exitValue() != 0) {
            throw new IOException("jcmd: " + said);
        }
        return said;
    }

    /** Whether it is still there. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends James at once (SIGKILL): it keeps everything in memory, or is to find its mail again. */
    @Override
    public void close() {
        kill();
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
            logFollower.join(STOP);
        } catch (IllegalStateException alreadyShuttingDown) {
            // Then the hook does the same as we did.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Ends James as the system does when it is shut down.
     *
     * @return whether it ended by itself in time
     */
    public boolean stop() throws InterruptedException {
        process.destroy();
        boolean ended = process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS);
        close();
        return ended;
    }

    private void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void checkPorts() throws IOException, InterruptedException {
        Ports ports = install.ports();
        SmtpClient.connect(ports.mx()).close();
        SmtpClient.connectAs(ports.proxiedMx(), "192.0.2.1").close();
        SmtpClient.connect(ports.submission()).close();
        if (!new WebAdmin(ports.webAdmin()).answers()) {
            throw new IOException("WebAdmin does not answer\n" + logTail());
        }
    }

    /**
     * Follows the log until James has ended. James writes the file itself: of a pipe the JDK takes the rest away from its reader
     * at the moment the process ends.
     */
    private void followLog() {
        try (Reader log = Files.newBufferedReader(install.log())) {
            StringBuilder line = new StringBuilder();
            boolean ended = false;
            while (true) {
                int c = log.read();
                if (c == '\n') {
                    take(line.toString());
                    line.setLength(0);
                } else if (c >= 0) {
                    line.append((char) c);
                } else if (ended) {
                    take(line.toString());
                    break;
                } else {
                    ended = process.waitFor(FOLLOW.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (IOException e) {
            started.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        started.complete(false);
    }

    private void take(String line) {
        readers.forEach(reader -> reader.accept(line));
        synchronized (tail) {
            tail.addLast(line);
            if (tail.size() > TAIL) {
                tail.removeFirst();
            }
        }
        if (line.endsWith("JAMES server started")) {
            started.complete(true);
        }
    }
}
