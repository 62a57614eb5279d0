// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.dmarc.DmarcDiscovery;
import dev.signet.dmarc.PolicyDiscovery;
import dev.signet.dns.Dns;
import dev.signet.dns.DomainName;
import dev.signet.dns.MessageDns;
import dev.signet.inbound.InboundOptions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code signet dmarc}: the policy for mail of a domain, and the way to it. */
@Command(
        name = "dmarc",
        description = "Shows which DMARC policy applies to mail from a domain (RFC 9989): every name that was asked, the record with "
                + "each tag explained, what is wrong with it, and what a subdomain would get. Exit status 0 means that there is an "
                + "answer, also that there is no policy or that the DNS did not say.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class DmarcCommand implements Callable<Integer> {

    // Stands for any name below the domain. What the answer says of names that exist does not depend on whether this one does.
    private static final String SUBDOMAIN = "any-subdomain";

    private final Console console;

    @Spec
    private CommandSpec spec;

    @ArgGroup
    private DnsSource source = new DnsSource();

    @Mixin
    private DiscoverySource discoverySource = new DiscoverySource();

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Parameters(paramLabel = "DOMAIN", converter = DomainConverter.class, description = "The domain behind the @ of From.")
    private DomainName domain;

    DmarcCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        DmarcDiscovery discovery = discoverySource.discovery(spec);
        Dns dns = new MessageDns(source.dns(spec), InboundOptions.DEFAULT.maxQueries(), InboundOptions.DEFAULT.deadline());
        PolicyDiscovery found = discovery.policyFor(domain, dns).join();
        Optional<PolicyDiscovery> below = domain.prefixedWith(SUBDOMAIN).map(name -> discovery.policyFor(name, dns).join());
        DiscoveryReport report = new DiscoveryReport(found, below);
        if (json) {
            console.out().println(report.toJson());
        } else {
            report.lines().forEach(console.out()::println);
        }
        return Signet.OK;
    }
}
