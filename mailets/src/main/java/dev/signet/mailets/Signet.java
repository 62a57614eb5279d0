// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import com.google.common.base.Suppliers;
import dev.signet.dns.Dns;
import dev.signet.dns.DnsjavaDns;
import dev.signet.inbound.InboundCheck;
import dev.signet.inbound.InboundOptions;
import dev.signet.report.FailureLimits;
import dev.signet.sending.MailProgress;
import dev.signet.sending.SuppressionList;
import dev.signet.srs.Srs;
import dev.signet.store.Database;
import dev.signet.store.ReceivedReports;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.mailet.MailetContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the hook and all mailets of one James share: the settings, the DNS with its cache, the check with its parsed keys, the
 * rewritten senders with their secrets.
 *
 * <p>James makes it by itself when the first of them asks for it, and makes it once. James loads every extension through one
 * injector and one class loader. Guice puts a class that no module binds into the topmost injector that has all that the
 * constructor asks for, here James's {@link FileSystem}, which is bound in the server's own: so the instance is the same for
 * all, also on 3.9, where each mailet gets a child injector. {@link SignetModule} says the same explicitly.
 */
@Singleton
public final class Signet {

    private static final Logger LOGGER = LoggerFactory.getLogger(Signet.class);

    private record Shared(
            Settings settings,
            Dns dns,
            InboundOptions options,
            InboundCheck check,
            Optional<Reporting> reporting,
            FailureLimits failureLimits) {}

    private final FileSystem fileSystem;
    private final InstantSource clock;
    private final RecentVerdicts recentVerdicts = new RecentVerdicts();
    private final Deque<AutoCloseable> open = new ConcurrentLinkedDeque<>();
    private final Supplier<Shared> shared;
    private final Supplier<Srs> srs;
    private final Supplier<List<String>> complaints;
    private final Supplier<ReceivedReports> receivedReports;

    /** Reads nothing yet: a mistake in the settings is for {@code init} to report. */
    @Inject
    public Signet(FileSystem fileSystem) {
        this(fileSystem, InstantSource.system(), () -> Settings.read(fileSystem), Signet::dns);
    }

    Signet(FileSystem fileSystem, InstantSource clock, Supplier<Settings> settings, Function<Settings, Dns> dns) {
        this.fileSystem = fileSystem;
        this.clock = clock;
        // Not in the constructor: when something throws within Guice 5 (James 3.8), Guice looks for the line numbers of our
        // classes, cannot read classes of Java 21, and what the administrator gets to see is that.
        this.shared = Suppliers.memoize(() -> {
            Settings read = settings.get();
            SecureRandom random = new SecureRandom();
            InboundOptions options = read.inbound()
                    .withTrustedSealers(read.sealers().read(fileSystem))
                    .withDmarc(read.dmarc().checker(fileSystem, random));
            Dns resolver = dns.apply(read);
            return new Shared(
                    read,
                    resolver,
                    options,
                    new InboundCheck(resolver, options, Thread::startVirtualThread, clock),
                    Reporting.start(read.reports(), read.sending(), fileSystem, clock, random).map(this::closing),
                    read.failures().limits());
        });
        this.receivedReports = Suppliers.memoize(() -> new ReceivedReports(
                reporting().map(Reporting::database).orElseGet(() -> closing(Database.open(settings().reports().database(fileSystem))))));
        this.srs = Suppliers.memoize(() -> settings().srs().srs(fileSystem, clock));
        this.complaints = Suppliers.memoize(() -> {
            List<String> found = MailetOrder.complaints(fileSystem);
            found.forEach(LOGGER::warn);
            return found;
        });
    }

    /** Has something closed when James is stopped, before what was opened earlier. */
    <T extends AutoCloseable> T closing(T thing) {
        open.addFirst(thing);
        return thing;
    }

    /** James calls it when it is stopped: what is recorded and not counted yet is counted. */
    @PreDestroy
    public void close() {
        for (AutoCloseable thing = open.pollFirst(); thing != null; thing = open.pollFirst()) {
            try {
                thing.close();
            } catch (Exception e) {
                LOGGER.error("A surprise at the end", e);
            }
        }
    }

    /** @throws ParameterException at the first call, and then at each, for a mistake in {@code conf/signet.properties} */
    Settings settings() {
        return shared.get().settings();
    }

    /** How {@link #check} checks, DMARC and all. */
    InboundOptions options() {
        return shared.get().options();
    }

    InboundCheck check() {
        return shared.get().check();
    }

    RecentVerdicts recentVerdicts() {
        return recentVerdicts;
    }

    /**
     * Who we are in Authentication-Results. The postmaster's domain is one that James serves and, unlike the name of the host, needs no
     * lookup. James knows its postmaster only after the mailets are made.
     */
    String authservId(MailetContext james) {
        return settings().authservId().orElseGet(() -> james.getPostmaster().getDomain().asString());
    }

    /** Without a budget or a deadline. */
    Dns dns() {
        return shared.get().dns();
    }

    /** What became of reports that are sent; empty where none are. */
    Optional<MailProgress> mailProgress() {
        SendingSettings sending = settings().sending();
        return reporting()
                .filter(reporting -> sending.on())
                .map(reporting -> new MailProgress(reporting.database(), sending.suppression(), clock));
    }

    /** Who gets no report for now; empty where nothing is recorded. */
    Optional<SuppressionList> suppressionList() {
        return reporting().map(reporting -> new SuppressionList(reporting.database(), settings().sending().suppression(), clock));
    }

    /** Empty where nothing is to be recorded. */
    Optional<Reporting> reporting() {
        return shared.get().reporting();
    }

    /** What has been sent counts for all servers and mailets. */
    FailureLimits failureLimits() {
        return shared.get().failureLimits();
    }

    /** @throws ParameterException where the settings have no secrets, or none that can be used */
    Srs srs() {
        return srs.get();
    }

    /** Warns, once, of mailets that change mail behind those that sign it; for the latter to call at their start. */
    List<String> warnOfLateChanges() {
        return complaints.get();
    }

    /** What others report about us. Nothing connects before the first use. */
    ReceivedReports receivedReports() {
        return receivedReports.get();
    }

    InstantSource clock() {
        return clock;
    }

    /**
     * Where James has a file.
     *
     * @param url as James's own configuration has it: {@code file://conf/key.pem}, {@code file:///etc/keys/key.pem}
     * @throws FileNotFoundException where James does not understand the URL; not for a file that is missing
     */
    Path file(String url) throws FileNotFoundException {
        return fileSystem.getFile(url).toPath();
    }

    private static Dns dns(Settings settings) {
        return settings.dnsServers().isEmpty()
                ? DnsjavaDns.onDefaults()
                : DnsjavaDns.onServers(settings.dnsServers(), settings.dnsTimeout(), settings.dnsAttempts());
    }
}
