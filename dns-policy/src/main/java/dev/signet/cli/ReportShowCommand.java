// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import com.google.common.net.InetAddresses;
import dev.signet.dns.DomainName;
import dev.signet.dns.MessageDns;
import dev.signet.iprev.IpRev;
import dev.signet.iprev.IpRevResult;
import dev.signet.store.Database;
import dev.signet.store.ReceivedReports;
import dev.signet.store.SeenSender;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** {@code signet report show}: who sends as our domains. */
@Command(
        name = "show",
        description = {
            "Shows who sends mail as our domains, by the reports that others sent us: each source with its name, how many messages, and "
                    + "whether DKIM and SPF passed for an aligned domain.",
            "A name is shown only where it leads back to the address. Failure reports come last; their messages are in aggregate "
                    + "reports once more.",
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ReportShowCommand implements Callable<Integer> {

    private static final int MAX_NAMES = 500;
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Console console;
    private final InstantSource clock;

    @Spec
    private CommandSpec spec;

    @Option(names = "--domain", paramLabel = "DOMAIN", converter = DomainConverter.class,
            description = "This one and all below it; without it, all.")
    private @Nullable DomainName domain;

    @Option(names = "--days", paramLabel = "N", defaultValue = "7",
            description = "How far back, by the end of the reports; ${DEFAULT-VALUE} without it.")
    private int days;

    @ArgGroup
    private Format format = new Format();

    @Mixin
    private ReportDatabase database = new ReportDatabase();

    @ArgGroup
    private DnsSource source = new DnsSource();

    /** One of them at most. */
    private static final class Format {

        @Option(names = "--json", description = "Prints one JSON object a line.")
        private boolean json;

        @Option(names = "--csv", description = "Prints comma-separated values (RFC 4180) with a header.")
        private boolean csv;
    }

    ReportShowCommand(Console console, InstantSource clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public Integer call() throws Exception {
        if (days < 1 || days > 10_000) {
            throw Signet.wrong(spec, "--days", "found " + days + ", expected 1 to 10000");
        }
        List<SeenSender> senders;
        try (Database opened = database.open(spec)) {
            senders = new ReceivedReports(opened).senders(Optional.ofNullable(domain), clock.instant().minus(Duration.ofDays(days)));
        }
        SenderTable table = new SenderTable(senders, names(senders));
        List<String> lines = format.json ? table.json() : format.csv ? table.csv() : table.text();
        lines.forEach(console.out()::println);
        return Signet.OK;
    }

    /** The name of each address that has one, all asked at once; those who send most first, as far as the budget goes. */
    private Map<String, String> names(List<SeenSender> senders) {
        MessageDns dns = new MessageDns(source.dns(spec), 3 * MAX_NAMES, DEADLINE);
        Map<String, CompletableFuture<IpRevResult>> asked = new LinkedHashMap<>();
        senders.stream()
                .map(SeenSender::source)
                .filter(InetAddresses::isInetAddress)
                .distinct()
                .limit(MAX_NAMES)
                .forEach(address -> asked.put(address, IpRev.check(InetAddresses.forString(address), dns)));
        Map<String, String> names = new LinkedHashMap<>();
        asked.forEach((address, answer) -> {
            DomainName name = answer.join().name();
            if (name != null) {
                names.put(address, name.ascii());
            }
        });
        return names;
    }
}
