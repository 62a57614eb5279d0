// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.dns.Dns;
import dev.signet.dns.DnsjavaDns;
import dev.signet.dns.ZoneFileDns;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Whom to ask instead of the system's resolvers. */
final class DnsSource {

    // Two tries at a server fit into the ten seconds that one message has.
    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final int ATTEMPTS = 2;

    @Option(names = "--dns", paramLabel = "HOST:PORT", converter = NameServerConverter.class,
            description = "A name server to ask instead of the system's; may be repeated. IPv6 in brackets, the port is 53 if left out.")
    private @Nullable List<InetSocketAddress> servers;

    @Option(names = "--zone", paramLabel = "FILE",
            description = "A master file (RFC 1035) to look into instead of asking; what is not in it does not exist.")
    private @Nullable Path zone;

    Dns dns(CommandSpec command) {
        if (zone != null) {
            try {
                return ZoneFileDns.read(zone);
            } catch (IOException e) {
                throw Signet.wrong(command, "--zone", "found " + zone + " unusable (" + Trouble.of(e) + "), expected a master file");
            }
        }
        return servers == null ? DnsjavaDns.onDefaults() : DnsjavaDns.onServers(servers, TIMEOUT, ATTEMPTS);
    }
}
