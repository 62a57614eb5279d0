// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signet.dns.Dns;
import dev.signet.dns.MessageDns;
import dev.signet.inbound.InboundOptions;
import dev.signet.spf.SpfChecker;
import dev.signet.spf.SpfIdentity;
import dev.signet.spf.SpfOptions;
import dev.signet.spf.SpfRequest;
import dev.signet.spf.SpfResult;
import dev.signet.spf.SpfStep;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** {@code signet spf}: whether a client may use a domain. */
@Command(
        name = "spf",
        description = "Says whether a client may use the domain of an envelope sender, or of its HELO name where the sender is null or "
                + "not given (RFC 7208). Exit status 0 means that there is a result, whatever it is.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class SpfCommand implements Callable<Integer> {

    // Checks of a batch that are under way at once; their results are printed in the order of the file.
    private static final int WINDOW = 64;

    private final Console console;
    private final SpfChecker checker;

    @Spec
    private CommandSpec spec;

    @ArgGroup
    private DnsSource source = new DnsSource();

    @ArgGroup(multiplicity = "1")
    private Clients clients;

    /** One client, or a file of them. */
    private static final class Clients {

        @Option(names = "--ip", required = true, paramLabel = "IP", converter = IpAddressConverter.class,
                description = "The address of the SMTP client.")
        private @Nullable InetAddress ip;

        @Option(names = "--batch", required = true, paramLabel = "FILE",
                description = "Lines of ip, helo and mail-from with tabs between them, - for standard input: one JSON line for each, in order.")
        private @Nullable String batch;
    }

    @Option(names = "--helo", paramLabel = "NAME", defaultValue = "", description = "What the client calls itself.")
    private String helo;

    @Option(names = "--mail-from", paramLabel = "ADDR", defaultValue = "", description = "The envelope sender; <> for the null sender.")
    private String mailFrom;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Option(names = "--explain", description = "Prints how the result came about, with the lookups counted.")
    private boolean explain;

    SpfCommand(Console console, InstantSource clock) {
        this.console = console;
        SpfOptions defaults = SpfOptions.DEFAULT;
        SpfOptions options = new SpfOptions(defaults.maxVoidLookups(), defaults.earlyQueries(), true, defaults.receiver());
        this.checker = new SpfChecker(options, Thread::startVirtualThread, clock);
    }

    @Override
    public Integer call() throws IOException {
        Dns dns = source.dns(spec);
        if (clients.batch != null) {
            return batch(clients.batch, dns);
        }
        print(check(new SpfRequest(clients.ip, helo, VerifyCommand.withoutBrackets(mailFrom)), dns).join());
        return Signet.OK;
    }

    private CompletableFuture<SpfResult> check(SpfRequest request, Dns dns) {
        MessageDns messageDns = new MessageDns(dns, InboundOptions.DEFAULT.maxQueries(), InboundOptions.DEFAULT.deadline());
        return checker.check(request, SpfIdentity.MAIL_FROM, messageDns);
    }

    private int batch(String file, Dns dns) throws IOException {
        Deque<CompletableFuture<ObjectNode>> underWay = new ArrayDeque<>();
        boolean allRead = true;
        try (BufferedReader lines = file.equals("-")
                ? new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8))
                : Files.newBufferedReader(Path.of(file))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (underWay.size() == WINDOW) {
                    console.out().println(underWay.remove().join());
                }
                String[] columns = line.split("\t", -1);
                InetAddress ip = columns.length == 3 ? address(columns[0]) : null;
                allRead &= ip != null;
                underWay.add(ip == null
                        ? CompletableFuture.completedFuture(unreadable(line))
                        : check(new SpfRequest(ip, columns[1], VerifyCommand.withoutBrackets(columns[2])), dns).thenApply(SpfCommand::json));
            }
        }
        underWay.forEach(result -> console.out().println(result.join()));
        return allRead ? Signet.OK : Signet.FAILED;
    }

    private static @Nullable InetAddress address(String text) {
        try {
            return new IpAddressConverter().convert(text);
        } catch (RuntimeException e) {
            return null;
        }
    }

    private static ObjectNode unreadable(String line) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("error", "found \"" + line + "\", expected ip, helo and mail-from with tabs between them");
    }

    private void print(SpfResult result) {
        if (json) {
            console.out().println(json(result));
        } else {
            console.out().println(result.state().word() + ": " + result.reason());
            result.domainsWords().ifPresent(console.out()::println);
        }
        if (explain) {
            print(result.trace(), "");
        }
    }

    private void print(SpfStep step, String indent) {
        console.out().println(indent + step.what() + ": " + step.outcome() + " (lookups so far: " + step.lookups() + ")");
        step.steps().forEach(inner -> print(inner, indent + "  "));
    }

    private static ObjectNode json(SpfResult result) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("result", result.state().word());
        json.put("domain", result.domain() == null ? null : result.domain().ascii());
        json.put("mechanism", result.mechanism());
        json.put("lookups", result.lookups());
        json.put("explanation", result.explanation());
        json.put("reason", result.reason());
        return json;
    }
}
