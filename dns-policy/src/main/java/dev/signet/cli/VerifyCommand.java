// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.arc.TrustedSealers;
import dev.signet.dmarc.AuthorHandling;
import dev.signet.dmarc.DmarcChecker;
import dev.signet.dmarc.LocalPolicy;
import dev.signet.dmarc.Sampler;
import dev.signet.dmarc.SamplingKeyFile;
import dev.signet.file.UnusableFileException;
import dev.signet.inbound.Connection;
import dev.signet.inbound.ConnectionOptions;
import dev.signet.inbound.InboundCheck;
import dev.signet.inbound.InboundOptions;
import dev.signet.inbound.Verdict;
import dev.signet.senderid.SenderIdOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code signet verify}: what a mail server would find out about messages. */
@Command(
        name = "verify",
        description = "Checks messages as a receiving mail server does. A result of any kind is a result: exit status 0 means that "
                + "every message could be read, 1 that one could not.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class VerifyCommand implements Callable<Integer> {

    private final Console console;
    private final InstantSource clock;

    @Spec
    private CommandSpec spec;

    @ArgGroup
    private DnsSource source = new DnsSource();

    @Option(names = "--ip", paramLabel = "IP", converter = IpAddressConverter.class,
            description = "The address of the SMTP client that brought the messages.")
    private @Nullable InetAddress ip;

    @Option(names = "--helo", paramLabel = "NAME", description = "What that client called itself.")
    private @Nullable String helo;

    @Option(names = "--mail-from", paramLabel = "ADDR", description = "The envelope sender; <> for the null sender.")
    private @Nullable String mailFrom;

    @Option(names = "--sender-id", description = "Checks Sender ID (RFC 4406), too, which is historic.")
    private boolean senderId;

    @Mixin
    private DiscoverySource discovery = new DiscoverySource();

    @Option(names = "--sampling-key", paramLabel = "FILE",
            description = "The server's key by which messages are drawn for a policy with pct; without it the draw is not the server's.")
    private @Nullable Path samplingKey;

    @Option(names = "--ignore-pct", description = "Takes every message for one that the policy is asked for, as RFC 9989 has it.")
    private boolean ignorePercent;

    @Option(names = "--trusted-sealers", paramLabel = "FILE",
            description = "Whose ARC seals are believed where DMARC fails: a domain on each line, or *.domain for all below it.")
    private @Nullable Path trustedSealers;

    @Option(names = "--json", description = "Prints one JSON object a line for each file.")
    private boolean json;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The messages; - is standard input.")
    private List<String> files;

    VerifyCommand(Console console, InstantSource clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        InboundCheck check = new InboundCheck(source.dns(spec), options(), Thread::startVirtualThread, clock);
        Connection connection = new Connection(ip, helo, mailFrom == null ? null : withoutBrackets(mailFrom), null, null);
        VerdictPrinter printer = new VerdictPrinter(console.out());
        boolean allRead = true;
        for (String file : files) {
            try {
                Verdict verdict = verdict(check, connection, file);
                if (json) {
                    printer.printJson(file, verdict);
                } else {
                    printer.print(file, verdict);
                }
            } catch (IOException e) {
                console.err().println("signet verify: " + file + ": " + Trouble.of(e));
                allRead = false;
            }
        }
        return allRead ? Signet.OK : Signet.FAILED;
    }

    private Verdict verdict(InboundCheck check, Connection connection, String file) throws IOException {
        try (InputStream in = MessageFile.of(file, console).open()) {
            return check.check(connection, in);
        }
    }

    private InboundOptions options() {
        Sampler sampler = new Sampler(samplingKey(), !ignorePercent, 100);
        DmarcChecker dmarc = new DmarcChecker(discovery.discovery(spec), LocalPolicy.NONE, sampler, AuthorHandling.STRICTEST);
        InboundOptions options = InboundOptions.DEFAULT.withDmarc(Optional.of(dmarc)).withTrustedSealers(trustedSealers());
        return senderId ? options.withConnection(ConnectionOptions.DEFAULT.withSenderId(SenderIdOptions.DEFAULT)) : options;
    }

    private TrustedSealers trustedSealers() {
        if (trustedSealers == null) {
            return TrustedSealers.NONE;
        }
        try {
            return TrustedSealers.read(trustedSealers);
        } catch (UnusableFileException e) {
            throw Signet.wrong(spec, "--trusted-sealers", String.valueOf(e.getMessage()));
        }
    }

    private byte[] samplingKey() {
        if (samplingKey == null) {
            // Nobody's key: the lots are the same in each run, and not those of any server.
            return new byte[Sampler.MIN_KEY];
        }
        try {
            return new SamplingKeyFile(samplingKey).read();
        } catch (IOException e) {
            throw Signet.wrong(
                    spec, "--sampling-key", "found " + samplingKey + " unusable (" + Trouble.of(e) + "), expected a sampling key");
        }
    }

    static String withoutBrackets(String address) {
        return address.startsWith("<") && address.endsWith(">") ? address.substring(1, address.length() - 1) : address;
    }
}
