// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import com.google.common.net.HostAndPort;
import dev.signet.dkim.DkimOptions;
import dev.signet.dns.DomainName;
import dev.signet.dns.Network;
import dev.signet.inbound.ConnectionOptions;
import dev.signet.inbound.InboundOptions;
import dev.signet.inbound.Relays;
import dev.signet.message.MessageLimits;
import dev.signet.senderid.SenderIdOptions;
import dev.signet.spf.SpfOptions;
import org.apache.james.filesystem.api.FileSystem;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * What {@code conf/signet.properties} says. Every key may be left out, and so may the whole file.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><th>Key</th><th>Default</th><th>Meaning</th></tr>
 * <tr><td>{@code authserv-id}</td><td>the domain of James's postmaster</td>
 *     <td>who our Authentication-Results fields say they are from, a domain name (RFC 8601 §2.5)</td></tr>
 * <tr><td>{@code dns.servers}</td><td>James's own resolver and cache</td>
 *     <td>name servers as {@code host:port, host:port}, port 53 where none is given</td></tr>
 * <tr><td>{@code dns.timeout}</td><td>2 s</td>
 *     <td>for one attempt at one of {@code dns.servers}, 10 ms to 1 min</td></tr>
 * <tr><td>{@code dns.attempts}</td><td>2</td><td>at each of {@code dns.servers}, 1 to 10</td></tr>
 * <tr><td>{@code deadline}</td><td>10 s</td>
 *     <td>how long all DNS queries of one message may take together, 10 ms to 5 min</td></tr>
 * <tr><td>{@code max-dns-queries}</td><td>100</td>
 *     <td>for SPF of one message's sender, and as many for all else about its client, 1 to 10000</td></tr>
 * <tr><td>{@code header.max-bytes}</td><td>1048576</td><td>of one message, 1024 to 67108864; above, nothing is judged</td></tr>
 * <tr><td>{@code header.max-fields}</td><td>10000</td><td>of one message, 10 to 1000000; above, nothing is judged</td></tr>
 * <tr><td>{@code own-networks}</td><td>none</td>
 *     <td>own machines, of whose mail SPF and DMARC are not asked; addresses or networks with commas between them</td></tr>
 * <tr><td>{@code relays}</td><td>none</td>
 *     <td>own machines that take mail from outside and hand it on to us: behind them the client is the one that their Received
 *     field names; addresses or networks with commas between them, also of {@code own-networks}</td></tr>
 * <tr><td>{@code relay-depth}</td><td>none</td>
 *     <td>instead of {@code relays}, where their addresses change: how many Received fields below James's own they write, 1 to 10;
 *     the last of these names the client. Every client is then taken for a relay: only for a James that nobody else can connect
 *     to, and only where all mail comes through the same number of them</td></tr>
 * <tr><td>{@code spf.max-void-lookups}</td><td>2</td><td>terms of a record that may find nothing (RFC 7208 §4.6.4), 0 to 100</td></tr>
 * <tr><td>{@code spf.early-queries}</td><td>24</td>
 *     <td>queries of one check sent before evaluation gets to their term, 0 to 100; 0 asks one after the other</td></tr>
 * <tr><td>{@code spf.explanations}</td><td>false</td><td>whether the domain's own words for a fail are fetched</td></tr>
 * <tr><td>{@code sender-id}</td><td>false</td><td>whether Sender ID (RFC 4406), which is historic, is checked</td></tr>
 * <tr><td>{@code dkim.max-signatures}</td><td>10</td><td>checked in one message, 1 to 100</td></tr>
 * <tr><td>{@code dkim.min-rsa-bits}</td><td>1024</td><td>shorter keys are "policy", 1024 to 8192</td></tr>
 * <tr><td>{@code dkim.unsigned-tail}</td><td>policy</td>
 *     <td>what a signature is worth that leaves the end of the body unsigned ({@code l=}): pass, neutral or policy</td></tr>
 * <tr><td>{@code dkim.clock-skew}</td><td>5 min</td><td>by which a signature may be over its time, 0 s to 1 day</td></tr>
 * <tr><td>{@code trusted-sealers}</td><td>none</td>
 *     <td>mailing lists and forwarders whose ARC seals are believed: where the newest of a chain that passes are among them, mail that
 *     fails DMARC is let through if what the oldest of these found out passes for its author. Domains with commas between them,
 *     {@code *.list.example} for all below one, or files of them, such as {@code file://conf/trusted-sealers}: one on each line, a
 *     comment behind a {@code #}</td></tr>
 * <tr><td>{@code dmarc}</td><td>true</td><td>whether DMARC is evaluated</td></tr>
 * <tr><td>{@code dmarc.discovery}</td><td>tree-walk</td>
 *     <td>how policies are found: tree-walk (RFC 9989) or suffix-list (RFC 7489)</td></tr>
 * <tr><td>{@code dmarc.suffix-list}</td><td>Guava's</td>
 *     <td>for {@code dmarc.discovery = suffix-list}: a list in the format of publicsuffix.org, such as
 *     {@code file://conf/public_suffix_list.dat}</td></tr>
 * <tr><td>{@code dmarc.pct}</td><td>honour</td>
 *     <td>whether the tag pct of a record counts: honour (RFC 7489 §6.6.4), or ignore (RFC 9989, which knows it no more)</td></tr>
 * <tr><td>{@code dmarc.enforce}</td><td>100</td>
 *     <td>this server's own roll-out: the share of failing messages, 0 to 100 percent, that any policy is applied to</td></tr>
 * <tr><td>{@code dmarc.sampling-key}</td><td>{@code file://var/signet-sampling.key}</td>
 *     <td>the key of the lots that {@code dmarc.pct} and {@code dmarc.enforce} draw, made at the first start. Nodes that take mail for
 *     the same domains must have the same key: a message that one deferred would else meet another fate at the next</td></tr>
 * <tr><td>{@code dmarc.overrides}</td><td>none</td>
 *     <td>domains, each with what to do with its failing mail whatever its record says: {@code example.com reject,
 *     *.partner.example none}. Only for domains that have a record</td></tr>
 * <tr><td>{@code dmarc.trusted-networks}</td><td>none</td>
 *     <td>forwarders whose mail may fail; addresses or networks with commas between them</td></tr>
 * <tr><td>{@code dmarc.lists}</td><td>none</td>
 *     <td>mailing lists whose mail may fail: List-Id and the domain that SPF or DKIM must have proved, {@code talk.lists.example
 *     lists.example}, with commas between them</td></tr>
 * <tr><td>{@code dmarc.unclear-author}</td><td>strictest</td>
 *     <td>what is done with a message that has no author domain, several, or a From field that cannot be read: strictest policy of
 *     all domains in it, reject, or none</td></tr>
 * <tr><td>{@code srs.domain}</td><td>none</td>
 *     <td>the domain of the envelope senders that {@link RewriteSender} makes, one that James serves and whose SPF record names it</td></tr>
 * <tr><td>{@code srs.secrets}</td><td>none</td>
 *     <td>the file with the secrets of these senders, one on each line, of at least 16 characters: the first one makes new senders, those
 *     behind it are still accepted. Read again when it changes; the same on all nodes; a PostSRSd's will do</td></tr>
 * <tr><td>{@code srs.max-age}</td><td>21 days</td><td>how long these senders take bounces, 1 day to 1023 days</td></tr>
 * <tr><td>{@code srs.hash-length}</td><td>4</td>
 *     <td>characters by which forged ones are told, of five bits or more each, 4 to 27</td></tr>
 * <tr><td>{@code reports}</td><td>false</td>
 *     <td>whether what DMARC finds is recorded, for reports to the owners of domains</td></tr>
 * <tr><td>{@code reports.database}</td><td>{@code file://var/signet/reports}</td>
 *     <td>where it is counted: files beginning with this path, of a database that is built in, or for several nodes one PostgreSQL:
 *     {@code jdbc:postgresql://db.example.org/signet}</td></tr>
 * <tr><td>{@code reports.user}, {@code reports.password}</td><td>none</td><td>for a PostgreSQL</td></tr>
 * <tr><td>{@code reports.journal}</td><td>{@code file://var/signet/journal}</td>
 *     <td>the folder of what is not counted yet, each node's own: it grows while the database is down</td></tr>
 * <tr><td>{@code reports.retention}</td><td>30 days</td><td>how long it is kept, 5 days to 3650 days</td></tr>
 * <tr><td>{@code reports.except}</td><td>none</td>
 *     <td>domains of whose mail nothing is recorded: {@code example.com, *.example.net} with commas between them</td></tr>
 * <tr><td>{@code reports.send}</td><td>false</td>
 *     <td>whether aggregate reports (RFC 9990) are sent to owners of domains who ask for them, by {@link ReportSchedule}</td></tr>
 * <tr><td>{@code reports.email}</td><td>none</td>
 *     <td>who sends them, and whom their readers may ask: an address of a domain that {@link SignDkim} signs for, or they fail DMARC
 *     themselves</td></tr>
 * <tr><td>{@code reports.domain}</td><td>that of {@code reports.email}</td><td>who reports, in subjects and names of files</td></tr>
 * <tr><td>{@code reports.organization}</td><td>{@code reports.domain}</td><td>the same for people</td></tr>
 * <tr><td>{@code reports.contact}</td><td>none</td><td>where people find more, such as the address of a page</td></tr>
 * <tr><td>{@code reports.bounces}</td><td>{@code reports.email}</td>
 *     <td>the envelope sender; each mail adds {@code +} and a word to its local part. {@link TrackReports} reads what comes back</td></tr>
 * <tr><td>{@code reports.delay}</td><td>30 min</td>
 *     <td>from midnight in UTC to the first report about the day before, 0 s to 12 h: time for other nodes to record its end</td></tr>
 * <tr><td>{@code reports.window}</td><td>6 h</td><td>from then on, over which reports are spread, 0 s to 20 h</td></tr>
 * <tr><td>{@code reports.lease}</td><td>1 min</td>
 *     <td>how long a node may be silent before others take over its reports, 1 s to 1 h</td></tr>
 * <tr><td>{@code reports.queue}</td><td>durable</td>
 *     <td>whether mail that James's queue has accepted survives the end of this James: durable, or memory, where a report counts as sent
 *     only when {@link TrackReports} saw its delivery</td></tr>
 * <tr><td>{@code reports.min-messages}</td><td>1</td><td>about fewer in a day there is no report</td></tr>
 * <tr><td>{@code reports.skip}</td><td>none</td>
 *     <td>domains that no report is about and none is sent to: {@code example.com, *.example.net} with commas between them</td></tr>
 * <tr><td>{@code reports.skip-local}</td><td>false</td><td>whether there are no reports about domains that James serves</td></tr>
 * <tr><td>{@code reports.max-uris}</td><td>5</td><td>of one DMARC record that get a report, 1 to 100</td></tr>
 * <tr><td>{@code reports.max-per-host}</td><td>1000</td><td>mails about one day to addresses of one host</td></tr>
 * <tr><td>{@code reports.max-bytes}</td><td>5242880</td>
 *     <td>of one file, compressed, 131072 to 52428800; what has more is sent in several</td></tr>
 * <tr><td>{@code reports.format}</td><td>rfc9990</td><td>rfc9990, or rfc7489 for readers that know no other</td></tr>
 * <tr><td>{@code reports.suppression}</td><td>30 days</td>
 *     <td>how long an address that refused a report gets none, 1 day to 3650 days</td></tr>
 * <tr><td>{@code failure-reports}</td><td>false</td>
 *     <td>whether owners of domains who ask for it (ruf, fo) are told of single messages that failed (RFC 9991): domains, addresses
 *     of hosts and results, never the content, with tokens in place of local parts. Never about mail of machines, never to a
 *     domain that James serves, and not about or to those of {@code reports.except}, {@code reports.skip} and {@code
 *     reports.skip-local}. With {@code reports = true} who refuses one gets none for {@code reports.suppression}</td></tr>
 * <tr><td>{@code failure-reports.from}</td><td>none</td>
 *     <td>who sends them: an address of a domain that {@link SignDkim} signs for, or they fail DMARC themselves</td></tr>
 * <tr><td>{@code failure-reports.per-domain}</td><td>10</td>
 *     <td>an hour about one policy domain, and to one host, 1 to 10000; what is over it is counted in the next report about
 *     the same domain and source (Incidents)</td></tr>
 * <tr><td>{@code failure-reports.per-source}</td><td>3</td>
 *     <td>an hour about mail of one IPv4 address or one IPv6 network of 64 bits, 1 to 10000; counted likewise</td></tr>
 * </table>
 *
 * @param authservId A-labels
 * @param dnsServers empty for James's own
 * @param inbound all but trusted sealers and DMARC, which take files
 */
record Settings(
        Optional<String> authservId,
        List<InetSocketAddress> dnsServers,
        Duration dnsTimeout,
        int dnsAttempts,
        InboundOptions inbound,
        SealerSettings sealers,
        DmarcSettings dmarc,
        SrsSettings srs,
        ReportSettings reports,
        FailureSettings failures,
        SendingSettings sending) {

    static final String FILE = "conf/signet.properties";

    Settings {
        dnsServers = List.copyOf(dnsServers);
    }

    /** @throws ParameterException for a file that cannot be read or says what it must not */
    static Settings read(FileSystem fileSystem) {
        Properties properties = new Properties();
        try {
            File file = fileSystem.getFile("file://" + FILE);
            if (file.exists()) {
                try (Reader reader = Files.newBufferedReader(file.toPath(), StandardCharsets.UTF_8)) {
                    properties.load(reader);
                }
            }
        } catch (FileNotFoundException e) {
            // No such file: all defaults.
        } catch (IOException | IllegalArgumentException e) {
            throw new ParameterException(FILE, "cannot be read, " + e, e);
        }
        Map<String, String> values = properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
        return of(new Parameters(FILE, values));
    }

    static Settings of(Parameters from) {
        Settings settings = new Settings(
                from.read("authserv-id", "a domain name", DomainName::parse).map(DomainName::ascii),
                from.list("dns.servers").stream().map(text -> server(from, text)).toList(),
                from.duration("dns.timeout", Duration.ofMillis(10), Duration.ofMinutes(1)).orElse(Duration.ofSeconds(2)),
                from.number("dns.attempts", 2, 1, 10),
                inbound(from),
                SealerSettings.of(from),
                DmarcSettings.of(from),
                SrsSettings.of(from),
                ReportSettings.of(from),
                FailureSettings.of(from),
                SendingSettings.of(from));
        from.refuseOthers();
        return settings;
    }

    private static InboundOptions inbound(Parameters from) {
        InboundOptions defaults = InboundOptions.DEFAULT;
        return defaults
                .withLimits(limits(from, defaults.limits()))
                .withDkim(dkim(from, defaults.dkim()))
                .withConnection(connection(from, defaults.connection()))
                .withDeadline(from.duration("deadline", Duration.ofMillis(10), Duration.ofMinutes(5)).orElse(defaults.deadline()))
                .withMaxQueries(from.number("max-dns-queries", defaults.maxQueries(), 1, 10_000));
    }

    private static MessageLimits limits(Parameters from, MessageLimits defaults) {
        return new MessageLimits(
                from.number("header.max-bytes", defaults.maxHeaderBytes(), 1024, 64 << 20),
                from.number("header.max-fields", defaults.maxFields(), 10, 1_000_000));
    }

    private static ConnectionOptions connection(Parameters from, ConnectionOptions defaults) {
        SpfOptions spf = defaults.spf();
        return new ConnectionOptions(
                new SpfOptions(
                        from.number("spf.max-void-lookups", spf.maxVoidLookups(), 0, 100),
                        from.number("spf.early-queries", spf.earlyQueries(), 0, 100),
                        from.flag("spf.explanations", spf.explanations()),
                        spf.receiver()),
                from.flag("sender-id", defaults.senderId().isPresent()) ? Optional.of(SenderIdOptions.DEFAULT) : Optional.empty(),
                from.networks("own-networks"),
                relays(from));
    }

    private static Relays relays(Parameters from) {
        List<Network> known = from.networks("relays");
        int depth = from.number("relay-depth", 0, 1, 10);
        if (depth > 0 && !known.isEmpty()) {
            throw from.wrong("relay-depth", Integer.toString(depth), "one of relay-depth and relays, found both");
        }
        return depth > 0 ? new Relays.AtDepth(depth) : new Relays.InNetworks(known);
    }

    private static DkimOptions dkim(Parameters from, DkimOptions defaults) {
        return defaults
                .withMaxSignatures(from.number("dkim.max-signatures", defaults.maxSignatures(), 1, 100))
                .withMinRsaBits(from.number("dkim.min-rsa-bits", defaults.minRsaBits(), 1024, 8192))
                .withUnsignedTail(from.choice("dkim.unsigned-tail", defaults.unsignedTail()))
                .withClockSkew(from.duration("dkim.clock-skew", Duration.ZERO, Duration.ofDays(1)).orElse(defaults.clockSkew()));
    }

    private static InetSocketAddress server(Parameters from, String text) {
        String expected = "host:port, host:port, each host an address or a name that has one";
        try {
            HostAndPort server = HostAndPort.fromString(text).withDefaultPort(53);
            InetSocketAddress address = new InetSocketAddress(server.getHost(), server.getPort());
            if (!address.isUnresolved()) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            throw from.wrong("dns.servers", text, expected);
        }
        throw from.wrong("dns.servers", text, expected);
    }
}
